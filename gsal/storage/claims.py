"""Who works on what on a server: locks by number that die with their holder's connection."""

import threading
from contextlib import suppress
from typing import Protocol

from sqlalchemy import Connection, Engine, TextClause, text

from gsal.errors import ServerError

__all__ = ["Claims", "OwnClaims", "ServerClaims"]

_OPEN = 0
"""Not a job's number: whoever has the project open shares it, who upgrades its tables needs it alone."""

_TAKE = text("SELECT pg_try_advisory_lock(:project, :number)")
_SHARE = text("SELECT pg_try_advisory_lock_shared(:project, :number)")
_DROP = text("SELECT pg_advisory_unlock(:project, :number)")


class Claims(Protocol):
    """Which jobs this program works on, and whether another one works on a job."""

    def take(self, number: int) -> bool:
        """Claim a job; return whether nobody else has it. One's own can be claimed again."""
        ...

    def drop(self, number: int) -> None:
        """Give a job up."""
        ...

    def close(self) -> None:
        """Give up all."""
        ...


class OwnClaims:
    """Claims in a file that one program writes: there is nobody else."""

    def take(self, number: int) -> bool:
        """Claim a job; always possible."""
        del number
        return True

    def drop(self, number: int) -> None:
        """Give a job up."""

    def close(self) -> None:
        """Give up all."""


class ServerClaims:
    """Claims as locks of one connection, which is open as long as the project is.

    A server that was restarted has forgotten them; the next claim takes back those of before.

    Args:
        engine: Where the connection comes from; the locks change no row.
        project_uuid: A server keeps several projects, and each has a job number 1.
    """

    def __init__(self, engine: Engine, project_uuid: str) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        # The server wants two signed numbers of 32 bits.
        self._project = int(project_uuid[:8], 16) - (1 << 31)
        self._held: dict[int, TextClause] = {}
        self._connection: Connection | None = None
        self._lock = threading.Lock()

    def enter(self) -> bool:
        """Note that the project is open; return whether nobody is upgrading its tables."""
        return self._take(_OPEN, _SHARE)

    def enter_alone(self) -> bool:
        """Keep everybody else out; return whether nobody has the project open."""
        return self._take(_OPEN, _TAKE)

    def take(self, number: int) -> bool:
        """Claim a job; return whether nobody else has it."""
        return self._take(number, _TAKE)

    def drop(self, number: int) -> None:
        """Give a job up."""
        with self._lock:
            if self._held.pop(number, None) is not None:
                # A server that does not answer has dropped it already.
                with suppress(ServerError):
                    self._ask(number, _DROP)

    def close(self) -> None:
        """Give up all."""
        with self._lock:
            self._held.clear()
            self._hang_up()

    def _take(self, number: int, how: TextClause) -> bool:
        with self._lock:
            if number in self._held:
                return True
            is_taken = self._ask(number, how)
            if is_taken:
                self._held[number] = how
            return is_taken

    def _ask(self, number: int, how: TextClause) -> bool:
        try:
            return self._call(number, how)
        except ServerError:
            self._hang_up()
            for held, again in self._held.items():
                self._call(held, again)
            return self._call(number, how)

    def _call(self, number: int, how: TextClause) -> bool:
        if self._connection is None:
            self._connection = self._engine.connect()
        return bool(self._connection.scalar(how, {"project": self._project, "number": number}))

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
