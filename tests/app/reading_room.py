"""What tests of the review do: open pictures, draw, wait for the disk, look into the project."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from app.review.canvas.tools import Stroke
from app.review.reading.session import ReadingSession
from gsal.arrays import Mask
from gsal.editing.brush import Point
from gsal.editing.painting import Painting
from gsal.jobs.masks.making import new_mask
from gsal.masks import codec, probabilities
from gsal.project import Project
from gsal.records import (
    MaskSource,
    ModelKind,
    Preprocessing,
    Purpose,
    QueueItem,
    Reader,
    ReaderKind,
    ReviewSettings,
    StepKind,
)

__all__ = ["Room"]


class Room:
    """A reading session without a window, and the project behind it."""

    def __init__(self, qtbot: QtBot, project: Project, spare_folder: Path) -> None:
        self.qtbot = qtbot
        self.project = project
        self.spare_folder = spare_folder
        self.reader = project.store.readers.add("AW", ReaderKind.EXPERT)
        self.session = self.begin()

    @classmethod
    @contextmanager
    def of(cls, qtbot: QtBot, project: Project, spare_folder: Path) -> "Iterator[Room]":
        """Give a room in which no picture begins blank, and close it."""
        project.store.set_review_settings(ReviewSettings(blank_share=0.0))
        room = cls(qtbot, project, spare_folder)
        yield room
        room.session.shut_down()

    def begin(self) -> ReadingSession:
        """Return a new session, as after a start."""
        session = ReadingSession(self.project, spare_folder=self.spare_folder, retry_s=0.05)
        session.set_reader(self.reader)
        return session

    @property
    def painting(self) -> Painting:
        assert self.session.painting is not None
        return self.session.painting

    @property
    def image_ids(self) -> list[int]:
        return [image.id for image in self.project.store.images.all()]

    def open(self, image_id: int, purpose: Purpose = Purpose.REVIEW, *ahead: QueueItem) -> None:
        """Open a picture and wait until it lies there."""
        item = self.item(image_id, purpose)
        self.session.open(item, ahead)
        self.qtbot.waitUntil(lambda: self.session.picture is not None and self.session.picture.item == item)

    def item(self, image_id: int, purpose: Purpose = Purpose.REVIEW) -> QueueItem:
        """Return a picture of the queue."""
        return QueueItem(image_id, purpose, None)

    def draw(self, start: Point, end: Point | None = None, *, value: int = 1, radius: float = 3) -> None:
        """Make a stroke, without waiting for the disk."""
        self.painting.extend(start, end or start, radius=radius, value=value)
        change = self.painting.end_stroke()
        assert change is not None
        self.session.stroke_ended(Stroke("brush" if value else "eraser", change))

    def wait_for_the_disk(self) -> None:
        """Wait until everything done so far is on the disk."""
        self.qtbot.waitUntil(lambda: self.session.held == 0)

    def come_back(self, reader: Reader | None = None) -> None:
        """End the session and begin another, as after a restart."""
        self.session.shut_down()
        self.reader = reader or self.reader
        self.session = self.begin()

    def kept(self, image_id: int, purpose: Purpose = Purpose.REVIEW) -> Mask:
        """Return the reader's last whole mask in the project."""
        head = self.project.store.masks.head(image_id, self.reader.id, purpose)
        assert head is not None
        return codec.decode(self.project.store.masks.load(head.id))

    def strokes_at_random(self, count: int, seed: int = 0) -> None:
        """Make so many strokes that each change something."""
        rng = np.random.default_rng(seed)
        height, width = self.painting.shape
        made = 0
        while made < count:
            points = rng.uniform(0, (width, height), (2, 2))
            value = int(rng.random() < 0.7)
            self.painting.extend(tuple(points[0]), tuple(points[1]), radius=rng.uniform(1, 4), value=value)
            change = self.painting.end_stroke()
            if change is not None:
                self.session.stroke_ended(Stroke("brush", change))
                made += 1

    def steps(self, image_id: int, purpose: Purpose = Purpose.REVIEW) -> list[tuple[StepKind, str]]:
        """Return kind and tool of the reader's steps in the project."""
        reading = self.project.store.readings.latest(image_id, self.reader.id, purpose)
        if reading is None:
            return []
        return [(step.kind, step.tool) for step in self.project.store.readings.steps(reading.id)]

    def add_network(self, image_id: int) -> int:
        """Add a network's mask with its probabilities, a ramp from left to right; return its number."""
        store = self.project.store
        image = store.images.get(image_id)
        row = np.linspace(0, 1, image.width, dtype=np.float32)
        ramp = np.ascontiguousarray(np.broadcast_to(row, (image.height, image.width)))
        model = store.models.add(
            "BiSeNet",
            kind=ModelKind.SEGMENTER,
            architecture="bisenet",
            preprocessing=Preprocessing(size=64),
            run_card={},
        )
        made = new_mask(image_id, ramp > 0.5, MaskSource.MODEL, model_id=model.id, threshold=0.5)
        kept = replace(made, probabilities=probabilities.encode(ramp))
        return store.masks.add_many([kept])[0].id
