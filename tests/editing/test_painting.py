"""Painting: its steps, its halvings, its memory."""

from itertools import pairwise

import numpy as np
import pytest

from gsal.arrays import Mask
from gsal.editing.box import Box
from gsal.editing.brush import Point
from gsal.editing.history import Change
from gsal.editing.painting import Painting
from gsal.editing.tiles import decode
from gsal.errors import ProjectDamaged
from gsal.records import EncodedDelta

SHAPE = (300, 700)


def stroke(painting: Painting, *points: Point, radius: float = 9, value: int = 1) -> Change | None:
    for start, end in pairwise(points):
        painting.extend(start, end, radius=radius, value=value)
    return painting.end_stroke()


def random_stroke(painting: Painting, rng: np.random.Generator) -> Change:
    height, width = painting.shape
    points = [(float(rng.uniform(0, width)), float(rng.uniform(0, height))) for _ in range(3)]
    change = stroke(painting, *points, radius=rng.uniform(4, 40), value=int(rng.integers(2)))
    assert change is not None
    return change


def assert_halvings_hold(painting: Painting) -> None:
    for finer, coarser in zip(painting.levels[:-1], painting.levels[1:], strict=True):
        even = np.pad(finer, ((0, finer.shape[0] % 2), (0, finer.shape[1] % 2)))
        expected = even.reshape(even.shape[0] // 2, 2, even.shape[1] // 2, 2).max((1, 3))
        assert np.array_equal(coarser, expected)


def test_undo_and_redo_walk_through_all_states() -> None:
    rng = np.random.default_rng(1)
    painting = Painting(rng.random(SHAPE) < 0.1)
    states = [painting.mask]
    for _ in range(8):
        random_stroke(painting, rng)
        states.append(painting.mask)
    for before, expected in zip(reversed(states[1:]), reversed(states[:-1]), strict=True):
        box = painting.undo()
        assert box is not None
        assert np.array_equal(painting.mask, expected)
        different = before != expected
        different[box.slices] = False
        assert not different.any()
        assert_halvings_hold(painting)
    assert painting.undo() is None
    for expected in states[1:]:
        assert painting.redo() is not None
        assert np.array_equal(painting.mask, expected)
    assert painting.redo() is None
    assert_halvings_hold(painting)


def test_a_change_says_what_became_ink_and_what_was() -> None:
    rng = np.random.default_rng(2)
    before, after = rng.random(SHAPE) < 0.3, rng.random(SHAPE) < 0.4
    painting = Painting(before)
    change = painting.replace(after)
    assert change is not None
    assert change.pixels_added == (after & ~before).sum()
    assert change.pixels_removed == (before & ~after).sum()
    assert change.box == Box(0, 0, *SHAPE)
    mask = before.astype(np.uint8)
    decode(change.delta, SHAPE).apply(mask)
    assert np.array_equal(mask.astype(bool), after)


def test_a_new_stroke_forgets_what_was_undone() -> None:
    painting = Painting(np.zeros(SHAPE, np.bool_))
    stroke(painting, (50, 50), (60, 60))
    painting.undo()
    stroke(painting, (90, 50), (90, 60))
    assert painting.redo() is None
    assert painting.undo_count == 1


def test_strokes_that_change_nothing_are_no_steps() -> None:
    painting = Painting(np.zeros(SHAPE, np.bool_))
    assert stroke(painting, (50, 50), (60, 60), value=0) is None
    assert stroke(painting, (-50, -50), (-60, -60)) is None
    assert painting.replace(painting.mask) is None
    assert painting.undo_count == 0


def test_taking_another_mask_is_one_step() -> None:
    rng = np.random.default_rng(2)
    before, after = rng.random(SHAPE) < 0.3, rng.random(SHAPE) < 0.3
    painting = Painting(before)
    painting.replace(after)
    assert np.array_equal(painting.mask, after)
    assert_halvings_hold(painting)
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
    assert painting.abandon_stroke() is None
    assert_halvings_hold(painting)


def test_a_region_is_laid_down_inside_a_stroke() -> None:
    painting = Painting(np.ones(SHAPE, np.bool_))
    pixels = np.random.default_rng(3).random((40, 50)) < 0.5
    assert painting.set_region(Box(280, -10, 320, 40), pixels) == Box(280, 0, 300, 40)
    assert painting.set_region(Box(400, 0, 440, 50), pixels).is_empty
    assert painting.undo_count == 0
    expected = np.ones(SHAPE, np.bool_)
    expected[280:300, 0:40] = pixels[:20, 10:]
    assert np.array_equal(painting.mask, expected)
    assert_halvings_hold(painting)
    change = painting.end_stroke()
    assert change is not None
    assert change.pixels_removed == (~expected).sum()
    with pytest.raises(ValueError, match="pixels are"):
        painting.set_region(Box(0, 0, 3, 3), pixels)


def test_nothing_is_undone_while_the_pen_is_down() -> None:
    painting = Painting(np.zeros(SHAPE, np.bool_))
    stroke(painting, (50, 50), (60, 60))
    painting.extend((55, 55), (90, 60), radius=20, value=1)
    assert painting.undo() is None
    painting.abandon_stroke()
    assert painting.undo() is not None
    assert painting.ink_pixels == 0


def test_undo_and_redo_come_back_after_a_restart() -> None:
    rng = np.random.default_rng(4)
    first = Painting(rng.random(SHAPE) < 0.1)
    deltas, states = [], [first.mask]
    for _ in range(6):
        deltas.append(random_stroke(first, rng).delta)
        states.append(first.mask)
    first.undo()
    first.undo()
    second = Painting(first.mask)
    second.restore(undo=deltas[:4], redo=[deltas[5], decode(deltas[4], SHAPE)])
    assert (second.undo_count, second.redo_count) == (4, 2)
    for expected in states[5:]:
        second.redo()
        assert np.array_equal(second.mask, expected)
    for expected in reversed(states[:-1]):
        second.undo()
        assert np.array_equal(second.mask, expected)


def test_a_damaged_step_is_refused_and_changes_nothing() -> None:
    painting = Painting(np.zeros(SHAPE, np.bool_))
    change = stroke(painting, (50, 50), (60, 60))
    assert change is not None
    painting.restore(undo=[EncodedDelta(change.delta.data, "0" * 64)])
    with pytest.raises(ProjectDamaged, match="checksum"):
        painting.undo()
    assert (painting.undo_count, painting.redo_count) == (1, 0)
    assert painting.ink_pixels > 0


def test_depth_is_bounded() -> None:
    painting = Painting(np.zeros(SHAPE, np.bool_), depth=20)
    deltas = []
    for number in range(30):
        change = stroke(painting, (20.0 * number, 40), (20.0 * number, 80))
        assert change is not None
        deltas.append(change.delta)
    assert painting.undo_count == 20
    painting.restore(undo=deltas)
    assert painting.undo_count == 20


def test_two_hundred_steps_across_a_large_picture_take_little_memory() -> None:
    rng = np.random.default_rng(5)
    height, width = 4000, 6000
    painting = Painting(np.zeros((height, width), np.bool_))
    for number in range(200):
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        points = [(x, y)]
        for angle in np.cumsum(rng.normal(0, 0.4, 20)):
            x, y = x + 250 * np.cos(angle), y + 250 * np.sin(angle)
            points.append((x, y))
        stroke(painting, *points, radius=float(rng.choice([8, 40, 200])), value=int(number % 3 != 0))
    assert painting.undo_count > 190
    assert painting.history_bytes < 16e6


@pytest.mark.parametrize("shape", [(701, 1203), (1024, 640), (513, 2), (1, 2000)])
def test_halvings_hold_ink_where_any_of_four_pixels_is(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(3)
    mask: Mask = rng.random(shape) < 0.02
    painting = Painting(mask)
    assert np.array_equal(painting.mask, mask)
    for _ in range(4):
        start, end = rng.uniform(-20, max(shape), 2), rng.uniform(-20, max(shape), 2)
        painting.extend(tuple(start), tuple(end), radius=15, value=int(rng.integers(2)))
    painting.end_stroke()
    assert_halvings_hold(painting)


def test_a_long_slanting_segment_touches_only_what_it_covers() -> None:
    painting = Painting(np.zeros((2500, 3100), np.bool_))
    change = stroke(painting, (10, 10), (3090, 2490), radius=12)
    assert change is not None
    assert len(decode(change.delta, painting.shape).tiles) < 150
    assert_halvings_hold(painting)
    painting.undo()
    assert painting.ink_pixels == 0
    assert_halvings_hold(painting)
