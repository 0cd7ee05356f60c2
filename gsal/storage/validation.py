"""The validation set: chosen, changed by hand, locked for good."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from gsal.errors import GsalError, LockedError, NotFoundError
from gsal.records import ValidationMember, ValidationSet
from gsal.storage.database import Database, now
from gsal.storage.images import patients
from gsal.storage.schema import ValidationMemberRow, ValidationSetRow

__all__ = ["Validation"]

_ONLY = 1


class Validation:
    """Repository of the project's one validation set."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self) -> ValidationSet | None:
        """Return the set; None before it was chosen."""
        with self._database.read() as session:
            row = session.get(ValidationSetRow, _ONLY)
            if row is None:
                return None
            return ValidationSet(row.n_wanted, row.seed, row.created, row.locked, row.locked_by)

    def members(self) -> list[ValidationMember]:
        """Return its pictures in the order of reading."""
        query = select(ValidationMemberRow)
        query = query.order_by(ValidationMemberRow.position, ValidationMemberRow.image_id)
        with self._database.read() as session:
            return [ValidationMember(m.image_id, m.stratum, m.position) for m in session.scalars(query)]

    def choose(self, *, n_wanted: int, seed: int, members: Sequence[ValidationMember]) -> None:
        """Make the set anew, in place of one that is not locked.

        Raises:
            LockedError: It is locked.
        """

        def change(session: Session) -> None:
            row = _unlocked(session) or ValidationSetRow(id=_ONLY, created=now())
            row.n_wanted, row.seed = n_wanted, seed
            session.add(row)
            session.execute(delete(ValidationMemberRow))
            session.add_all(
                ValidationMemberRow(image_id=m.image_id, stratum=m.stratum, position=m.position)
                for m in members
            )

        self._database.write(change)

    def add(self, image_ids: Iterable[int]) -> None:
        """Put pictures at its end; those it has already stay where they are.

        Raises:
            LockedError: It is locked.
            NotFoundError: There is no set yet.
        """
        wanted = list(dict.fromkeys(image_ids))

        def change(session: Session) -> None:
            _required(session)
            known = set(session.scalars(select(ValidationMemberRow.image_id)))
            last = session.scalar(select(func.max(ValidationMemberRow.position)))
            new = [image_id for image_id in wanted if image_id not in known]
            session.add_all(
                ValidationMemberRow(image_id=image_id, stratum="", position=position)
                for position, image_id in enumerate(new, 0 if last is None else last + 1)
            )

        self._database.write(change)

    def remove(self, image_ids: Iterable[int]) -> None:
        """Take pictures out of it.

        Raises:
            LockedError: It is locked.
            NotFoundError: There is no set yet.
        """
        gone = set(image_ids)

        def change(session: Session) -> None:
            _required(session)
            for row in session.scalars(select(ValidationMemberRow)).all():
                if row.image_id in gone:
                    session.delete(row)

        self._database.write(change)

    def lock(self, reader_id: int) -> None:
        """Lock it for good: from now on no network may be trained on `locked_images`.

        Raises:
            LockedError: It is locked already.
            NotFoundError: There is no set yet.
            GsalError: It has no pictures.
        """

        def change(session: Session) -> None:
            row = _required(session)
            if session.scalar(select(func.count()).select_from(ValidationMemberRow)) == 0:
                raise GsalError("The validation set has no pictures. Choose some before you lock it.")
            row.locked, row.locked_by = now(), reader_id

        self._database.write(change)

    def locked_images(self) -> set[int]:
        """Return the pictures of the locked set and all others that must not be parted from them."""
        with self._database.read() as session:
            row = session.get(ValidationSetRow, _ONLY)
            if row is None or row.locked is None:
                return set()
            groups = patients(session)
            locked = {groups[image_id] for image_id in session.scalars(select(ValidationMemberRow.image_id))}
            return {image_id for image_id, patient in groups.items() if patient in locked}


def _unlocked(session: Session) -> ValidationSetRow | None:
    # Held until the change is made: nobody locks the set meanwhile.
    row = session.get(ValidationSetRow, _ONLY, with_for_update=True)
    if row is not None and row.locked is not None:
        raise LockedError(
            f"The validation set has been locked since {row.locked[:10]}; its pictures stay as they are."
        )
    return row


def _required(session: Session) -> ValidationSetRow:
    row = _unlocked(session)
    if row is None:
        raise NotFoundError("This project has no validation set. Choose its pictures first.")
    return row
