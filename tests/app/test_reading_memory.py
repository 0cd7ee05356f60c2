"""What open pictures take: few photographs are kept, each once; what the disk refuses keeps its strokes."""

import gc
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from app.review.canvas.pyramid import Pyramid
from app.review.reading.fetching import open_desk
from gsal.editing.ink_brush import InkBrush
from gsal.editing.painting import Painting
from gsal.editing.wand import Wand
from gsal.jobs.pictures.import_images import ImportImages
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import Purpose, QueueItem
from tests.app.reading_room import Room
from tests.app.test_durability import draw_until_refused, fill_the_disk, free_the_disk

SHAPE = (900, 1200)


@pytest.fixture
def room(qtbot: QtBot, project: Project, tmp_path: Path) -> Iterator[Room]:
    with Room.of(qtbot, project, tmp_path / "spare") as made:
        yield made


def large(tmp_path: Path) -> Path:
    """Make a project of one picture that has halvings."""
    pictures = tmp_path / "pictures" / "MEL"
    pictures.mkdir(parents=True)
    noise = np.random.default_rng(0).integers(80, 220, (9, 12, 3), dtype=np.uint8)
    Image.fromarray(noise).resize(SHAPE[::-1]).save(pictures / "large.png")
    with Project.create(tmp_path / "large", name="Large", classes=("MEL", "NV")) as made:
        ImportImages(str(tmp_path / "pictures")).run(JobContext(), made)
    return tmp_path / "large"


def test_each_pixel_of_a_photograph_is_kept_once(tmp_path: Path) -> None:
    with Project.open(large(tmp_path)) as project:
        item = QueueItem(project.store.images.all()[0].id, Purpose.REVIEW, None)
        open_desk(project, item, None)
        gc.collect()
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        desk = open_desk(project, item, None)
        gc.collect()
        taken = tracemalloc.get_traced_memory()[0] - before
        desk.rest()
        gc.collect()
        resting = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        pixels = SHAPE[0] * SHAPE[1]
        # Four bytes and a third for the halvings, a mask and a third for its own.
        assert taken < 7.2 * pixels
        assert resting < 2.5 * pixels
        assert desk.painting.shape == SHAPE
        fresh = open_desk(project, item, None)
        desk.wake(fresh.picture)
        assert desk.picture.pyramid is fresh.picture.pyramid


def test_tools_see_the_same_colours_in_the_kept_pixels() -> None:
    picture = np.full((600, 700, 3), (200, 150, 130), np.uint8)
    picture += np.random.default_rng(0).integers(0, 12, picture.shape, dtype=np.uint8)
    picture[290:310, 50:650] = (60, 60, 140)
    view = Pyramid(picture).rgb
    assert np.array_equal(view, picture)
    drawn = []
    for seen in (picture, view):
        painting = Painting(np.zeros((600, 700), np.bool_))
        InkBrush(seen, (100, 300), radius=30).extend(painting, (100, 300), (400, 310), radius=30, value=1)
        box, region = Wand(seen, (300, 300)).select(55)
        painting.set_region(box, region)
        drawn.append(painting.mask)
    assert drawn[0].any()
    assert np.array_equal(drawn[0], drawn[1])


def test_few_pictures_are_kept_and_no_stroke_is_lost_while_the_disk_refuses(room: Room) -> None:
    shelf = room.session._shelf
    fill_the_disk(room)
    drawn = {}
    for image_id in room.image_ids[:5]:
        room.open(image_id)
        draw_until_refused(room)
        room.draw((20, 30))
        drawn[image_id] = room.painting.mask
    assert (len(shelf._recent), len(shelf._resting)) == (1, 3)
    first = room.image_ids[0]
    room.open(first)
    assert np.array_equal(room.painting.mask, drawn[first])
    assert room.painting.undo_count > 1
    free_the_disk(room)
    room.session.retry()
    room.wait_for_the_disk()
    room.qtbot.waitUntil(lambda: not shelf._resting)
    assert len(shelf._recent) == 1
    room.come_back()
    for image_id, mask in drawn.items():
        room.open(image_id)
        assert np.array_equal(room.painting.mask, mask)
