"""What all tests share: a home of their own, and small projects."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gsal.project import Project


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep settings and caches of whoever runs the tests out of them."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "TORCH_HOME"):
        monkeypatch.setenv(name, str(home))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A new project with three classes."""
    with Project.create(tmp_path / "project", classes=("MEL", "NV", "BCC")) as made:
        yield made


@pytest.fixture
def reopened(project: Project) -> Callable[[], Project]:
    """Close the project and open it again, as after a restart."""

    def reopen() -> Project:
        project.close()
        return Project.open(project.folder)

    return reopen
