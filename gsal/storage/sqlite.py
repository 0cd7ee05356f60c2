"""How SQLite files are connected to: pragmas, transactions, and the checks that change nothing."""

import os
import sqlite3
import sys
import unicodedata
from contextlib import closing
from pathlib import Path
from typing import cast
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, Pool, QueuePool

from gsal.errors import ProjectDamaged, ProjectError

__all__ = [
    "APPLICATION_ID",
    "QUICK_CHECK_BYTES",
    "check_integrity",
    "identify",
    "reading_engine",
    "unreadable",
    "uri_of",
    "writing_engine",
]

APPLICATION_ID = 0x6773616C  # "gsal"
QUICK_CHECK_BYTES = 100 << 20
"""Up to this size a file is checked whenever it is opened (under 0.1 s)."""

_HEADER = b"SQLite format 3\x00"
_COMMON_PRAGMAS = ("foreign_keys=ON", "busy_timeout=5000", "trusted_schema=OFF", "cell_size_check=ON")
# recursive_triggers: without it INSERT OR REPLACE would remove a row past the trigger that refuses it.
_WRITING_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "wal_autocheckpoint=500",
    "recursive_triggers=ON",
)
_MAC_PRAGMAS = ("fullfsync=ON", "checkpoint_fullfsync=ON")


def uri_of(path: Path, mode: str) -> str:
    """Return the URI of a database file, quoted: '#', '?' and '%' in a path would else end or change it.

    Args:
        path: The file.
        mode: "ro" or "rw"; neither makes a file.
    """
    # A WAL database in a folder that cannot be written, without its -wal, is readable only as immutable.
    wal = path.with_name(path.name + "-wal")
    immutable = (
        "&immutable=1" if mode == "ro" and not os.access(path.parent, os.W_OK) and not wal.exists() else ""
    )
    return f"file:{quote(str(path.resolve()))}?mode={mode}{immutable}"


def _engine(path: Path, mode: str, pragmas: tuple[str, ...], *, pool: type[Pool], **options: int) -> Engine:
    def connect() -> sqlite3.Connection:
        # isolation_level None: this driver then leaves BEGIN to us.
        return sqlite3.connect(uri_of(path, mode), uri=True, isolation_level=None, check_same_thread=False)

    engine = create_engine("sqlite://", creator=connect, poolclass=pool, **options)

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in (*_COMMON_PRAGMAS, *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        # SQLite's own knows ASCII alone: "ärzte" would not find "ÄRZTE".
        cast(sqlite3.Connection, connection).create_function("lower", 1, _lower, deterministic=True)

    @event.listens_for(engine, "handle_error")
    def name_damage(context: ExceptionContext) -> None:
        error = context.original_exception
        if isinstance(error, sqlite3.DatabaseError) and _code(error) in _DAMAGE:
            raise _refusal(path, error) from error

    return engine


def writing_engine(path: Path) -> Engine:
    """Return an engine with the project's only writing and checkpointing connection.

    SQLite before 3.51.3 may lose commits when two connections write or checkpoint at once (the WAL-reset
    bug); a pool of one makes that impossible within the process, the project's lock between processes.
    """
    pragmas = _WRITING_PRAGMAS + (_MAC_PRAGMAS if sys.platform == "darwin" else ())
    engine = _engine(path, "rw", pragmas, pool=QueuePool, pool_size=1, max_overflow=0)

    @event.listens_for(engine, "begin")
    def begin_immediate(connection: Connection) -> None:
        # A deferred transaction that reads and then writes fails at once, ignoring the busy timeout.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    with engine.connect() as connection:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
        if mode != "wal":
            raise ProjectDamaged(
                f"{path}: this folder's file system does not support safe writing (journal mode {mode}). "
                "Move the project to a local disk."
            )
    return engine


def reading_engine(path: Path) -> Engine:
    """Return an engine whose connections cannot write."""
    return _engine(path, "ro", ("query_only=ON",), pool=NullPool if _is_immutable(path) else QueuePool)


def _lower(text: str | None) -> str | None:
    if text is None or text.isascii():
        return text and text.lower()
    # Some systems write "ä" as "a" and two dots.
    return unicodedata.normalize("NFC", text).lower()


def _is_immutable(path: Path) -> bool:
    return "immutable" in uri_of(path, "ro")


def identify(path: Path) -> tuple[int, str | None]:
    """Return the application id of a database file and its migration revision, changing nothing.

    Raises:
        ProjectDamaged: The file is no SQLite database or is damaged.
        ProjectError: It may not be read, or what is beside it cannot be read in this folder.
    """
    try:
        with path.open("rb") as file:
            header = file.read(16)
    except OSError as error:
        raise unreadable(path, error) from error
    if header != _HEADER:
        raise ProjectDamaged(
            f"{path}: this is not a project database (its first bytes are foreign). {_ADVICE}"
        )
    try:
        with closing(sqlite3.connect(uri_of(path, "ro"), uri=True)) as connection:
            application = int(connection.execute("PRAGMA application_id").fetchone()[0])
            has_version = connection.execute(
                "SELECT 1 FROM sqlite_master WHERE name='alembic_version'"
            ).fetchone()
            row = (
                connection.execute("SELECT version_num FROM alembic_version").fetchone()
                if has_version
                else None
            )
    except sqlite3.DatabaseError as error:
        raise _refusal(path, error) from error
    return application, row[0] if row else None


def check_integrity(path: Path) -> None:
    """Run SQLite's quick_check, changing nothing.

    Raises:
        ProjectDamaged: The check found something.
        ProjectError: What is beside the file cannot be read in this folder.
    """
    try:
        with closing(sqlite3.connect(uri_of(path, "ro"), uri=True)) as connection:
            answer = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        raise _refusal(path, error) from error
    if answer != "ok":
        raise ProjectDamaged(f"{path}: the project database is damaged ({answer}). {_ADVICE}")


def unreadable(path: Path, error: OSError) -> ProjectError:
    """Return the error of a project whose file or folder the system does not let us read."""
    reason = "permission" if isinstance(error, PermissionError) else error.strerror or str(error)
    return ProjectError(f"{path.parent}: this project cannot be read: {reason}. Ask its owner for access.")


def _code(error: sqlite3.Error) -> int:
    # The low byte is the primary code; errors that Python itself raises have none.
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _refusal(path: Path, error: sqlite3.DatabaseError) -> ProjectError:
    wal = path.with_name(path.name + "-wal")
    if _code(error) in _UNOPENED and wal.exists() and not os.access(path.parent, os.W_OK):
        return ProjectError(
            f"{path}: its last changes lie in {wal.name}, which cannot be read in a folder that cannot be "
            "written. Copy the whole folder to a place of your own and open the copy."
        )
    if _code(error) in _UNOPENED | _BUSY:
        return ProjectError(f"{path}: the project cannot be read now ({error}). Nothing was changed.")
    return ProjectDamaged(f"{path}: the project database is damaged ({error}). {_ADVICE}")


_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_UNOPENED = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY})
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_ADVICE = "Nothing was changed. Restore the newest file of its folder 'backups', or ask for help with a copy."
