"""A PostgreSQL server of the tests' own, started from the binaries of this machine, if it has any."""

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

__all__ = ["Server", "connect", "running_server"]

_UNPRIVILEGED = ("postgres", "nobody")
_FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=16MB"


def connect(url: str) -> "psycopg.Connection[Any]":
    """Connect as another program would; every statement is committed at once."""
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


class Server:
    """A server that answers on a socket in its own folder alone.

    Args:
        binaries: Where initdb and pg_ctl lie.
        folder: Empty, of a short path: a socket's may not be long.
        user: Who runs it, for PostgreSQL refuses root; "" for whoever runs the tests.
    """

    def __init__(self, binaries: Path, folder: Path, user: str) -> None:
        self._binaries = binaries
        self._folder = folder
        self._user = user
        self._numbers = itertools.count()
        self._run(
            "initdb", "--no-sync", "--auth=trust", "--username=gsal", "--encoding=UTF8", "--locale=C.UTF-8"
        )

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-c listen_addresses='' -c unix_socket_directories='{self._folder}' {_FAST}"
        self._run("pg_ctl", "-w", "-l", str(self._folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        """Stop it as an administrator does: who is connected is cut off, and what was committed stays."""
        self._run("pg_ctl", "-w", "-m", "fast", "stop")

    def url(self, database: str = "postgres") -> str:
        """Return the address of a database."""
        return f"postgresql://gsal@/{database}?host={self._folder}"

    @contextmanager
    def database(self, like: str = "template0") -> Iterator[str]:
        """Give the address of a new database, a copy of another one, for as long as it is needed."""
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        yield self.url(name)
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run a statement outside of any program's transaction."""
        with connect(self.url(database)) as connection:
            connection.execute(statement.encode())

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), "-D", str(self._folder / "data"), *arguments]
        # Output to nowhere: the server keeps what it is given open, and a pipe would never end.
        subprocess.run(
            command,
            check=True,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=self._user or None,
            extra_groups=[] if self._user else None,
        )


@contextmanager
def running_server() -> Iterator[Server]:
    """Run a server; without PostgreSQL on this machine, what needs it is skipped and says so."""
    binaries, user = _binaries(), _user()
    folder = Path(tempfile.mkdtemp(prefix="gsal-pg-"))
    if user:
        shutil.chown(folder, user)
    try:
        server = Server(binaries, folder, user)
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder)


def _binaries() -> Path:
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if not versions:
        pytest.skip("PostgreSQL is not on this machine (no initdb on the path or in /usr/lib/postgresql)")
    return versions[-1].parent


def _user() -> str:
    """Return who is to run the server; "" for whoever runs the tests."""
    if not hasattr(os, "geteuid"):
        pytest.skip("PostgreSQL is started in these tests as on Linux only")
    if os.geteuid() != 0:
        return ""
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in _UNPRIVILEGED:
        if name in known:
            return name
    pytest.skip("PostgreSQL does not run as root, and there is no other user to run it as")
