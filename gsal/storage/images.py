"""The pictures of a project."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Select, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from gsal.errors import ConflictError, NotFoundError
from gsal.records import ImageRecord, ImageTable, NewImage, Side, known_patient, patient_groups
from gsal.storage.columns import read_columns
from gsal.storage.database import Database, now
from gsal.storage.heads import with_ink
from gsal.storage.schema import ImageRow, ProjectRow, RootRow

__all__ = ["Images", "Order", "image_record", "patients"]

Order = Literal["name", "disagreement"]
_CHUNK = 500


class Images:
    """Repository of pictures."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: Sequence[NewImage], *, folder: Path) -> list[int]:
        """Add pictures with paths relative to a folder; return new ids. Known content is left as it is."""

        def change(session: Session) -> list[int]:
            root_id = _root(session, folder)
            hashes = [n.sha256 for n in new]
            known = set(session.scalars(select(ImageRow.sha256).where(ImageRow.sha256.in_(hashes))))
            rows = [_row(n, root_id) for n in new if n.sha256 not in known]
            session.add_all(rows)
            session.flush()
            return [r.id for r in rows]

        return self._database.write(change)

    def relink(self, moved: Mapping[int, NewImage], *, folder: Path) -> None:
        """Note where pictures lie now, by number; what is known of them stays."""

        def change(session: Session) -> None:
            root_id = _root(session, folder)
            places = [
                {
                    "id": number,
                    "root_id": root_id,
                    "path": new.path,
                    "size_bytes": new.size_bytes,
                    "mtime_ns": new.mtime_ns,
                }
                for number, new in moved.items()
            ]
            session.execute(update(ImageRow), places)

        if moved:
            self._database.write(change)

    def roots(self) -> dict[str, Path]:
        """Return the root folders by name."""
        with self._database.read() as session:
            return {row.name: Path(row.folder) for row in session.scalars(select(RootRow))}

    def count(self) -> int:
        """Return the number of pictures."""
        with self._database.read() as session:
            return session.scalar(select(func.count()).select_from(ImageRow)) or 0

    def get(self, image_id: int) -> ImageRecord:
        """Return one picture.

        Raises:
            NotFoundError: There is none with this number.
        """
        found = self.get_many([image_id])
        if not found:
            raise NotFoundError(f"This project has no picture number {image_id}.")
        return found[0]

    def get_many(self, image_ids: Iterable[int]) -> list[ImageRecord]:
        """Return the pictures with these numbers, in the order given."""
        wanted = list(image_ids)
        found: dict[int, ImageRecord] = {}
        with self._database.read() as session:
            for start in range(0, len(wanted), _CHUNK):
                query = _select().where(ImageRow.id.in_(wanted[start : start + _CHUNK]))
                found |= {row.id: image_record(row, root) for row, root in session.execute(query)}
        return [found[i] for i in wanted if i in found]

    def all(self, *, side: Side | None = None) -> list[ImageRecord]:
        """Return all pictures by number, or those of one side of the split."""
        query = _select().order_by(ImageRow.id)
        if side is not None:
            query = query.where(ImageRow.side == side)
        with self._database.read() as session:
            return [image_record(row, root) for row, root in session.execute(query)]

    def table(self, *, side: Side) -> ImageTable:
        """Return the pictures of one side of the split as columns."""
        query = (
            select(ImageRow.id, ImageRow.path, ImageRow.label, ImageRow.patient_id, ImageRow.lesion_id)
            .where(ImageRow.side == side)
            .order_by(ImageRow.id)
        )
        with self._database.read() as session:
            ids, paths, labels, patients, lesions = read_columns(session, query)
        known = map(known_patient, ids, patients, lesions)
        return ImageTable(tuple(ids), tuple(paths), tuple(labels), tuple(known))

    def page(
        self,
        *,
        after: tuple[Any, int] | None = None,
        limit: int = 200,
        label: str | None = None,
        inked: bool | None = None,
        reader_id: int | None = None,
        order: Order = "name",
    ) -> list[ImageRecord]:
        """Return the next pictures of a list, by keyset: `after` is (key, id) of the last one shown.

        The key is the path, or the disagreement (highest first; pictures without one come last, as -1).
        Who is inked is said as this reader may know it; pictures without a mask are neither.
        """
        found: list[ImageRecord] = []
        with self._database.read() as session:
            for query in _by_name(after) if order == "name" else _by_disagreement(after):
                if label is not None:
                    query = query.where(ImageRow.label == label)
                if inked is not None:
                    query = query.where(ImageRow.id.in_(with_ink(reader_id, inked=inked)))
                rows = session.execute(query.limit(limit - len(found)))
                found += [image_record(row, root) for row, root in rows]
        return found

    def patients(self) -> dict[int, str]:
        """Return by number what a picture shares with all those it must not be parted from."""
        with self._database.read() as session:
            return patients(session)

    def labels(self) -> dict[str, int]:
        """Return the number of pictures per label; "" stands for none."""
        query = select(func.coalesce(ImageRow.label, ""), func.count()).group_by(ImageRow.label)
        with self._database.read() as session:
            return dict(session.execute(query).all())

    def hashes(self) -> dict[str, str]:
        """Return path by SHA-256 for all pictures."""
        with self._database.read() as session:
            rows = session.execute(select(ImageRow.sha256, ImageRow.path)).all()
            return dict(rows)

    def assign_sides(
        self, sides: Mapping[int, Side], *, split: dict[str, Any], before: dict[str, Any] | None
    ) -> None:
        """Store on which side of the project's split pictures are, and what it and its folds are.

        Args:
            sides: Of pictures that have none yet.
            split: From now on.
            before: What it was when this was planned; None for a first one.

        Raises:
            ConflictError: It is another one by now, or pictures have sides: somebody else was faster.
        """

        def change(session: Session) -> None:
            known = session.scalars(select(ProjectRow.split).with_for_update()).one()
            settled = set(session.scalars(select(ImageRow.id).where(ImageRow.side.is_not(None))))
            if known != before or settled & sides.keys():
                raise ConflictError(
                    "Somebody else has split the pictures, or dealt folds, in between. "
                    "Run this again: it then goes on from theirs."
                )
            if sides:
                session.execute(update(ImageRow), [{"id": i, "side": str(s)} for i, s in sides.items()])
            session.execute(update(ProjectRow).values(split=split))

        self._database.write(change)

    def set_disagreements(self, values: Mapping[int, float]) -> None:
        """Store how much the rule masks of pictures disagree."""

        def change(session: Session) -> None:
            session.execute(update(ImageRow), [{"id": i, "disagreement": v} for i, v in values.items()])

        if values:
            self._database.write(change)

    def set_uncertainties(self, values: Mapping[int, float]) -> None:
        """Store how unsure the network is of pictures; higher is less certain."""

        def change(session: Session) -> None:
            session.execute(update(ImageRow), [{"id": i, "uncertainty": v} for i, v in values.items()])

        if values:
            self._database.write(change)

    def has_uncertainties(self) -> bool:
        """Return whether it is known of any picture how unsure the network is."""
        query = select(ImageRow.id).where(ImageRow.uncertainty.is_not(None)).limit(1)
        with self._database.read() as session:
            return session.scalar(query) is not None


def patients(session: Session) -> dict[int, str]:
    """Return the patient of each picture, known or inferred, as `gsal.records.patient_groups` does."""
    rows = session.execute(select(ImageRow.id, ImageRow.patient_id, ImageRow.lesion_id).order_by(ImageRow.id))
    return patient_groups((row.id, row.patient_id, row.lesion_id) for row in rows)


def _select() -> Select[ImageRow, str]:
    return select(ImageRow, RootRow.name).join(RootRow, RootRow.id == ImageRow.root_id)


def _by_name(after: tuple[Any, int] | None) -> Iterator[Select[ImageRow, str]]:
    query = _select().order_by(ImageRow.path, ImageRow.id)
    yield query if after is None else query.where(tuple_(ImageRow.path, ImageRow.id) > after)


def _by_disagreement(after: tuple[Any, int] | None) -> Iterator[Select[ImageRow, str]]:
    # Two walks along one index; a single query that puts the unknown ones last would sort all pictures.
    value = ImageRow.disagreement
    known = _select().where(value.is_not(None)).order_by(value.desc(), ImageRow.id)
    unknown = _select().where(value.is_(None)).order_by(ImageRow.id)
    if after is None:
        yield from (known, unknown)
    elif after[0] >= 0:
        yield known.where(value <= after[0], or_(value < after[0], ImageRow.id > after[1]))
        yield unknown
    else:
        yield unknown.where(ImageRow.id > after[1])


def _root(session: Session, folder: Path) -> int:
    row = session.scalar(select(RootRow).where(RootRow.folder == str(folder)))
    if row is None:
        taken = set(session.scalars(select(RootRow.name)))
        names = (folder.name if n == 1 else f"{folder.name}-{n}" for n in itertools.count(1))
        row = RootRow(name=next(name for name in names if name not in taken), folder=str(folder))
        session.add(row)
        session.flush()
    return row.id


def _row(new: NewImage, root_id: int) -> ImageRow:
    return ImageRow(
        root_id=root_id,
        path=new.path,
        sha256=new.sha256,
        size_bytes=new.size_bytes,
        mtime_ns=new.mtime_ns,
        width=new.width,
        height=new.height,
        label=new.label,
        patient_id=new.patient_id,
        lesion_id=new.lesion_id,
        extra=new.extra,
        added=now(),
    )


def image_record(row: ImageRow, root: str) -> ImageRecord:
    """Return a picture's row, and the name of its root, as plain data."""
    return ImageRecord(
        id=row.id,
        root=root,
        path=row.path,
        sha256=row.sha256,
        width=row.width,
        height=row.height,
        label=row.label,
        patient_id=row.patient_id,
        lesion_id=row.lesion_id,
        side=Side(row.side) if row.side else None,
        disagreement=row.disagreement,
        extra=row.extra,
        size_bytes=row.size_bytes,
        mtime_ns=row.mtime_ns,
        uncertainty=row.uncertainty,
    )
