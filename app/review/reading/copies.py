"""Where the spare copies of one project lie: written, found again, and put away."""

import logging
import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from app.review.reading.entries import Entry, Revision
from app.review.reading.spare import write_copy
from gsal.records import NewMask

__all__ = ["Copies"]

_ASIDE = "rejected-"

_log = logging.getLogger(__name__)


class Copies:
    """Copies that come back by themselves, and those set aside, which do not.

    Args:
        project_uuid: Of the project they belong to.
        folder: On another disk than the project's, if possible. Where it cannot be written, the system's
            temporary folder takes its place.
    """

    def __init__(self, project_uuid: str, folder: Path) -> None:
        self._uuid = project_uuid
        self._folder = folder

    def found(self) -> tuple[Path, ...]:
        """Return the copies that are to come back, the oldest first."""
        found = (path for folder in self._folders() for path in folder.glob(f"{self._uuid}-*.zip"))
        return tuple(sorted(found, key=lambda path: path.name))

    def write(
        self, entries: Iterable[Entry], masks: Mapping[str, Revision | NewMask], *, is_aside: bool = False
    ) -> Path:
        """Write a copy, which comes back unless it is aside; return where it lies.

        Raises:
            OSError: It cannot be written anywhere.
        """
        entries = tuple(entries)
        name = f"{_ASIDE * is_aside}{self._uuid}-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.zip"
        first, last_resort = self._folders()
        try:
            write_copy(first / name, self._uuid, entries, masks)
        except OSError:
            write_copy(last_resort / name, self._uuid, entries, masks)
            return last_resort / name
        return first / name

    def remove(self, path: Path) -> None:
        """Remove a copy of which all is in the project."""
        try:
            path.unlink(missing_ok=True)
        except OSError:
            # It comes back once more, and nothing of it is written twice.
            _log.exception("a spare copy cannot be removed")

    def put_aside(self, path: Path) -> Path:
        """Let a copy not come back by itself any more; return where it lies."""
        aside = path.with_name(_ASIDE + path.name)
        try:
            path.replace(aside)
        except OSError:
            _log.exception("a spare copy cannot be set aside")
            return path
        return aside

    def _folders(self) -> tuple[Path, Path]:
        return self._folder, Path(tempfile.gettempdir())
