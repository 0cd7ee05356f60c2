"""The list of pictures: found and sorted in SQL, its rows read as they come into sight."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from gsal.records import LibraryColumn, LibraryRequest, LibraryRow, Purpose, Verdict
from gsal.storage.blind import NOBODY, is_member
from gsal.storage.database import Database
from gsal.storage.heads import is_shown, with_ink
from gsal.storage.images import image_record
from gsal.storage.letters import holds
from gsal.storage.schema import DecisionRow, ImageRow, MaskHeadRow, MaskRevisionRow, RootRow

__all__ = ["Library"]

_CHUNK = 500


class Library:
    """Repository of what the library lists."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ids(self, request: LibraryRequest) -> list[int]:
        """Return the numbers of the pictures asked for, in order; the whole list, also with 100,000."""
        with self._database.read() as session:
            return list(session.scalars(_Found(request.reader_id).query(request)))

    def rows(self, image_ids: Sequence[int], reader_id: int | None) -> list[LibraryRow]:
        """Return the rows of some pictures in the order given; pictures that are gone are left out."""
        found = _Found(reader_id)
        rows: dict[int, LibraryRow] = {}
        with self._database.read() as session:
            for start in range(0, len(image_ids), _CHUNK):
                part = image_ids[start : start + _CHUNK]
                query = found.joined(select(ImageRow, RootRow.name, found.ink, found.verdict))
                query = query.join(RootRow, RootRow.id == ImageRow.root_id).where(ImageRow.id.in_(part))
                for row, root, ink_px, verdict in session.execute(query):
                    rows[row.id] = LibraryRow(
                        image_record(row, root), ink_px, Verdict(verdict) if verdict else None
                    )
        return [rows[i] for i in image_ids if i in rows]

    def labels(self) -> list[str]:
        """Return the labels there are; "" stands for none."""
        with self._database.read() as session:
            return sorted(session.scalars(select(func.coalesce(ImageRow.label, "")).distinct()))


class _Found:
    """Pictures joined with the mask whose ink a reader is told of, and the last verdict.

    A review is the work of all readers, so anyone's verdict of one counts; of pictures of the validation
    set a reader is told nothing but their own.
    """

    def __init__(self, reader_id: int | None) -> None:
        self._reader_id = reader_id
        self.ink: InstrumentedAttribute[float] = MaskRevisionRow.ink_px
        self.verdict = _last_verdict(NOBODY if reader_id is None else reader_id)
        masked = case((MaskHeadRow.revision_id.is_(None), "no mask yet"), else_="to review")
        self._status = func.coalesce(func.replace(self.verdict, "-", " "), masked)

    def joined(self, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        is_told = (MaskHeadRow.image_id == ImageRow.id) & is_shown(self._reader_id)
        return (
            query.select_from(ImageRow)
            .outerjoin(MaskHeadRow, is_told)
            .outerjoin(MaskRevisionRow, MaskRevisionRow.id == MaskHeadRow.revision_id)
        )

    def query(self, request: LibraryRequest) -> Select[Any]:
        query = self.joined(select(ImageRow.id))
        if request.text:
            query = query.where(self._holds(request.text))
        if request.label is not None:
            query = query.where(func.coalesce(ImageRow.label, "") == request.label)
        if request.inked is not None:
            query = query.where(ImageRow.id.in_(with_ink(self._reader_id, inked=request.inked)))
        if request.order is None:
            return query.order_by(ImageRow.id)
        key = self._keys()[request.order]
        return query.order_by(key.desc() if request.is_descending else key, ImageRow.id)

    def _holds(self, text: str) -> ColumnElement[bool]:
        columns = (ImageRow.path.expression, ImageRow.patient_id.expression, self._status)
        return or_(*(holds(column, text) for column in columns))

    def _keys(self) -> dict[LibraryColumn, ColumnElement[Any]]:
        return {
            LibraryColumn.PICTURE: ImageRow.path.expression,
            LibraryColumn.LABEL: func.coalesce(ImageRow.label, ""),
            LibraryColumn.INK: func.coalesce(self.ink, -1.0),
            LibraryColumn.PATIENT: ImageRow.patient_id.expression,
            LibraryColumn.SIDE: func.coalesce(ImageRow.side, ""),
            LibraryColumn.STATUS: self._status,
        }


def _last_verdict(reader_id: int) -> ColumnElement[str]:
    # One look into the index per picture: joined with all last verdicts, SQLite walks all for every picture.
    last = (
        select(DecisionRow.verdict)
        .where(DecisionRow.image_id == ImageRow.id)
        .order_by(DecisionRow.id.desc())
        .limit(1)
        .correlate(ImageRow)
    )
    own = last.where(DecisionRow.reader_id == reader_id).scalar_subquery()
    anyones = last.where(DecisionRow.purpose == str(Purpose.REVIEW)).scalar_subquery()
    return case((is_member(ImageRow.id), own), else_=anyones)
