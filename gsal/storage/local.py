"""A database in a file: one program writes it, checks it when it is opened, and keeps copies of it."""

import os
from pathlib import Path
from typing import Self

from gsal.errors import ProjectDamaged, ProjectError
from gsal.storage.backup import back_up, newest_backup, require_backup
from gsal.storage.building import build
from gsal.storage.database import Database
from gsal.storage.home import Fill
from gsal.storage.lock import ProjectLock
from gsal.storage.migrate import known_revisions, newer_tables, newest_revision, upgrade
from gsal.storage.sqlite import (
    APPLICATION_ID,
    QUICK_CHECK_BYTES,
    check_integrity,
    identify,
    reading_engine,
    unreadable,
    writing_engine,
)

__all__ = ["LocalFile"]

_BACKUP_EVERY_S = 3600.0


class LocalFile:
    """A SQLite file that is open.

    Args:
        path: The file.
        database: For the repositories.
        lock: Held while it is written; None for reading.
    """

    def __init__(self, path: Path, database: Database, lock: ProjectLock | None) -> None:
        self.database = database
        self._path = path
        self._lock = lock

    @classmethod
    def create(cls, path: Path, fill: Fill, *, program: str) -> Self:
        """Make the file, whole or not at all.

        Raises:
            ProjectError: There is a file already, or the folder cannot be written.
        """
        _require_absent(path)
        lock = ProjectLock(path, program=program)
        lock.acquire()
        try:
            _require_absent(path)
            build(path, fill)
            return cls(path, Database(reading_engine(path), writing_engine(path)), lock)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open(cls, path: Path, *, read_only: bool, program: str) -> Self:
        """Open the file, changing nothing if it cannot be; see `gsal.storage.Store.open`."""
        try:
            is_there = path.is_file()
        except OSError as error:
            raise unreadable(path, error) from error
        if not is_there:
            raise ProjectDamaged(
                f"{path.parent}: there is no project here (no {path.name}). Make one with `gsal new`."
            )
        is_old = _check_identity(path)
        if not read_only:
            return cls._open_for_writing(path, is_old=is_old, program=program)
        if is_old:
            raise ProjectError(
                f"{path.parent}: an older version made this project; open it for writing once."
            )
        if path.stat().st_size <= QUICK_CHECK_BYTES:
            check_integrity(path)
        return cls(path, Database(reading_engine(path), None), None)

    @classmethod
    def _open_for_writing(cls, path: Path, *, is_old: bool, program: str) -> Self:
        if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
            raise ProjectError(
                f"{path.parent}: this folder cannot be written. Open the project for reading only."
            )
        lock = ProjectLock(path, program=program)
        was_left = lock.acquire()
        try:
            if was_left or path.stat().st_size <= QUICK_CHECK_BYTES:
                check_integrity(path)
            if is_old:
                require_backup(path, path.parent / "backups")
            writing = writing_engine(path)
            if is_old:
                upgrade(writing)
            return cls(path, Database(reading_engine(path), writing), lock)
        except BaseException:
            lock.release()
            raise

    def back_up(self, *, reason: str) -> None:
        """Copy the file if it has changed for an hour since the last copy."""
        folder = self._path.parent / "backups"
        newest = newest_backup(folder)
        if newest is None or _changed(self._path) - newest.stat().st_mtime > _BACKUP_EVERY_S:
            back_up(self._path, folder, reason=reason)

    def close(self) -> None:
        """Finish waiting writes, then let others write."""
        self.database.close()
        if self._lock is not None:
            self._lock.release()


def _changed(path: Path) -> float:
    """Return when the database was last written; what was written last may lie beside it still."""
    beside = path.with_name(f"{path.name}-wal")
    return max(p.stat().st_mtime for p in (path, beside) if p.exists())


def _require_absent(path: Path) -> None:
    if path.exists():
        raise ProjectError(f"{path.parent}: there is a project already. Open it, or choose another folder.")


def _check_identity(path: Path) -> bool:
    """Return whether the file needs an upgrade; raise when it is not ours to open."""
    application, revision = identify(path)
    if application != APPLICATION_ID:
        raise ProjectDamaged(f"{path}: another program made this database. Nothing was changed.")
    if revision is None:
        raise ProjectDamaged(
            f"{path}: this project was never finished being made. Make a new one with `gsal new`."
        )
    if revision not in known_revisions():
        raise newer_tables(str(path.parent), revision)
    return revision != newest_revision()
