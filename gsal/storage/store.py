"""The store: a project's database, opened safely, with one repository per kind of thing."""

import uuid
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from gsal.errors import GsalError
from gsal.records import ReviewSettings
from gsal.storage.audits import Audits
from gsal.storage.cohorts import Cohorts
from gsal.storage.copying import Watch, copy_rows
from gsal.storage.database import now
from gsal.storage.decisions import Decisions
from gsal.storage.home import Fill, Home
from gsal.storage.images import Images
from gsal.storage.jobs import Jobs
from gsal.storage.library import Library
from gsal.storage.local import LocalFile
from gsal.storage.masks import Masks
from gsal.storage.models import Models
from gsal.storage.predictions import Predictions
from gsal.storage.queue import Queue
from gsal.storage.readers import Readers
from gsal.storage.readings import Readings
from gsal.storage.saliency import Saliency
from gsal.storage.schema import ProjectRow
from gsal.storage.served import ServedDatabase
from gsal.storage.validation import Validation
from gsal.version import __version__

__all__ = ["Store"]


class Store:
    """Everything a project knows. Open with `Store.create` or `Store.open`; a context manager.

    Attributes:
        images, library, masks, readers, readings, decisions, queue, validation, cohorts, models, predictions,
            saliency, audits, jobs: The repositories. They take and return plain records; no row leaves them.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._database = database = home.database
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
        place: Path | str,
        *,
        name: str,
        classes: tuple[str, ...],
        min_ink_px: float,
        reference_px: int,
        program: str,
    ) -> Self:
        """Make a new project database.

        Args:
            place: Path of a SQLite file, or address of an empty database on a PostgreSQL server.
            name: For people.
            classes: Class names in their order.
            min_ink_px: A picture is inked above this many ink pixels at the reference size.
            reference_px: The long side of that size.
            program: What makes it, for the note beside a file that is open.

        Raises:
            ProjectError: There is a project already, or none can be made there.
        """
        row = {
            "uuid": str(uuid.uuid4()),
            "name": name,
            "classes": list(classes),
            "min_ink_px": min_ink_px,
            "reference_px": reference_px,
            "created": now(),
            "app_version": __version__,
        }
        return cls.build(place, lambda connection: connection.execute(insert(ProjectRow), [row]), program)

    @classmethod
    def build(cls, place: Path | str, fill: Fill, program: str) -> Self:
        """Make a database with its first rows, whole or not at all; see `create`."""
        if isinstance(place, str):
            return cls(ServedDatabase.create(place, fill))
        return cls(LocalFile.create(place, fill, program=program))

    @classmethod
    def open(cls, place: Path | str, *, read_only: bool = False, program: str) -> Self:
        """Open a project database, changing nothing if it cannot be.

        Raises:
            ProjectDamaged: It is damaged, or no project of this program.
            ProjectNewer: A newer version of this program made it.
            ProjectLocked: It is open for writing elsewhere; only of a file.
            ServerError: The server does not answer.
            ProjectError: It may not be read or written.
        """
        home: Home
        if isinstance(place, str):
            home = ServedDatabase.open(place, read_only=read_only)
        else:
            home = LocalFile.open(place, read_only=read_only, program=program)
        store = cls(home)
        if not read_only:
            try:
                store.jobs.interrupt_running()
                store.back_up_if_due(reason="start")
            except BaseException:
                store.close()
                raise
        return store

    def copy(self, place: Path | str, watch: Watch, *, program: str) -> Self:
        """Make a project of the same rows elsewhere, whole or not at all, and return it.

        Raises:
            ProjectError: There is a project already, or none can be made there.
            ProjectDamaged: The copy did not hold what this one holds.
        """
        with self._database.snapshot() as source:
            return self.build(place, lambda target: copy_rows(source, target, watch), program)

    def back_up_if_due(self, *, reason: str = "hourly") -> None:
        """Copy a file that has changed for an hour since the last copy; may take a while.

        Who runs a server keeps copies of what is on it.

        Raises:
            ProjectDamaged: The copy does not hold what the database holds, or cannot be made.
        """
        self._home.back_up(reason=reason)

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
        self._home.close()

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
