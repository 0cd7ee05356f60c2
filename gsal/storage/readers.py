"""Who reads."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from gsal.errors import GsalError
from gsal.records import Reader, ReaderKind
from gsal.storage.database import Database, now
from gsal.storage.schema import ReaderRow

__all__ = ["Readers"]


class Readers:
    """Repository of readers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, kind: ReaderKind) -> Reader:
        """Add a reader, or return the one of that name.

        Raises:
            GsalError: The name is empty, or is taken by a reader of another kind.
        """
        name = name.strip()
        if not name:
            raise GsalError("A reader needs a name.")

        def change(session: Session) -> Reader:
            row = session.scalar(select(ReaderRow).where(ReaderRow.name == name))
            if row is None:
                row = ReaderRow(name=name, kind=str(kind), added=now())
                session.add(row)
                session.flush()
            return Reader(row.id, row.name, ReaderKind(row.kind))

        reader = self._database.write(change)
        if reader.kind is not kind:
            raise GsalError(f"{name} is already known as {reader.kind}; choose another name or that kind.")
        return reader

    def all(self) -> list[Reader]:
        """Return all readers by name."""
        with self._database.read() as session:
            rows = session.scalars(select(ReaderRow).order_by(ReaderRow.name))
            return [Reader(row.id, row.name, ReaderKind(row.kind)) for row in rows]
