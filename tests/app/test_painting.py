"""Painting against plain NumPy, undo and redo, the mask's halvings, the viewport."""

import numpy as np
import numpy.typing as npt
import pytest

from app.review.canvas.pyramid import Pyramid
from app.review.canvas.viewport import Viewport
from gsal.editing.box import Box
from gsal.editing.brush import Point, paint
from gsal.editing.journal import TileJournal
from gsal.editing.painting import Painting

SHAPE = (300, 700)


def covered(shape: tuple[int, int], start: Point, end: Point, radius: float) -> npt.NDArray[np.bool_]:
    """The definition, pixel by pixel over the whole picture: distance of the centre to the segment."""
    rows, columns = np.mgrid[: shape[0], : shape[1]] + 0.5
    a, b = np.array(start), np.array(end)
    d = b - a
    length_sq = float(d @ d)
    t = np.clip(((columns - a[0]) * d[0] + (rows - a[1]) * d[1]) / length_sq, 0, 1) if length_sq else 0.0
    result: npt.NDArray[np.bool_] = np.hypot(columns - a[0] - t * d[0], rows - a[1] - t * d[1]) <= radius
    return result


SEGMENTS = [
    ((100.2, 80.7), (100.2, 80.7), 12.0),
    ((-5.0, 20.0), (90.0, 60.0), 9.5),
    ((650.0, 280.0), (720.0, 330.0), 40.0),
    ((10.5, 10.5), (10.5, 10.5), 0.5),
    ((300.3, 10.1), (20.9, 260.4), 3.3),
]


@pytest.mark.parametrize(("start", "end", "radius"), SEGMENTS)
def test_brush_paints_the_pixels_within_its_radius(start: Point, end: Point, radius: float) -> None:
    mask = np.zeros(SHAPE, np.uint8)
    box = paint(mask, start, end, radius=radius, value=1)
    expected = covered(SHAPE, start, end, radius)
    assert np.array_equal(mask.astype(bool), expected)
    outside = mask.copy()
    outside[box.slices] = 0
    assert not outside.any(), "the box holds every pixel that changed"


def test_a_brush_beside_the_picture_changes_nothing() -> None:
    mask = np.zeros(SHAPE, np.uint8)
    assert paint(mask, (-100, -100), (-90, -100), radius=5, value=1).is_empty
    assert not mask.any()


def test_undo_and_redo_walk_through_all_states() -> None:
    rng = np.random.default_rng(1)
    painting = Painting(rng.random(SHAPE) < 0.1)
    states = [painting.mask]
    for number in range(8):
        start, end = rng.uniform(0, 300, 2), rng.uniform(0, 700, 2)
        painting.extend(tuple(start), tuple(end), radius=rng.uniform(1, 40), value=number % 2)
        painting.extend(tuple(end), tuple(start), radius=7, value=number % 2)
        assert painting.end_stroke()
        states.append(painting.mask)
    for expected in reversed(states[:-1]):
        assert painting.undo() is not None
        assert np.array_equal(painting.mask, expected)
    assert painting.undo() is None
    for expected in states[1:]:
        assert painting.redo() is not None
        assert np.array_equal(painting.mask, expected)
    assert painting.redo() is None


def test_a_new_stroke_forgets_what_was_undone() -> None:
    painting = Painting(np.zeros(SHAPE, np.bool_))
    painting.extend((50, 50), (60, 60), radius=5, value=1)
    painting.end_stroke()
    painting.undo()
    painting.extend((90, 50), (90, 60), radius=5, value=1)
    painting.end_stroke()
    assert painting.redo() is None
    assert painting.undo_count == 1


def test_strokes_that_change_nothing_are_no_steps() -> None:
    painting = Painting(np.zeros(SHAPE, np.bool_))
    painting.extend((50, 50), (60, 60), radius=5, value=0)
    assert not painting.end_stroke()
    assert painting.replace(painting.mask) is None
    assert painting.undo_count == 0


def test_taking_another_mask_is_one_step() -> None:
    rng = np.random.default_rng(2)
    before, after = rng.random(SHAPE) < 0.3, rng.random(SHAPE) < 0.3
    painting = Painting(before)
    painting.replace(after)
    assert np.array_equal(painting.mask, after)
    assert painting.undo_count == 1
    painting.undo()
    assert np.array_equal(painting.mask, before)
    with pytest.raises(ValueError, match="expected"):
        painting.replace(np.zeros((3, 3), np.bool_))


def test_abandoning_restores_the_pixels() -> None:
    painting = Painting(np.zeros(SHAPE, np.bool_))
    painting.extend((50, 50), (400, 60), radius=20, value=1)
    assert painting.abandon_stroke() is not None
    assert painting.ink_pixels == 0
    assert painting.undo_count == 0


def test_depth_is_bounded_and_records_are_small() -> None:
    mask = np.zeros((2000, 3000), np.uint8)
    journal = TileJournal(mask, depth=20)
    for number in range(30):
        box = Box(10 * number, 50, 10 * number + 40, 500)
        journal.touch(box)
        mask[box.slices] = 1
        journal.commit()
    assert journal.undo_count == 20
    assert journal.size_bytes < 20_000


@pytest.mark.parametrize("shape", [(701, 1203), (1024, 640), (513, 2)])
def test_halvings_hold_ink_where_any_of_four_pixels_is(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(3)
    painting = Painting(rng.random(shape) < 0.02)
    for _ in range(4):
        start, end = rng.uniform(-20, max(shape), 2), rng.uniform(-20, max(shape), 2)
        painting.extend(tuple(start), tuple(end), radius=15, value=int(rng.integers(2)))
    painting.end_stroke()
    for finer, coarser in zip(painting.levels[:-1], painting.levels[1:], strict=True):
        even = np.pad(finer, ((0, finer.shape[0] % 2), (0, finer.shape[1] % 2)))
        expected = even.reshape(even.shape[0] // 2, 2, even.shape[1] // 2, 2).max((1, 3))
        assert np.array_equal(coarser, expected)


def test_pyramid_averages_areas_and_chooses_by_scale() -> None:
    rng = np.random.default_rng(4)
    picture = rng.integers(0, 256, (1024, 1100, 3), np.uint8)
    pyramid = Pyramid(picture)
    half = pyramid.levels[1]
    assert (half.width(), half.height()) == (550, 512)
    mean = picture[:2, :2].reshape(-1, 3).mean(axis=0)
    colour = half.pixelColor(0, 0)
    assert np.abs(np.array([colour.red(), colour.green(), colour.blue()]) - mean).max() <= 1
    assert [pyramid.level_for(scale) for scale in (3.0, 1.0, 0.6, 0.5, 0.1)] == [
        0,
        0,
        0,
        1,
        len(pyramid.levels) - 1,
    ]


def test_zoom_keeps_the_point_under_the_cursor() -> None:
    view = Viewport.fitting((3000, 4000), (600, 900))
    before = view.to_picture(123.0, 456.0)
    for factor in (1.25, 1.25, 0.5, 7.0):
        view = view.zoomed(factor, 123.0, 456.0)
        assert view.to_picture(123.0, 456.0) == pytest.approx(before)
    x, y = view.to_widget(*before)
    assert (x, y) == pytest.approx((123.0, 456.0))


def test_fit_shows_all_in_the_middle() -> None:
    view = Viewport.fitting((100, 400), (600, 900), margin=0)
    assert view.scale == pytest.approx(900 / 400)
    assert view.to_widget(200, 50) == pytest.approx((450, 300))


def test_boxes_of_widget_and_picture_enclose() -> None:
    view = Viewport(scale=0.37, x=11.0, y=-4.5)
    box = Box(100, 200, 130, 260)
    back = view.picture_box(view.widget_box(box))
    assert back.top <= box.top
    assert back.left <= box.left
    assert back.bottom >= box.bottom
    assert back.right >= box.right
