"""Making a project's database: aside, and put in place when it is complete."""

import glob
import sqlite3
from contextlib import closing
from pathlib import Path

from gsal.errors import ProjectError
from gsal.files import replacing
from gsal.storage.home import Fill
from gsal.storage.migrate import upgrade
from gsal.storage.sqlite import APPLICATION_ID, writing_engine

__all__ = ["build"]


def build(path: Path, fill: Fill) -> None:
    """Make a database with all tables and its first rows; until it is complete, `path` is absent.

    Args:
        path: Where no file is yet; the caller holds the project's lock.
        fill: Puts the rows in.

    Raises:
        ProjectError: Changes of a database that is gone lie there; SQLite would mix them into the new one.
    """
    for suffix in ("-wal", "-journal"):
        left = path.with_name(path.name + suffix)
        if left.exists():
            raise ProjectError(
                f"{left}: this is left of a project whose {path.name} is gone. Move it away, or choose "
                "another folder."
            )
    _remove_leftovers(path)
    with replacing(path) as temporary:
        try:
            _fill(temporary, fill)
        finally:
            for left in temporary.parent.glob(f"{glob.escape(temporary.name)}-*"):
                left.unlink(missing_ok=True)


def _remove_leftovers(path: Path) -> None:
    # What was being written in place of the file when a program was killed.
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.tmp*"):
        left.unlink(missing_ok=True)


def _fill(path: Path, fill: Fill) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.commit()
    path.chmod(0o600)
    engine = writing_engine(path)
    try:
        upgrade(engine, fill)
    finally:
        # The last connection takes the changes beside the file into it, so that one rename moves all.
        engine.dispose()
