"""Copies of the database that can be opened: made by SQLite's backup API, verified, few."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from gsal.errors import ProjectDamaged
from gsal.files import replacing
from gsal.storage.sqlite import check_integrity, uri_of

__all__ = ["back_up", "newest_backup"]

_KEEP = 10
_KEEP_BYTES = 4 << 30


def back_up(database: Path, folder: Path, *, reason: str) -> Path:
    """Copy the database into `folder`, verify the copy, and drop the oldest ones.

    A plain copy of the file of an open WAL database would lose commits; the backup API does not.

    Args:
        database: The project's database.
        folder: Where copies are kept.
        reason: Goes into the file's name ("start", "migration").

    Raises:
        ProjectDamaged: The copy does not hold what the database holds, or cannot be made.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    path = folder / f"{stamp}-{reason}.sqlite"
    with replacing(path) as temporary:
        with (
            closing(sqlite3.connect(uri_of(database, "ro"), uri=True, isolation_level=None)) as source,
            closing(sqlite3.connect(temporary, isolation_level=None)) as target,
        ):
            _copy(source, target, database)
        check_integrity(temporary)
    _thin(folder)
    return path


def _copy(source: sqlite3.Connection, target: sqlite3.Connection, database: Path) -> None:
    try:
        # One reading transaction, so that what is counted is what is copied.
        source.execute("BEGIN")
        expected = _inventory(source)
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
        found = _inventory(target)
    except sqlite3.Error as error:
        raise ProjectDamaged(
            f"{database}: no backup could be made ({error}). Nothing was changed."
        ) from error
    if found != expected or not expected[0]:
        raise ProjectDamaged(
            f"{database}: the backup does not hold what the project holds ({found} instead of {expected} "
            "revisions, pictures and masks). Nothing was changed."
        )


def _inventory(connection: sqlite3.Connection) -> tuple[int, ...]:
    tables = ("alembic_version", "image", "mask_revision")
    return tuple(
        int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - fixed names
        for table in tables
    )


def newest_backup(folder: Path) -> Path | None:
    """Return the latest copy, or None."""
    return max(folder.glob("*.sqlite"), default=None)


def _thin(folder: Path) -> None:
    # Only the holder of the project's lock makes copies: a temporary one is left of a killed program.
    for left in folder.glob(".*.sqlite.*.tmp*"):
        left.unlink(missing_ok=True)
    total = 0
    for index, path in enumerate(sorted(folder.glob("*.sqlite"), reverse=True)):
        total += path.stat().st_size
        if index >= _KEEP or (index > 0 and total > _KEEP_BYTES):
            path.unlink()


def require_backup(database: Path, folder: Path) -> None:
    """Make a copy before a migration, or say why it cannot be made."""
    try:
        back_up(database, folder, reason="migration")
    except OSError as error:
        raise ProjectDamaged(f"{database}: no backup could be made before the upgrade ({error}).") from error
