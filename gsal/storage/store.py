"""The store: a project's database, opened safely, with one repository per kind of thing."""

import os
import uuid
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gsal.errors import GsalError, ProjectDamaged, ProjectError, ProjectNewer
from gsal.records import ReviewSettings
from gsal.storage.audits import Audits
from gsal.storage.backup import back_up, newest_backup, require_backup
from gsal.storage.building import build
from gsal.storage.cohorts import Cohorts
from gsal.storage.database import Database, now
from gsal.storage.decisions import Decisions
from gsal.storage.images import Images
from gsal.storage.jobs import Jobs
from gsal.storage.library import Library
from gsal.storage.lock import ProjectLock
from gsal.storage.masks import Masks
from gsal.storage.migrate import known_revisions, newest_revision, upgrade
from gsal.storage.models import Models
from gsal.storage.predictions import Predictions
from gsal.storage.queue import Queue
from gsal.storage.readers import Readers
from gsal.storage.readings import Readings
from gsal.storage.saliency import Saliency
from gsal.storage.schema import ProjectRow
from gsal.storage.sqlite import (
    APPLICATION_ID,
    QUICK_CHECK_BYTES,
    check_integrity,
    identify,
    reading_engine,
    unreadable,
    writing_engine,
)
from gsal.storage.validation import Validation
from gsal.version import __version__

__all__ = ["Store"]

_BACKUP_EVERY_S = 3600.0


class Store:
    """Everything a project knows. Open with `Store.create` or `Store.open`; a context manager.

    Attributes:
        images, library, masks, readers, readings, decisions, queue, validation, cohorts, models, predictions,
            saliency, audits, jobs: The repositories. They take and return plain records; no row leaves them.
    """

    def __init__(self, path: Path, database: Database, lock: ProjectLock | None) -> None:
        self._path = path
        self._database = database
        self._lock = lock
        self._is_closed = False
        self.images = Images(database)
        self.library = Library(database)
        self.masks = Masks(database)
        self.readers = Readers(database)
        self.readings = Readings(database)
        self.decisions = Decisions(database)
        self.queue = Queue(database)
        self.validation = Validation(database)
        self.cohorts = Cohorts(database)
        self.models = Models(database)
        self.predictions = Predictions(database)
        self.saliency = Saliency(database)
        self.audits = Audits(database)
        self.jobs = Jobs(database)

    @classmethod
    def create(
        cls,
        path: Path,
        *,
        name: str,
        classes: tuple[str, ...],
        min_ink_px: float,
        reference_px: int,
        program: str,
    ) -> Self:
        """Make a new project database.

        Raises:
            ProjectError: There is a file already, or the folder cannot be written.
        """
        _require_absent(path)
        row = ProjectRow(
            uuid=str(uuid.uuid4()),
            name=name,
            classes=list(classes),
            min_ink_px=min_ink_px,
            reference_px=reference_px,
            split=None,
            created=now(),
            app_version=__version__,
        )
        lock = ProjectLock(path, program=program)
        lock.acquire()
        try:
            _require_absent(path)
            build(path, row)
            return cls(path, Database(reading_engine(path), writing_engine(path)), lock)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, program: str) -> Self:
        """Open a project database, changing nothing if it cannot be.

        Raises:
            ProjectDamaged: It is damaged, or no project of this program.
            ProjectNewer: A newer version of this program made it.
            ProjectLocked: It is open for writing elsewhere.
            ProjectError: The file or the folder may not be read or written.
        """
        try:
            is_there = path.is_file()
        except OSError as error:
            raise unreadable(path, error) from error
        if not is_there:
            raise ProjectDamaged(
                f"{path.parent}: there is no project here (no {path.name}). Make one with `gsal new`."
            )
        is_old = _check_identity(path)
        if read_only:
            if is_old:
                raise ProjectError(
                    f"{path.parent}: an older version made this project; open it for writing once."
                )
            if path.stat().st_size <= QUICK_CHECK_BYTES:
                check_integrity(path)
            return cls(path, Database(reading_engine(path), None), None)
        if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
            raise ProjectError(
                f"{path.parent}: this folder cannot be written. Open the project for reading only."
            )
        lock = ProjectLock(path, program=program)
        was_left = lock.acquire()
        try:
            if was_left or path.stat().st_size <= QUICK_CHECK_BYTES:
                check_integrity(path)
            return cls._open_for_writing(path, lock, is_old=is_old)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def _open_for_writing(cls, path: Path, lock: ProjectLock, *, is_old: bool) -> Self:
        backups = path.parent / "backups"
        if is_old:
            require_backup(path, backups)
        writing = writing_engine(path)
        if is_old:
            upgrade(writing)
        store = cls(path, Database(reading_engine(path), writing), lock)
        store.jobs.interrupt_running()
        store.back_up_if_due(reason="start")
        return store

    def back_up_if_due(self, *, reason: str = "hourly") -> None:
        """Copy the database if it has changed for an hour since the last copy; may take a while.

        Raises:
            ProjectDamaged: The copy does not hold what the database holds, or cannot be made.
        """
        folder = self._path.parent / "backups"
        newest = newest_backup(folder)
        if newest is None or _changed(self._path) - newest.stat().st_mtime > _BACKUP_EVERY_S:
            back_up(self._path, folder, reason=reason)

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written."""
        return self._database.read_only

    def description(self) -> dict[str, Any]:
        """Return the project's own row: uuid, name, classes, min_ink_px, reference_px, split, created."""
        with self._database.read() as session:
            return _description(session)

    def review_settings(self) -> ReviewSettings:
        """Return how the project is reviewed."""
        with self._database.read() as session:
            return ReviewSettings(**(session.scalars(select(ProjectRow.review)).one() or {}))

    def set_review_settings(self, settings: ReviewSettings) -> None:
        """Keep how the project is reviewed.

        Raises:
            GsalError: A share is not between 0 and 1.
        """
        shares = asdict(settings)
        if not all(0 <= share <= 1 for share in shares.values()):
            raise GsalError("A share of pictures lies between 0 and 1.")
        self._database.write(lambda session: session.execute(update(ProjectRow).values(review=shares)))

    def close(self) -> None:
        """Finish waiting writes and give the project back; closing again does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        self._database.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _description(session: Session) -> dict[str, Any]:
    row = session.scalars(select(ProjectRow)).one()
    return {
        "uuid": row.uuid,
        "name": row.name,
        "classes": tuple(row.classes),
        "min_ink_px": row.min_ink_px,
        "reference_px": row.reference_px,
        "split": row.split,
        "created": row.created,
        "app_version": row.app_version,
    }


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
        raise ProjectNewer(
            f"{path.parent}: a newer version of this program made this project (its tables are {revision}, "
            f"this is version {__version__}). Nothing was changed. Install the newer version to open it."
        )
    return revision != newest_revision()
