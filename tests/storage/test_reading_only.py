"""Projects that can only be read, or not even that: each is described as what it is."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

import gsal
from gsal.errors import ProjectDamaged, ProjectError
from gsal.project import DATABASE_NAME, Project
from gsal.storage import local

pytestmark = pytest.mark.sqlite

NOBODY = 65534

Shared = Callable[[int], Path]


@pytest.fixture
def shared(project: Project) -> Iterator[Shared]:
    """Give the project of somebody else, in a folder of the given mode, to a user who is not root."""
    if not hasattr(os, "setresuid"):
        pytest.skip("needs users as Linux has them")
    outer = Path(tempfile.mkdtemp())
    folder = outer / "theirs"
    was_root = os.geteuid() == 0

    def give(mode: int) -> Path:
        shutil.copytree(project.folder, folder)
        for path in (outer, folder):
            path.chmod(0o755)
        for path in folder.iterdir():
            path.chmod(0o755 if path.is_dir() else 0o444)
        folder.chmod(mode)
        if was_root:
            os.setresuid(NOBODY, NOBODY, 0)
            if not os.access(str(gsal.__file__), os.R_OK):
                pytest.skip("another user cannot read the program")
        return folder

    try:
        yield give
    finally:
        if was_root:
            os.setresuid(0, 0, 0)
        if folder.exists():
            folder.chmod(0o755)
        shutil.rmtree(outer)


def test_a_read_only_folder_opens_for_reading(project: Project, shared: Shared) -> None:
    project.close()
    with Project.open(shared(0o555), read_only=True) as reading:
        assert reading.store.images.count() == 0


def test_changes_left_in_a_read_only_folder_are_no_damage(
    project: Project, image_ids: list[int], shared: Shared
) -> None:
    assert image_ids
    wal = DATABASE_NAME + "-wal"
    assert (project.folder / wal).stat().st_size > 0
    (project.folder / (DATABASE_NAME + "-shm")).rename(project.folder / "elsewhere")
    folder = shared(0o555)
    with pytest.raises(ProjectError, match=rf"{wal}.*Copy the whole folder") as caught:
        Project.open(folder, read_only=True)
    assert not isinstance(caught.value, ProjectDamaged)


def test_a_closed_folder_is_a_matter_of_permission(project: Project, shared: Shared) -> None:
    project.close()
    folder = shared(0o000)
    with pytest.raises(ProjectError, match="cannot be read: permission"):
        Project.open(folder)


def test_a_closed_file_is_a_matter_of_permission(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.close()

    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    for read_only in (False, True):
        with pytest.raises(ProjectError, match="cannot be read: permission"):
            Project.open(project.folder, read_only=read_only)


def test_damage_met_while_reading_is_named(
    project: Project, image_ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert image_ids
    project.close()
    database = project.folder / DATABASE_NAME
    with closing(sqlite3.connect(database)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'image'"
        page = connection.execute(query).fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    with database.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    with pytest.raises(ProjectDamaged, match="damaged"):
        Project.open(project.folder, read_only=True)
    monkeypatch.setattr(local, "QUICK_CHECK_BYTES", 0)
    with (
        Project.open(project.folder, read_only=True) as reading,
        pytest.raises(ProjectDamaged, match="damaged"),
    ):
        reading.store.images.all()
