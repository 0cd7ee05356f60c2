"""What can go wrong in the user's world; anything else that is raised is a bug.

::

    GsalError                 shown to the user as it is: what happened, which file, what to do
    ├── InputError            a file or folder that cannot be used
    │   ├── ImageError        a picture that cannot be read
    │   └── LabelsError       a table of labels that cannot be used
    ├── ProjectError          a project that cannot be opened or written
    │   ├── ProjectLocked     another program is writing it
    │   ├── ProjectNewer      a newer version of this program made it
    │   ├── ProjectDamaged    its database is damaged or foreign
    │   ├── ServerError       the server that keeps its database does not answer
    │   └── ReadOnlyError     it was opened for reading only
    ├── NotFoundError         no such cohort, model, picture ... in the project
    ├── CohortError           a cohort that cannot be formed or is too small
    ├── ModelError            a model that cannot be loaded, trained or explained
    ├── LockedError           it would touch the locked validation set
    └── ConflictError         somebody else changed the same thing in between
"""

from pathlib import Path

__all__ = [
    "CohortError",
    "ConflictError",
    "GsalError",
    "ImageError",
    "InputError",
    "LabelsError",
    "LockedError",
    "ModelError",
    "NotFoundError",
    "ProjectDamaged",
    "ProjectError",
    "ProjectLocked",
    "ProjectNewer",
    "ReadOnlyError",
    "ServerError",
]


class GsalError(Exception):
    """Base of all errors that are the user's to solve; `str(error)` is shown as it is."""


class InputError(GsalError):
    """A file or folder that cannot be used.

    Attributes:
        path: The file it is about.
        reason: One clause without the file's name ("empty file").
        remedy: What to do about it, possibly empty.
    """

    def __init__(self, path: Path | str, reason: str, remedy: str = "") -> None:
        self.path = Path(path)
        self.reason = reason
        self.remedy = remedy
        super().__init__(f"{path}: {reason}." + (f" {remedy}" if remedy else ""))


class ImageError(InputError):
    """A picture that cannot be read."""


class LabelsError(InputError):
    """A table of labels that cannot be used."""


class ProjectError(GsalError):
    """A project that cannot be opened or written."""


class ProjectLocked(ProjectError):  # noqa: N818 - reads as what it is
    """Another program is writing the project."""


class ProjectNewer(ProjectError):  # noqa: N818
    """A newer version of this program made the project."""


class ProjectDamaged(ProjectError):  # noqa: N818
    """The project's database is damaged or belongs to another program."""


class ServerError(ProjectError):
    """The server that keeps the project's database does not answer, or lets nobody in.

    Attributes:
        is_lost: Whether there had been a connection that broke.
    """

    def __init__(self, text: str, *, is_lost: bool = False) -> None:
        self.is_lost = is_lost
        super().__init__(text)


class ReadOnlyError(ProjectError):
    """The project was opened for reading only."""


class NotFoundError(GsalError):
    """The project holds no such thing."""


class CohortError(GsalError):
    """A cohort that cannot be formed, or is too small to train on."""


class ModelError(GsalError):
    """A model that cannot be loaded, trained or explained."""


class LockedError(GsalError):
    """The locked validation set would be changed, or trained on."""


class ConflictError(GsalError):
    """Somebody else changed the same thing in between."""
