"""Likeness to ink: what its distances mean."""

import cv2
import numpy as np
import pytest

from gsal.arrays import RgbImage
from gsal.editing.box import Box
from gsal.editing.ink_colour import InkColour
from tests.editing.skin import STROKE_Y, drawn

SKIN_LAB, INK_LAB = np.array([68.0, 14.0, 18.0]), np.array([42.0, 16.0, -22.0])


def rgb(lab: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> RgbImage:
    colour = cv2.cvtColor(lab.astype(np.float32)[None, None], cv2.COLOR_LAB2RGB)
    return np.asarray(np.rint(colour * 255)[0, 0], np.uint8)


def distance(lab: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> int:
    """Of a colour from the ink, on a picture whose left half is ink and right half is skin."""
    picture = np.empty((64, 128, 3), np.uint8)
    picture[:, :64], picture[:, 64:] = rgb(INK_LAB), rgb(SKIN_LAB)
    colour = InkColour.at(picture, (50.5, 32.5), reach_px=40)
    patch = np.broadcast_to(rgb(lab), (8, 8, 3)).copy()
    distances = colour.distances(patch, Box(0, 0, 8, 8))
    assert np.ptp(distances) == 0
    return int(distances[0, 0])


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_it_is_the_way_from_ink_to_skin_in_percent(share: float) -> None:
    assert distance(INK_LAB + share * (SKIN_LAB - INK_LAB)) == pytest.approx(100 * share, abs=3)


def test_stronger_ink_is_near_and_light_and_shadow_count_little() -> None:
    assert distance(INK_LAB - 0.4 * (SKIN_LAB - INK_LAB)) < 10
    darker, redder = np.array([-15.0, 0, 0]), np.array([0, 15.0, 0])
    assert distance(INK_LAB + darker) < 8
    assert distance(INK_LAB + redder) > distance(INK_LAB + darker)
    assert distance(SKIN_LAB + darker) > 75


def test_a_box_has_the_distances_that_the_whole_has() -> None:
    picture = np.random.default_rng(2).integers(0, 256, (300, 400, 3), np.uint8)
    colour = InkColour.at(picture, (200, 150), reach_px=100)
    whole = colour.distances(picture, Box(0, 0, 300, 400))
    for box in (Box(0, 0, 1, 1), Box(37, 0, 300, 399), Box(100, 90, 264, 154)):
        assert np.array_equal(colour.distances(picture, box), whole[box.slices])


def test_skin_on_skin_is_no_error() -> None:
    skin = np.full((60, 60, 3), 150, np.uint8)
    colour = InkColour.at(skin, (30, 30), reach_px=20)
    assert not colour.distances(skin, Box(0, 0, 60, 60)).any()


def test_a_stroke_is_told_from_skin_and_hair_in_uneven_light() -> None:
    skin = drawn()
    colour = InkColour.at(skin.picture, (60.5, STROKE_Y + 0.5), reach_px=30)
    distances = colour.distances(skin.picture, Box(0, 0, *skin.ink.shape))
    nothing = ~(skin.ink | skin.hair)
    assert np.median(distances[skin.ink]) < 15
    assert np.median(distances[nothing]) > 85
    assert np.median(distances[skin.hair]) > 60


@pytest.mark.parametrize("ink", [(70, 50, 150), (20, 90, 60), (25, 25, 30), (40, 110, 190)])
def test_it_tells_ink_of_any_kind_from_the_skin_beside_it(ink: tuple[int, int, int]) -> None:
    picture = np.empty((100, 160, 3), np.uint8)
    picture[:] = 205, 160, 140
    picture[40:52, 20:140] = ink
    assert InkColour.at(picture, (80, 46), reach_px=40).is_on_ink
    assert not InkColour.at(picture, (80, 62), reach_px=40).is_on_ink, "skin, with ink nearby"
    assert not InkColour.at(picture, (80, 90), reach_px=16).is_on_ink, "nothing but skin"
