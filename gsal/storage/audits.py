"""Audits, kept whole."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gsal.storage.database import Database, now
from gsal.storage.schema import AuditRow
from gsal.version import __version__

__all__ = ["Audits"]


class Audits:
    """Repository of audits; results are JSON-ready dictionaries of `gsal.audit`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, *, settings: dict[str, Any], result: dict[str, Any]) -> int:
        """Keep an audit; return its number."""

        def change(session: Session) -> int:
            row = AuditRow(settings=settings, result=result, app_version=__version__, created=now())
            session.add(row)
            session.flush()
            return row.id

        return self._database.write(change)

    def latest(self) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Return settings and result of the last audit, or None."""
        with self._database.read() as session:
            row = session.scalar(select(AuditRow).order_by(AuditRow.id.desc()).limit(1))
            return None if row is None else (row.settings, row.result)
