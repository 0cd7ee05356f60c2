"""Projects in a file and on a server, with pictures and masks without any picture file."""

import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from gsal.files import sha256_of_bytes
from gsal.project import DATABASE_NAME, Project
from gsal.records import EncodedMask, MaskSource, NewImage, NewMask
from gsal.storage.link import read_link
from tests.postgresql import Server, connect

NewMaskOf = Callable[..., NewMask]
Outside = Callable[[str], list[Any]]

REFUSED = (sqlite3.IntegrityError, psycopg.IntegrityError)
"""What the databases say when another program breaks their rules."""

CLASSES = ("MEL", "NV", "BCC")
KINDS = ("sqlite", "postgresql")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test of a project on both databases, unless it is about one of them."""
    if "kept_in" in metafunc.fixturenames:
        kinds = [kind for kind in KINDS if metafunc.definition.get_closest_marker(kind)] or KINDS
        metafunc.parametrize("kept_in", kinds)


@pytest.fixture(scope="session")
def made(postgresql: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Name of a database with a new project, which nobody opens: each test has a copy of its own."""
    postgresql.execute("CREATE DATABASE made")
    folder = tmp_path_factory.mktemp("made")
    Project.create(folder, name="project", classes=CLASSES, server=postgresql.url("made")).close()
    return "made"


@pytest.fixture
def project(kept_in: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Project]:
    """A new project with three classes, in a file or on a server."""
    folder = tmp_path / "project"
    if kept_in == "sqlite":
        with Project.create(folder, classes=CLASSES) as project:
            yield project
        return
    server: Server = request.getfixturevalue("postgresql")
    with server.database(request.getfixturevalue("made")) as url, Project.join(folder, url) as project:
        yield project


@pytest.fixture
def empty(postgresql: Server) -> Iterator[str]:
    """Address of an empty database."""
    with postgresql.database() as url:
        yield url


@pytest.fixture
def image_ids(project: Project) -> list[int]:
    """Nine pictures, three per class, two per patient."""
    new = [
        NewImage(
            path=f"{label}/{n}.png",
            sha256=sha256_of_bytes(f"{label}{n}".encode()),
            size_bytes=10,
            mtime_ns=1,
            width=40,
            height=30,
            label=label,
            patient_id=f"P{n // 2}",
            lesion_id="",
            extra={"camera": "phone"},
        )
        for label in project.classes
        for n in range(3)
    ]
    return project.store.images.add(new, folder=Path("/pictures"))


@pytest.fixture
def new_mask() -> NewMaskOf:
    """Return a maker of masks whose bytes stand for themselves."""

    def make(image_id: int, *, content: bytes = b"ink", ink_px: float = 200.0, **rest: object) -> NewMask:
        encoded = EncodedMask(30, 40, 0, 0, 3, 8, content, sha256_of_bytes(content))
        values = {"source": MaskSource.EXACT, "uuid": str(uuid.uuid4()), **rest}
        return NewMask(image_id=image_id, encoded=encoded, ink_px=ink_px, **values)  # type: ignore[arg-type]

    return make


@pytest.fixture
def outside(project: Project) -> Outside:
    """Run a statement on the project's database as another program would; return its rows."""

    def execute(statement: str) -> list[Any]:
        link = read_link(project.folder)
        if link is not None:
            with connect(link.url) as connection:
                cursor = connection.execute(statement.encode())
                return cursor.fetchall() if cursor.description else []
        with closing(sqlite3.connect(project.folder / DATABASE_NAME)) as file, file:
            return file.execute(statement).fetchall()

    return execute
