"""The photograph's halvings, and where one looks."""

import numpy as np
import pytest

from app.review.canvas.pyramid import Pyramid
from app.review.canvas.viewport import Viewport


def test_pyramid_averages_areas_and_chooses_by_scale() -> None:
    rng = np.random.default_rng(4)
    picture = rng.integers(0, 256, (1024, 1100, 3), np.uint8)
    pyramid = Pyramid(picture)
    half = pyramid.arrays[1]
    assert half.shape == (512, 550, 4)
    mean = picture[:2, :2].reshape(-1, 3).mean(axis=0)
    assert np.abs(half[0, 0, 2::-1] - mean).max() <= 1
    assert [pyramid.level_for(scale) for scale in (3.0, 1.0, 0.6, 0.5, 0.1)] == [
        0,
        0,
        0,
        1,
        len(pyramid.arrays) - 1,
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


def test_a_smaller_picture_for_tools_is_the_finest_that_is_small_enough() -> None:
    rng = np.random.default_rng(5)
    picture = rng.integers(0, 256, (1024, 2100, 3), np.uint8)
    pyramid = Pyramid(picture)
    assert np.array_equal(pyramid.smaller(long_side_px=4000), picture)
    half = pyramid.smaller(long_side_px=1536)
    assert half.shape == (512, 1050, 3)
    assert np.abs(half[0, 0] - picture[:2, :2].reshape(-1, 3).mean(axis=0)).max() <= 1
    assert pyramid.smaller(long_side_px=10).shape == (*pyramid.arrays[-1].shape[:2], 3)
