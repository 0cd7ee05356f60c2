"""Bringing a project's tables to this version's, by Alembic."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine

from gsal.errors import ProjectDamaged, ProjectNewer
from gsal.version import __version__

__all__ = ["known_revisions", "newer_tables", "newest_revision", "upgrade"]


_MIGRATIONS = Path(__file__).parent / "migrations"


def known_revisions() -> frozenset[str]:
    """Return all revisions this version can upgrade from; each migration's file begins with its own."""
    return frozenset(path.name.split("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def newest_revision() -> str:
    """Return the revision this version of the program works with."""
    return max(known_revisions())


def newer_tables(where: str, revision: str) -> ProjectNewer:
    """Return the error of a project whose tables this version does not know."""
    return ProjectNewer(
        f"{where}: a newer version of this program made this project (its tables are {revision}, "
        f"this is version {__version__}). Nothing was changed. Install the newer version to open it."
    )


def upgrade(engine: Engine, then: Callable[[Connection], object] | None = None) -> None:
    """Bring the tables to the newest revision in one transaction: all of it, or nothing.

    Args:
        engine: Of a connection that may make tables.
        then: Puts rows into them, in the same transaction.

    Raises:
        ProjectDamaged: Rows refer to rows that are not there.
    """
    # Alembic is slow to import, and a project that is up to date needs none of it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        if connection.dialect.name == "sqlite" and isinstance(driver, sqlite3.Connection):
            # SQLite rebuilds tables by copying them: references must not fire meanwhile, and
            # this pragma does nothing inside a transaction.
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                if then is not None:
                    then(connection)
                _check_references(driver)
        finally:
            if isinstance(driver, sqlite3.Connection):
                driver.execute("PRAGMA foreign_keys=ON")


def _check_references(driver: object) -> None:
    # They were off: what leads nowhere now would be refused for ever after.
    if isinstance(driver, sqlite3.Connection):
        lost = driver.execute("PRAGMA foreign_key_check").fetchall()
        if lost:
            raise ProjectDamaged(
                f"The project could not be brought to this version: {len(lost)} rows of its table "
                f"{lost[0][0]} refer to what is not there. Nothing was changed. Restore a backup."
            )
