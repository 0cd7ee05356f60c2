"""Whether the project still lies where it was opened."""

from pathlib import Path

from gsal.errors import ProjectError
from gsal.project import DATABASE_NAME, Project

__all__ = ["Place"]


class Place:
    """Remembers which file the project's database is.

    A database that was deleted or moved while it is open goes on taking writes, which nobody will find again.
    One on a server has no file, and nothing to look for: the server says itself when it is not there.
    """

    def __init__(self, project: Project) -> None:
        self._path = project.folder / DATABASE_NAME
        self._identity = _identity(self._path)

    def check(self) -> None:
        """Look whether the database is where it was.

        Raises:
            ProjectError: It is gone, or another file is in its place.
        """
        if _identity(self._path) != self._identity:
            raise ProjectError(
                f"the project's folder {self._path.parent} is gone. Bring it back to where it was."
            )


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
