"""The migrations lead to exactly the tables that the program works with."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from gsal.errors import ProjectDamaged
from gsal.project import DATABASE_NAME, Project
from gsal.records import Purpose, QueueKind, QueueOrder, QueueRequest, ReviewSettings, Verdict
from gsal.storage import migrate
from gsal.storage.schema import Base
from gsal.storage.sqlite import identify, writing_engine


def test_a_migrated_database_has_the_tables_of_the_schema(project: Project) -> None:
    engine = project.store._database._reading
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert context.get_current_revision() == migrate.newest_revision()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The folder of a project that the first version made."""
    shutil.copyfile(Path(__file__).parent / "fixtures" / "project-0001.sqlite", tmp_path / DATABASE_NAME)
    return tmp_path


def test_a_project_of_the_first_version_is_brought_to_this_one(old: Path) -> None:
    with Project.open(old) as project:
        store = project.store
        assert (project.name, store.images.count()) == ("made by 0001", 6)
        reader = store.readers.all()[0]
        human = store.masks.best()[1]
        assert (human.source, human.tool, human.pixels_added, human.reading_id) == ("human", "brush", 7, None)
        assert store.masks.load(human.id).data == b"ink"
        assert store.masks.head(1, reader.id, Purpose.REVIEW) == human
        found = store.queue.items(QueueRequest(QueueKind.REVIEW, reader.id, QueueOrder.NAME))
        assert [item.verdict for item in found] == [Verdict.ACCEPTED, Verdict.FLAGGED, *[None] * 4]
        assert store.review_settings() == ReviewSettings()
    engine = writing_engine(old / DATABASE_NAME)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()
    (backup,) = (old / "backups").glob("*-migration.sqlite")
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """The folder of a project that a program with the second tables made."""
    folder = tmp_path / "second"
    folder.mkdir()
    shutil.copyfile(Path(__file__).parent / "fixtures" / "project-0002.sqlite", folder / DATABASE_NAME)
    assert identify(folder / DATABASE_NAME)[1] == "0002"
    return folder


def test_a_project_of_the_second_tables_keeps_its_readings_and_its_locked_set(second: Path) -> None:
    with Project.open(second) as project:
        store = project.store
        reading = store.readings.latest(1, 1, Purpose.REVIEW)
        assert reading is not None
        (step,) = store.readings.steps(reading.id)
        assert store.readings.deltas([step.id])[step.id].data == b"a"
        assert store.validation.locked_images() == {2}
        mask = store.masks.by_rule()[1]["hue"]
        assert (mask.settings, reading.start_id) == (None, mask.id)
    with closing(sqlite3.connect(second / DATABASE_NAME)) as connection:
        for statement, words in (
            ("UPDATE reading SET start_id = NULL", "never changed"),
            ("DELETE FROM step", "never changed"),
            ("DELETE FROM validation_member", "locked"),
        ):
            with pytest.raises(sqlite3.IntegrityError, match=words):
                connection.execute(statement)


@pytest.mark.sqlite
@pytest.mark.parametrize("made_by", ["old", "second"])
def test_an_upgraded_and_a_new_project_have_the_same_tables_and_triggers(
    made_by: str, request: pytest.FixtureRequest, project: Project
) -> None:
    old: Path = request.getfixturevalue(made_by)
    Project.open(old).close()
    project.close()
    found = []
    for folder in (old, project.folder):
        with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
            found.append(set(connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")))
    assert found[0] == found[1]
    assert {name for kind, name, *_ in found[0] if kind == "trigger"} >= {
        f"{table}_no_{action}"
        for table in ("mask_revision", "reading", "step", "decision")
        for action in ("update", "delete")
    }


def test_what_a_migration_adds_is_empty_at_first_and_masks_are_still_only_added(old: Path) -> None:
    with Project.open(old) as project:
        assert not project.store.images.has_uncertainties()
        assert project.store.images.get(1).disagreement == 0.25
        assert {mask.settings for mask in project.store.masks.get_many([1, 2, 3]).values()} == {None}
    with closing(sqlite3.connect(old / DATABASE_NAME)) as connection:
        for statement in ("UPDATE mask_revision SET settings = '{}'", "DELETE FROM mask_revision"):
            with pytest.raises(sqlite3.IntegrityError, match="never changed"):
                connection.execute(statement)


def test_a_project_whose_rows_lead_nowhere_is_left_as_it_was(old: Path) -> None:
    path = old / DATABASE_NAME
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM reader")
        connection.commit()
    with pytest.raises(ProjectDamaged, match="refer to what is not there"):
        Project.open(old)
    assert identify(path)[1] == "0001"


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
