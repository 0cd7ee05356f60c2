"""One writer per project: a system lock that dies with its holder, and a note that says who holds it."""

import contextlib
import getpass
import json
import os
import socket
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from gsal.errors import ProjectLocked
from gsal.files import write_text

__all__ = ["ProjectLock"]


class ProjectLock:
    """Held from opening a project for writing until closing it.

    Args:
        database: Path of the project's database; the lock lies beside it.
        program: What is opening it, for the note ("window", "gsal propose").
    """

    def __init__(self, database: Path, *, program: str) -> None:
        self._note = database.with_name(database.name + ".lock.json")
        self._lock = FileLock(database.with_name(database.name + ".lock"))
        self._program = program
        self._database = database

    def acquire(self) -> bool:
        """Take the lock; return whether the last holder left without releasing it (a crash).

        Raises:
            ProjectLocked: Another program holds it; the text says which.
        """
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise ProjectLocked(
                f"{self._database.parent}: this project is already open for writing{self._holder()}. "
                "Close it there, or open it for reading only."
            ) from None
        was_left = self._note.exists()
        note = {
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "user": _user(),
            "program": self._program,
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        write_text(self._note, json.dumps(note))
        return was_left

    def release(self) -> None:
        """Give the lock back."""
        self._note.unlink(missing_ok=True)
        self._lock.release()

    def _holder(self) -> str:
        with contextlib.suppress(OSError, ValueError, KeyError):
            note = json.loads(self._note.read_text(encoding="utf-8"))
            return f" by {note['program']} of {note['user']} on {note['host']} since {note['since']}"
        return ""


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
