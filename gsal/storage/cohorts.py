"""The cohorts of a project."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from gsal.errors import CohortError, NotFoundError
from gsal.records import CohortKind, CohortRecord
from gsal.storage.database import Database, now
from gsal.storage.schema import CohortMemberRow, CohortRow

__all__ = ["Cohorts"]


class Cohorts:
    """Repository of cohorts; a cohort never changes once it is made."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        name: str,
        members: Sequence[int],
        *,
        kind: CohortKind,
        seed: int,
        mask_set: str,
        settings: dict[str, Any],
        achieved: dict[str, Any],
    ) -> CohortRecord:
        """Keep a cohort.

        Args:
            name: Unique within the project.
            members: Numbers of its pictures.
            kind: How they were chosen.
            seed: Of that choice.
            mask_set: The masks that decided which pictures are inked.
            settings: What it was asked for.
            achieved: What came out; holds "n_by_class" and "ink_rate_by_class".

        Raises:
            CohortError: The name is taken.
        """

        def change(session: Session) -> CohortRecord:
            if session.scalar(select(CohortRow.id).where(CohortRow.name == name)) is not None:
                raise CohortError(f"There is already a cohort named {name}; choose another name.")
            row = CohortRow(
                name=name,
                kind=str(kind),
                seed=seed,
                mask_set=mask_set,
                settings=settings,
                achieved=achieved,
                created=now(),
            )
            session.add(row)
            session.flush()
            session.execute(insert(CohortMemberRow), [{"cohort_id": row.id, "image_id": i} for i in members])
            return _record(row)

        return self._database.write(change)

    def all(self) -> list[CohortRecord]:
        """Return all cohorts in the order they were made."""
        with self._database.read() as session:
            return [_record(row) for row in session.scalars(select(CohortRow).order_by(CohortRow.id))]

    def get(self, name: str) -> CohortRecord:
        """Return the cohort of that name.

        Raises:
            NotFoundError: There is none; the text lists those there are.
        """
        with self._database.read() as session:
            row = session.scalar(select(CohortRow).where(CohortRow.name == name))
            if row is not None:
                return _record(row)
            names = ", ".join(session.scalars(select(CohortRow.name))) or "none yet"
        raise NotFoundError(f"This project has no cohort named {name}. Cohorts: {names}.")

    def members(self, name: str) -> list[int]:
        """Return the numbers of a cohort's pictures, ascending."""
        cohort = self.get(name)
        query = select(CohortMemberRow.image_id).where(CohortMemberRow.cohort_id == cohort.id)
        with self._database.read() as session:
            return list(session.scalars(query.order_by(CohortMemberRow.image_id)))


def _record(row: CohortRow) -> CohortRecord:
    counts: dict[str, int] = row.achieved["n_by_class"]
    return CohortRecord(
        id=row.id,
        name=row.name,
        kind=CohortKind(row.kind),
        seed=row.seed,
        mask_set=row.mask_set,
        settings=row.settings,
        achieved=row.achieved,
        n=sum(counts.values()),
        n_by_class=counts,
        ink_rate_by_class=row.achieved["ink_rate_by_class"],
    )
