"""The migrations lead to exactly the tables that the program works with."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from gsal.project import DATABASE_NAME, Project
from gsal.storage import migrate
from gsal.storage.schema import Base
from gsal.storage.sqlite import writing_engine


def test_a_migrated_database_has_the_tables_of_the_schema(project: Project) -> None:
    project.close()
    engine = writing_engine(project.folder / DATABASE_NAME)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert context.get_current_revision() == migrate.newest_revision()
    engine.dispose()


def test_references_are_enforced_after_a_migration(tmp_path: Path) -> None:
    path = tmp_path / "fresh.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 1")
    engine = writing_engine(path)
    migrate.upgrade(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
    engine.dispose()


def test_the_files_of_the_migrations_begin_with_their_revisions() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    assert migrate.known_revisions() == {script.revision for script in scripts.walk_revisions()}
    assert migrate.newest_revision() == scripts.get_current_head()
