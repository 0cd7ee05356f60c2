"""Backups: they hold what the project holds, wherever it lies, and leave nothing else behind."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gsal.errors import ProjectDamaged
from gsal.project import DATABASE_NAME, Project
from gsal.storage.backup import back_up

pytestmark = pytest.mark.sqlite


@pytest.mark.parametrize("name", ["lab #3", "why?", "50% ink", "a%20b"])
def test_a_path_with_signs_of_uris_is_backed_up(tmp_path: Path, name: str) -> None:
    parent = tmp_path / "parent"
    folder = parent / name
    Project.create(folder, name="signs").close()
    backup = back_up(folder / DATABASE_NAME, folder / "backups", reason="start")
    assert list(parent.iterdir()) == [folder]
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT name FROM project").fetchall() == [("signs",)]
        assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


def test_a_backup_counts_pictures_and_masks(project: Project, image_ids: list[int]) -> None:
    backup = back_up(project.folder / DATABASE_NAME, project.folder / "backups", reason="start")
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT count(*) FROM image").fetchone() == (len(image_ids),)


def test_a_database_without_tables_gives_no_backup(tmp_path: Path) -> None:
    database = tmp_path / "empty.sqlite"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
    with pytest.raises(ProjectDamaged, match="no backup"):
        back_up(database, tmp_path / "backups", reason="start")
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_copy_that_was_never_finished_is_removed(project: Project) -> None:
    folder = project.folder / "backups"
    folder.mkdir()
    (folder / ".20200101T000000-start.sqlite.0123abcd.tmp").write_bytes(b"half")
    backup = back_up(project.folder / DATABASE_NAME, folder, reason="start")
    assert list(folder.iterdir()) == [backup]


def test_an_open_project_is_copied_again_once_it_has_changed_for_an_hour(
    project: Project, image_ids: list[int]
) -> None:
    project.store.back_up_if_due(reason="start")
    (first,) = (project.folder / "backups").glob("*.sqlite")
    project.store.back_up_if_due()
    assert list((project.folder / "backups").glob("*.sqlite")) == [first]
    an_hour_ago = first.stat().st_mtime - 3700
    os.utime(first, (an_hour_ago, an_hour_ago))
    project.store.back_up_if_due()
    copies = sorted((project.folder / "backups").glob("*.sqlite"))
    assert [path.stem.split("-")[1] for path in copies if path != first] == ["hourly"]
