"""Projects in a file and on a server, with pictures and masks without any picture file."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gsal.files import sha256_of_bytes
from gsal.project import Project
from gsal.records import EncodedMask, MaskSource, NewImage, NewMask

NewMaskOf = Callable[..., NewMask]

KINDS = ("sqlite", "postgresql")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test of a project on both databases, unless it is about one of them."""
    if "kept_in" in metafunc.fixturenames:
        kinds = [kind for kind in KINDS if metafunc.definition.get_closest_marker(kind)] or KINDS
        metafunc.parametrize("kept_in", kinds)


@pytest.fixture
def server(kept_in: str, request: pytest.FixtureRequest) -> str:
    """Address of an empty database; "" where the project is a file."""
    return request.getfixturevalue("postgresql").new_database() if kept_in == "postgresql" else ""


@pytest.fixture
def project(tmp_path: Path, server: str) -> Iterator[Project]:
    """A new project with three classes, in a file or on a server."""
    classes = ("MEL", "NV", "BCC")
    with Project.create(tmp_path / "project", classes=classes, server=server) as made:
        yield made


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
