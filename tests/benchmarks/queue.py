"""Queues and pages of 100,000 pictures; the peer reads all pictures and sorts them in Python."""

import random
import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from app.first_steps.standing import read_standing
from gsal.files import sha256_of_bytes
from gsal.project import DATABASE_NAME, Project
from gsal.records import ImageRecord, Purpose, QueueKind, QueueOrder, QueueRequest, ReaderKind, Verdict
from tests.benchmarks.harness import Row, cpu_seconds, main, rows

PICTURES, MEMBERS, REVIEWED, PAGE, ROUNDS = 100_000, 3_000, 60_000, 200, 3

_IMAGE = (
    "INSERT INTO image (id, root_id, path, sha256, size_bytes, mtime_ns, width, height, label, patient_id,"
    " lesion_id, extra, disagreement, added) VALUES (?, 1, ?, ?, 1, 1, 4000, 6000, ?, ?, '', '{}', ?, '')"
)
_REVISION = (
    "INSERT INTO mask_revision (id, uuid, image_id, blob_sha256, source, rule, purpose, ink_px, tool,"
    " pixels_added, pixels_removed, active_s, app_version, created)"
    " VALUES (?, ?, ?, 'x', 'automatic-pick', 'hue', 'review', ?, '', 0, 0, 0, '', '')"
)
_DECISION = (
    "INSERT INTO decision (image_id, reader_id, purpose, verdict, active_s, created)"
    " VALUES (?, ?, ?, ?, 1, '')"
)


def _fill(database: Path, classes: tuple[str, ...]) -> None:
    """Write pictures, their best masks and two readers' decisions past the program, which is faster."""
    rng = random.Random(1)
    numbers = range(1, PICTURES + 1)
    order = rng.sample(numbers, PICTURES)
    members, reviewed = order[:MEMBERS], order[MEMBERS : MEMBERS + REVIEWED]
    verdicts = ["accepted"] * 8 + ["flagged", "rejected"]
    with closing(sqlite3.connect(database)) as connection, connection:
        many = connection.executemany
        connection.execute("INSERT INTO root VALUES (1, 'r', '/pictures')")
        connection.execute("INSERT INTO mask_blob VALUES ('x', 1, 1, 0, 0, 0, 0, x'')")
        many(_IMAGE, (_picture(n, rng, classes) for n in numbers))
        many(_REVISION, ((n, str(uuid.UUID(int=n)), n, rng.random() * 300) for n in numbers))
        many("INSERT INTO mask_head VALUES (?, 'best', ?, 1)", ((n, n) for n in numbers))
        connection.execute("INSERT INTO validation_set VALUES (1, 3000, 1, '', NULL, NULL)")
        many("INSERT INTO validation_member VALUES (?, '', ?)", ((n, k) for k, n in enumerate(members)))
        many(_DECISION, ((n, 1 + n % 2, "review", rng.choice(verdicts)) for n in reviewed))
        many(_DECISION, ((n, 1, "validation", "accepted") for n in members[:2000]))
        many(_DECISION, ((n, 2, "second-reading", "accepted") for n in members[:1000]))


def _picture(number: int, rng: random.Random, classes: tuple[str, ...]) -> tuple[object, ...]:
    disagreement = rng.random() if number % 10 else None
    path, sha256 = f"f{number % 97:02}/{number:06}.jpg", sha256_of_bytes(str(number).encode())
    return number, path, sha256, rng.choice(classes), f"P{number // 3}", disagreement


def _sorted_in_python(project: Project) -> list[tuple[ImageRecord, Verdict | None]]:
    verdicts = project.store.decisions.status_by_image(1, Purpose.REVIEW)
    images = sorted(project.store.images.all(), key=lambda image: -(image.disagreement or 0))
    return [(image, verdicts.get(image.id)) for image in images]


def _queues(project: Project) -> Iterator[Row]:
    store = project.store
    for kind in QueueKind:
        request = QueueRequest(kind, 1)
        subjects: dict[str, Callable[[], object]] = {"ours": lambda r=request: store.queue.items(r)}  # type: ignore[misc]
        if kind is QueueKind.REVIEW:
            subjects["sorted in Python"] = lambda: _sorted_in_python(project)
        case = f"queue {kind}, {len(store.queue.items(request)):,} pictures"
        yield from rows(case, cpu_seconds(subjects, rounds=ROUNDS), metric="cpu_median_s", per=1)
    request = QueueRequest(QueueKind.REVIEW, 1, is_pending_only=True, inked=True, name_contains="f1")
    seconds = cpu_seconds({"ours": lambda: store.queue.items(request)}, rounds=ROUNDS)
    yield from rows("queue review, filtered", seconds, metric="cpu_median_s", per=1)
    request = QueueRequest(QueueKind.REVIEW, 1, QueueOrder.NAME)
    seconds = cpu_seconds({"ours": lambda: store.queue.items(request)}, rounds=ROUNDS)
    yield from rows("queue review, by name", seconds, metric="cpu_median_s", per=1)
    seconds = cpu_seconds({"ours": lambda: store.queue.count(request)}, rounds=ROUNDS)
    yield from rows("count of the review", seconds, metric="cpu_median_s", per=1)


def _first_steps(project: Project) -> Iterator[Row]:
    seconds = cpu_seconds({"ours": lambda: read_standing(project)}, rounds=ROUNDS)
    yield from rows("how far the project is", seconds, metric="cpu_median_s", per=1)


def _pages(project: Project) -> Iterator[Row]:
    subjects = {"ours": lambda: project.store.images.page(after=(0.2, 1), limit=PAGE, order="disagreement")}
    seconds = cpu_seconds(subjects, rounds=ROUNDS)
    yield from rows(f"a page of {PAGE} by disagreement", seconds, metric="cpu_median_s", per=1)


def measure() -> list[Row]:
    """Measure every queue, filters, what the first steps ask for, and a page deep in the list."""
    with tempfile.TemporaryDirectory() as folder:
        with Project.create(Path(folder) / "project", name="Queue") as project:
            for name in "AB":
                project.store.readers.add(name, ReaderKind.DEVELOPER)
            classes = project.classes
        _fill(Path(folder) / "project" / DATABASE_NAME, classes)
        with Project.open(Path(folder) / "project", read_only=True) as project:
            return [*_queues(project), *_first_steps(project), *_pages(project)]


if __name__ == "__main__":
    main(measure)
