"""Audits, kept whole."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gsal.errors import NotFoundError
from gsal.records import AuditRecord
from gsal.storage.database import Database, now
from gsal.storage.schema import AuditRow
from gsal.version import __version__

__all__ = ["Audits"]

_AUDITED = "audited"


class Audits:
    """Repository of audits; results are JSON-ready dictionaries of `gsal.audit`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        *,
        settings: Mapping[str, Any],
        audited: Mapping[str, Iterable[str]],
        result: dict[str, Any],
    ) -> int:
        """Keep an audit; return its number.

        Args:
            settings: What was asked for, "mask_set" among it.
            audited: Models and the methods of each.
            result: Everything.
        """
        kept = {**settings, _AUDITED: {model: list(methods) for model, methods in audited.items()}}

        def change(session: Session) -> int:
            row = AuditRow(settings=kept, result=result, app_version=__version__, created=now())
            session.add(row)
            session.flush()
            return row.id

        return self._database.write(change)

    def newest_first(self, mask_set: str = "") -> Iterator[AuditRecord]:
        """Yield the audits over a mask set, or over any; each is read when it is asked for."""
        query = select(AuditRow.id).order_by(AuditRow.id.desc())
        if mask_set:
            query = query.where(AuditRow.settings["mask_set"].as_string() == mask_set)
        with self._database.read() as session:
            numbers = session.scalars(query).all()
        yield from map(self.get, numbers)

    def latest(self, mask_set: str = "") -> AuditRecord | None:
        """Return the last audit over a mask set, or over any; None if there is none."""
        return next(self.newest_first(mask_set), None)

    def get(self, audit_id: int) -> AuditRecord:
        """Return one audit.

        Raises:
            NotFoundError: There is none with this number.
        """
        query = select(AuditRow.settings, AuditRow.app_version, AuditRow.created)
        with self._database.read() as session:
            row = session.execute(query.where(AuditRow.id == audit_id)).first()
        if row is None:
            raise NotFoundError(
                f"This project has no audit number {audit_id}; `gsal audit --list` shows them."
            )
        settings, app_version, created = row
        audited = settings[_AUDITED] if _AUDITED in settings else _told_by(self.result(audit_id))
        return AuditRecord(
            id=audit_id,
            settings={name: value for name, value in settings.items() if name != _AUDITED},
            app_version=app_version,
            created=created,
            mask_set=settings.get("mask_set", ""),
            audited={model: tuple(methods) for model, methods in audited.items()},
        )

    def result(self, audit_id: int) -> dict[str, Any]:
        """Return the whole result of an audit that there is."""
        with self._database.read() as session:
            result: dict[str, Any] = session.scalars(
                select(AuditRow.result).where(AuditRow.id == audit_id)
            ).one()
            return result


def _told_by(result: Mapping[str, Any]) -> dict[str, dict[str, None]]:
    """Return what was audited by an earlier version, which only its printed rows tell."""
    audited: dict[str, dict[str, None]] = {}
    for row in result.get("rows", ()):
        audited.setdefault(row["model"], {})[row["method"]] = None
    return audited
