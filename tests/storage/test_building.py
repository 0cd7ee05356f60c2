"""A new project is whole or absent, whenever its making stops."""

import subprocess
import sys
from pathlib import Path

import pytest

from gsal.errors import ProjectError
from gsal.project import DATABASE_NAME, Project
from gsal.storage import building

KILLED = """
import os, sys
from pathlib import Path
from gsal.project import Project
from gsal.storage import building
building.upgrade = lambda *_: os._exit(9)
Project.create(Path(sys.argv[1]))
"""


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.endswith(".lock")}


def test_a_killed_making_leaves_no_project_and_can_be_repeated(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False)
    assert killed.returncode == 9
    assert any(name.startswith(f".{DATABASE_NAME}.") for name in _names(folder))
    assert not (folder / DATABASE_NAME).exists()
    Project.create(folder, name="again").close()
    assert _names(folder) == {DATABASE_NAME}
    with Project.open(folder) as project:
        assert project.name == "again"


def test_a_failing_making_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(building, "upgrade", fail)
    with pytest.raises(ProjectError, match="No space left"):
        Project.create(tmp_path)
    assert _names(tmp_path) == set()


def test_changes_of_a_lost_database_are_not_mixed_in(tmp_path: Path) -> None:
    (tmp_path / (DATABASE_NAME + "-wal")).write_bytes(b"someone's work")
    with pytest.raises(ProjectError, match="Move it away"):
        Project.create(tmp_path)
    assert _names(tmp_path) == {DATABASE_NAME + "-wal"}
