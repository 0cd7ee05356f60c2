"""The brush against its definition, pixel by pixel."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsal.arrays import FloatArray, Mask
from gsal.editing.brush import Point, bounds, paint, spans

SHAPE = (300, 700)
points = st.tuples(st.floats(-60, 160), st.floats(-60, 130))


def distance(shape: tuple[int, int], start: Point, end: Point) -> FloatArray:
    """From the centre of each pixel to the segment, over the whole picture."""
    rows, columns = np.mgrid[: shape[0], : shape[1]] + 0.5
    a, b = np.array(start), np.array(end)
    d = b - a
    length_sq = float(d @ d)
    t = np.clip(((columns - a[0]) * d[0] + (rows - a[1]) * d[1]) / length_sq, 0, 1) if length_sq else 0.0
    return np.asarray(np.hypot(columns - a[0] - t * d[0], rows - a[1] - t * d[1]), np.float64)


def with_ends(covered: Mask, *ends: Point) -> Mask:
    covered = covered.copy()
    for x, y in ends:
        if 0 <= x < covered.shape[1] and 0 <= y < covered.shape[0]:
            covered[math.floor(y), math.floor(x)] = True
    return covered


SEGMENTS = [
    ((100.2, 80.7), (100.2, 80.7), 12.0),
    ((-5.0, 20.0), (90.0, 60.0), 9.5),
    ((650.0, 280.0), (720.0, 330.0), 40.0),
    ((10.5, 10.5), (10.5, 10.5), 0.5),
    ((300.3, 10.1), (20.9, 260.4), 3.3),
    ((20.0, 150.3), (600.0, 150.3), 7.0),
    ((350.7, -40.0), (350.7, 400.0), 250.0),
]


@pytest.mark.parametrize(("start", "end", "radius"), SEGMENTS)
def test_brush_paints_the_pixels_within_its_radius(start: Point, end: Point, radius: float) -> None:
    mask = np.zeros(SHAPE, np.uint8)
    box = paint(mask, start, end, radius=radius, value=1)
    assert np.array_equal(mask.astype(bool), distance(SHAPE, start, end) <= radius)
    outside = mask.copy()
    outside[box.slices] = 0
    assert not outside.any(), "the box holds every pixel that changed"
    assert box == bounds(start, end, radius=radius).clipped(*SHAPE) or mask[box.slices].any(axis=1).all()


@given(start=points, end=points, radius=st.floats(0.5, 90))
def test_brush_is_exact_wherever_it_goes(start: Point, end: Point, radius: float) -> None:
    shape = (70, 100)
    mask = np.zeros(shape, np.uint8)
    paint(mask, start, end, radius=radius, value=1)
    far = distance(shape, start, end)
    is_clear = np.abs(far - radius) > 1e-6  # on the circle itself rounding may decide
    expected = with_ends(far <= radius, start, end)
    assert np.array_equal(mask.astype(bool)[is_clear], expected[is_clear])


@given(point=st.tuples(st.floats(0, 29.99), st.floats(0, 19.99)))
def test_the_smallest_brush_never_misses(point: Point) -> None:
    mask = np.zeros((20, 30), np.uint8)
    paint(mask, point, point, radius=0.5, value=1)
    assert mask[math.floor(point[1]), math.floor(point[0])] == 1
    assert mask.sum() <= 2


def test_a_brush_beside_the_picture_changes_nothing() -> None:
    mask = np.zeros(SHAPE, np.uint8)
    assert paint(mask, (-100, -100), (-90, -100), radius=5, value=1).is_empty
    assert paint(mask, (350, 900), (350, 950), radius=5, value=1).is_empty
    assert not mask.any()


@given(start=points, end=points, radius=st.floats(0.5, 60))
def test_bands_and_pixels_are_the_same_brush(start: Point, end: Point, radius: float) -> None:
    shape = (150, 100)
    covered = spans(start, end, radius=radius, shape=shape)
    mask = np.zeros(shape, np.uint8)
    paint(mask, start, end, radius=radius, value=1)
    from_bands = np.zeros(shape, np.bool_)
    for band in covered.bands(64):
        assert band.top // 64 == (band.bottom - 1) // 64
        from_bands[band.slices] = covered.pixels(band)
    assert np.array_equal(from_bands, mask.astype(bool))
    assert np.array_equal(covered.pixels(covered.box), mask[covered.box.slices].astype(bool))
