"""What is said when the disk does not take a change."""

from gsal.errors import GsalError

__all__ = ["NotSaved"]

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
