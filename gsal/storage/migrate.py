"""Bringing a project's tables to this version's, by Alembic."""

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from gsal.errors import ProjectDamaged

__all__ = ["known_revisions", "newest_revision", "upgrade"]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def newest_revision() -> str:
    """Return the revision this version of the program works with."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise RuntimeError("the program was installed without its migrations")
    return revision


def known_revisions() -> frozenset[str]:
    """Return all revisions this version can upgrade from."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def upgrade(engine: Engine) -> None:
    """Bring the tables to the newest revision in one transaction: all of it, or nothing.

    Raises:
        ProjectDamaged: Rows refer to rows that are not there.
    """
    config = _config()
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
