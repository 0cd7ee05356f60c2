"""What is said when the disk, or the project itself, does not take a change."""

from pathlib import Path

from gsal.errors import GsalError, NotFoundError, ProjectError

__all__ = ["NotSaved", "SetAside", "may_pass"]

_WORDS = {
    "SQLITE_FULL": ("the disk is full", "Free some space, or save a copy elsewhere."),
    "SQLITE_BUSY": ("another program is using the project", "Close it there, or save a copy elsewhere."),
    "SQLITE_LOCKED": ("another program is using the project", "Close it there, or save a copy elsewhere."),
    "SQLITE_READONLY": (
        "the project's folder cannot be written",
        "Ask for access, or save a copy elsewhere.",
    ),
    "SQLITE_CANTOPEN": (
        "the project's folder cannot be reached",
        "Connect it again, or save a copy elsewhere.",
    ),
    "SQLITE_IOERR": ("the project's disk cannot be written", "Connect it again, or save a copy elsewhere."),
}


_PASSING = (
    *_WORDS,
    "SQLITE_NOMEM",
    "SQLITE_INTERRUPT",
    "SQLITE_PROTOCOL",
    "SQLITE_PERM",
    "SQLITE_AUTH",
    "SQLITE_CORRUPT",
    "SQLITE_NOTADB",
)
"""The whole database is in trouble, not what was to be written."""


def may_pass(error: BaseException) -> bool:
    """Whether the same entry may be taken later: the disk, the folder or the database is in trouble."""
    if isinstance(error, OSError | MemoryError | ProjectError):
        return True
    cause = getattr(error, "orig", None) or error
    code = getattr(cause, "sqlite_errorname", None)
    # A server's driver has names for its errors instead of codes: it is down, or out of reach.
    return type(cause).__name__ == "OperationalError" if code is None else code.startswith(_PASSING)


class NotSaved(GsalError):  # noqa: N818 - reads as what it is
    """Changes that are held in memory because the disk refuses them.

    Attributes:
        held: How many.
    """

    def __init__(self, error: BaseException, *, held: int) -> None:
        reason, remedy = _reason(error)
        changes = "1 change is" if held == 1 else f"{held} changes are"
        kept = "It is kept here and tried again." if held == 1 else "They are kept here and tried again."
        super().__init__(f"{changes} not saved: {reason}. {kept} {remedy}")
        self.held = held


class SetAside(GsalError):  # noqa: N818 - reads as what it is
    """Changes that the project will never take as they are; they lie in a file instead.

    Attributes:
        path: The file.
        count: How many.
    """

    def __init__(self, path: Path, *, count: int, reason: str) -> None:
        changes = "1 change was" if count == 1 else f"{count} changes were"
        super().__init__(f"{changes} not written into the project: {reason}. All of it is kept in {path}.")
        self.path = path
        self.count = count

    @staticmethod
    def reason(error: BaseException) -> str:
        """Return in words why the project does not take something, without any of its numbers."""
        cause = getattr(error, "orig", None) or error
        is_lost = isinstance(error, NotFoundError) or type(cause).__name__ == "IntegrityError"
        if is_lost:
            return "what it belongs to is not in the project, perhaps since a backup was restored"
        return "the project cannot hold it as it is"


def _reason(error: BaseException) -> tuple[str, str]:
    remedy = "Save a copy elsewhere if it goes on."
    # The database's own error lies below the one it is raised as.
    cause = getattr(error, "orig", None) or error
    name = str(getattr(cause, "sqlite_errorname", ""))
    for code, words in _WORDS.items():
        if name.startswith(code):
            return words
    if isinstance(error, OSError):
        return (error.strerror or str(error)).rstrip(".").lower(), remedy
    return str(cause).splitlines()[0].rstrip(".") if str(cause) else type(cause).__name__, remedy
