"""The wand against a labelled region; what it bridges; its preview."""

import cv2
import numpy as np
import pytest
from scipy import ndimage

from gsal.arrays import Mask
from gsal.editing.box import Box
from gsal.editing.ink_colour import DEFAULT_TOLERANCE, InkColour
from gsal.editing.wand import Wand
from tests.editing.skin import HAIR_X, STROKE_Y, drawn

SEED = (60.5, STROKE_Y + 0.5)


def full(found: tuple[Box, Mask], shape: tuple[int, ...]) -> Mask:
    box, region = found
    mask = np.zeros(shape, np.bool_)
    mask[box.slices] = region
    return mask


def dice(a: Mask, b: Mask) -> float:
    return float(2 * (a & b).sum() / (a.sum() + b.sum()))


@pytest.mark.parametrize("tolerance", [15, 40, 60, 90])
def test_a_small_picture_is_flooded_as_defined(tolerance: int) -> None:
    """Pixels within the tolerance whose neighbourhoods join up to the seed's."""
    skin = drawn(gap_px=2)
    wand = Wand(skin.picture, SEED)
    colour = InkColour.at(skin.picture, SEED, reach_px=0.15 * 300)
    distances = colour.distances(skin.picture, Box(0, 0, *skin.ink.shape))
    bridged = ndimage.minimum_filter(distances, size=2 * 2 + 1, mode="nearest") <= tolerance
    labels, _ = ndimage.label(bridged, np.ones((3, 3)))
    expected = (labels == labels[STROKE_Y, 60]) & (distances <= tolerance)
    selected = wand.select(tolerance)
    assert np.array_equal(full(selected, skin.ink.shape), expected)
    assert np.array_equal(full(wand.preview(tolerance), skin.ink.shape), expected)
    assert selected[0] == Box.of(expected)


def test_a_stroke_is_selected_across_a_furrow_but_not_what_lies_apart() -> None:
    furrow, apart = drawn(gap_px=3), drawn(gap_px=25)
    assert (
        dice(full(Wand(furrow.picture, SEED).select(DEFAULT_TOLERANCE), furrow.ink.shape), furrow.ink) > 0.9
    )
    taken = full(Wand(apart.picture, SEED).select(DEFAULT_TOLERANCE), apart.ink.shape)
    assert taken[STROKE_Y, 60]
    assert not taken[:, 130:].any()


def test_more_tolerance_never_takes_less() -> None:
    skin = drawn()
    wand = Wand(skin.picture, SEED)
    smaller = np.zeros_like(skin.ink)
    for tolerance in range(5, 101, 5):
        larger = full(wand.select(tolerance), skin.ink.shape)
        assert not (smaller & ~larger).any()
        smaller = larger


@pytest.mark.parametrize("is_given", [False, True])
def test_on_a_large_picture_the_preview_is_about_what_is_selected(is_given: bool) -> None:
    skin = drawn()
    size = 3301, 2201
    picture = np.asarray(cv2.resize(skin.picture, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    ink = cv2.resize(skin.ink.view(np.uint8), size, interpolation=cv2.INTER_NEAREST).view(np.bool_)
    smaller = None
    if is_given:
        even = cv2.copyMakeBorder(picture, 0, 3, 0, 3, cv2.BORDER_REPLICATE)
        smaller = np.asarray(cv2.resize(even, (826, 551), interpolation=cv2.INTER_AREA), np.uint8)
    wand = Wand(picture, (665.0, 1105.0), smaller=smaller)
    shown, taken = full(wand.preview(60), ink.shape), full(wand.select(60), ink.shape)
    assert dice(shown, taken) > 0.95
    before_hair = np.s_[:, : 11 * (HAIR_X - 5)]  # it is wider than what the wand bridges
    assert dice(taken[before_hair], ink[before_hair]) > 0.9
    assert Box.of(taken) == wand.select(60)[0]


@pytest.mark.parametrize("seed", [(0.0, 0.0), (299.9, 199.9), (-40.0, 500.0)])
def test_it_may_begin_in_a_corner_and_outside_means_the_nearest_pixel(seed: tuple[float, float]) -> None:
    skin = drawn()
    taken = full(Wand(skin.picture, seed).select(30), skin.ink.shape)
    assert taken[int(np.clip(seed[1], 0, 199)), int(np.clip(seed[0], 0, 299))]


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (2000, 3)])
def test_tiny_and_narrow_pictures_are_no_error(shape: tuple[int, int]) -> None:
    picture = np.random.default_rng(6).integers(0, 256, (*shape, 3), np.uint8)
    box, region = Wand(picture, (0.5, 0.5)).select(50)
    assert region.shape == (box.bottom - box.top, box.right - box.left)
    assert box.clipped(*shape) == box
