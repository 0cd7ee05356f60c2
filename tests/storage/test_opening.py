"""Opening a project: what cannot be opened is named, and not a byte of it is changed."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from gsal.errors import ProjectDamaged, ProjectError, ProjectLocked, ProjectNewer
from gsal.files import sha256_of_file
from gsal.project import DATABASE_NAME, Project
from gsal.records import JobStatus
from gsal.storage.backup import newest_backup

pytestmark = pytest.mark.sqlite


@pytest.fixture
def closed(project: Project) -> Path:
    project.close()
    return project.folder / DATABASE_NAME


def _refused(database: Path, error: type[ProjectError], match: str) -> None:
    before = sha256_of_file(database)
    for read_only in (False, True):
        with pytest.raises(error, match=match):
            Project.open(database.parent, read_only=read_only)
    assert sha256_of_file(database) == before


def test_a_newer_project_is_refused(closed: Path) -> None:
    with closing(sqlite3.connect(closed)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    _refused(closed, ProjectNewer, "newer version")


def test_a_foreign_database_is_refused(closed: Path) -> None:
    with closing(sqlite3.connect(closed)) as connection:
        connection.execute("PRAGMA application_id = 7")
        connection.commit()
    _refused(closed, ProjectDamaged, "another program")


def test_text_is_refused(closed: Path) -> None:
    closed.write_text("this is not a database, but long enough to look like a file")
    _refused(closed, ProjectDamaged, "not a project database")


def test_a_truncated_file_is_refused(closed: Path) -> None:
    data = closed.read_bytes()
    closed.write_bytes(data[: len(data) // 2])
    _refused(closed, ProjectDamaged, "damaged")


def test_an_empty_folder_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(ProjectDamaged, match="no project here"):
        Project.open(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_second_project_in_one_folder_is_refused(closed: Path) -> None:
    with pytest.raises(ProjectError, match="already"):
        Project.create(closed.parent)


def test_a_second_writer_is_told_who_holds_it(project: Project) -> None:
    with pytest.raises(ProjectLocked, match=r"already open for writing by gsal of .* on .* since"):
        Project.open(project.folder)
    with Project.open(project.folder, read_only=True) as reading:
        assert reading.store.images.count() == 0


def test_a_writer_in_another_process_is_seen_and_its_death_frees_the_lock(closed: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from gsal.project import Project; "
        f"p = Project.open(Path({str(closed.parent)!r}), program='holder'); "
        "p.store.jobs.start('propose', {}); print('open', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(ProjectLocked, match="by holder"):
            Project.open(closed.parent)
    finally:
        holder.kill()
        holder.communicate()
    with Project.open(closed.parent) as project:
        statuses = [job.status for job in project.store.jobs.all()]
    assert statuses == [JobStatus.INTERRUPTED]


def test_a_backup_opens_and_holds_the_project(project: Project, reopened: Callable[[], Project]) -> None:
    project.store.jobs.start("propose", {"a": 1})
    with reopened() as again:
        backup = newest_backup(again.folder / "backups")
        assert backup is not None
        with closing(sqlite3.connect(backup)) as connection:
            row = connection.execute("SELECT settings FROM job").fetchone()
    assert json.loads(row[0]) == {"a": 1}


def test_unusable_classes_are_refused(tmp_path: Path) -> None:
    for classes in (("A",), ("A", "A"), ("A", "")):
        with pytest.raises(ProjectError, match="classes"):
            Project.create(tmp_path / "p", classes=classes)
