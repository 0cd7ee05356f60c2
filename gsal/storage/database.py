"""A project's database as its repositories see it: short reading sessions, and writes by one thread."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from gsal.errors import ReadOnlyError
from gsal.storage.claims import Claims, OwnClaims
from gsal.storage.writer import MayRepeat, Priority, Writer, never

__all__ = ["Database", "now"]

T = TypeVar("T")


def now() -> str:
    """Return the time in UTC as text; order is by row number, never by this."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Database:
    """Reading sessions for anyone, writes through the one writer.

    Args:
        reading: Engine whose connections cannot write.
        writing: Engine with the one writing connection; None for a project opened for reading.
        claims: Which jobs this program works on; by default there is no other program.
        may_repeat: Which failed changes are made once more.
    """

    def __init__(
        self,
        reading: Engine,
        writing: Engine | None,
        *,
        claims: Claims | None = None,
        may_repeat: MayRepeat = never,
    ) -> None:
        self.claims = claims or OwnClaims()
        self._reading = reading
        self._writing = writing
        self._writer = Writer(writing, may_repeat) if writing is not None else None

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written."""
        return self._writer is None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session for reading; keep it short, and let no row out of it."""
        with Session(self._reading) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Give a connection that sees the database as it is now, whatever is written meanwhile."""
        with self._reading.connect() as connection:
            if connection.dialect.name == "sqlite":
                # Else every statement is a moment of its own.
                connection.exec_driver_sql("BEGIN")
            yield connection

    def submit(self, change: Callable[[Session], T], priority: Priority = Priority.BATCH) -> "Future[T]":
        """Queue a change; the future resolves after COMMIT.

        Raises:
            ReadOnlyError: The project was opened for reading only.
        """
        if self._writer is None:
            raise ReadOnlyError(
                "This project is open for reading only. Close it elsewhere and open it again."
            )
        return self._writer.submit(change, priority)

    def write(self, change: Callable[[Session], T]) -> T:
        """Make a change and wait until it is committed."""
        return self.submit(change).result()

    def close(self) -> None:
        """Finish waiting writes and let the files go."""
        if self._writer is not None:
            self._writer.close()
        self._reading.dispose()
        if self._writing is not None:
            if self._writing.dialect.name == "sqlite":
                with self._writing.connect() as connection:
                    driver = connection.connection.dbapi_connection
                    if driver is not None:
                        driver.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._writing.dispose()
