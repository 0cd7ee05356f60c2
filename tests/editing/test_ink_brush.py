"""The ink-only brush: the brush's pixels that look like the ink it began on."""

from itertools import pairwise

import numpy as np
import pytest

from gsal.editing.box import Box
from gsal.editing.ink_brush import InkBrush
from gsal.editing.ink_colour import DEFAULT_TOLERANCE, InkColour
from gsal.editing.painting import Painting
from tests.editing.skin import STROKE_Y, drawn

START, END = (60.5, STROKE_Y + 0.5), (240.5, STROKE_Y + 4.5)


@pytest.mark.parametrize("tolerance", [20, DEFAULT_TOLERANCE])
@pytest.mark.parametrize("value", [0, 1])
def test_it_is_the_brush_where_the_colour_fits(tolerance: float, value: int) -> None:
    skin = drawn()
    before = np.random.default_rng(3).random(skin.ink.shape) < 0.5
    painting, plain = Painting(before), Painting(np.zeros_like(before))
    brush = InkBrush(skin.picture, START, radius=22, tolerance=tolerance)
    box = brush.extend(painting, START, END, radius=22, value=value)
    brush.extend(painting, END, (320, 190), radius=9, value=value)
    plain.extend(START, END, radius=22, value=1)
    plain.extend(END, (320, 190), radius=9, value=1)
    colour = InkColour.at(skin.picture, START, reach_px=66)
    is_like = colour.distances(skin.picture, Box(0, 0, *skin.ink.shape)) <= tolerance
    expected = np.where(plain.mask & is_like, bool(value), before)
    assert np.array_equal(painting.mask, expected)
    assert box.clipped(*skin.ink.shape) == box
    assert painting.end_stroke() is not None
    painting.undo()
    assert np.array_equal(painting.mask, before)


def test_a_rough_stroke_takes_the_ink_and_leaves_skin_and_hair() -> None:
    skin = drawn()
    painting = Painting(np.zeros_like(skin.ink))
    brush = InkBrush(skin.picture, START, radius=20)
    wobble = [START, (110.0, 94.0), (150.0, 107.0), (200.0, 97.0), END]
    for start, end in pairwise(wobble):
        brush.extend(painting, start, end, radius=20, value=1)
    there = np.zeros_like(skin.ink)
    there[:, 65:235] = True
    taken = painting.mask & there
    assert (taken & skin.ink).sum() > 0.9 * (skin.ink & there).sum()
    assert (taken & ~skin.ink).sum() < 0.12 * taken.sum()
    assert (taken & skin.hair).sum() < 0.25 * (skin.hair & there & (painting.mask | ~skin.ink)).sum()


def test_it_may_begin_beside_the_picture() -> None:
    skin = drawn()
    painting = Painting(np.zeros_like(skin.ink))
    brush = InkBrush(skin.picture, (-12.0, 30.0), radius=20)
    brush.extend(painting, (-12.0, 30.0), (80.0, 30.0), radius=20, value=1)
    assert painting.end_stroke() is not None


def test_beside_the_picture_it_changes_nothing() -> None:
    skin = drawn()
    painting = Painting(np.zeros_like(skin.ink))
    brush = InkBrush(skin.picture, START, radius=20)
    assert brush.extend(painting, (-90, -90), (-80, -90), radius=20, value=1).is_empty
    assert painting.end_stroke() is None


def test_a_small_brush_knows_ink_where_there_is_nothing_but_ink_around() -> None:
    picture = np.empty((400, 400, 3), np.uint8)
    picture[:] = 205, 160, 140
    picture[160:240] = 90, 70, 160
    small = InkBrush(picture, (200.5, 200.5), radius=4)
    assert small.is_on_ink
    assert not InkBrush(picture, (200.5, 150.5), radius=4).is_on_ink
