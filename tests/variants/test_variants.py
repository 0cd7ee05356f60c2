"""What the variants leave alone, what they take away, and the largest rectangle against all rectangles."""

from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from gsal.arrays import Mask, RgbImage
from gsal.variants import (
    LEAST_SHARE,
    Rectangle,
    blur,
    choose_donor,
    crop,
    find_crop,
    inpaint,
    largest_free_rectangle,
    paste,
    widened,
)

SHAPES = array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=9)
MASKS = SHAPES.flatmap(lambda shape: arrays(np.bool_, shape))


@st.composite
def pictures(draw: st.DrawFn) -> tuple[RgbImage, Mask]:
    """A random picture and a mask of it."""
    mask = draw(MASKS)
    return draw(arrays(np.uint8, (*mask.shape, 3))), mask


def free_areas(mask: Mask) -> list[int]:
    """The area of every rectangle without ink, one by one."""
    height, width = mask.shape
    return [
        (bottom - top) * (right - left)
        for top, bottom in combinations(range(height + 1), 2)
        for left, right in combinations(range(width + 1), 2)
        if not mask[top:bottom, left:right].any()
    ]


def cells(found: Rectangle) -> tuple[slice, slice]:
    return slice(found.top, found.top + found.height), slice(found.left, found.left + found.width)


@given(MASKS)
def test_the_largest_rectangle_has_no_ink_and_no_larger_one_exists(mask: Mask) -> None:
    found = largest_free_rectangle(mask)
    if found is None:
        assert mask.all()
        return
    assert not mask[cells(found)].any()
    assert mask[cells(found)].shape == (found.height, found.width)
    assert found.area == max(free_areas(mask))


def test_a_line_across_leaves_the_larger_side() -> None:
    mask = np.zeros((100, 60), dtype=np.bool_)
    mask[30] = True
    assert largest_free_rectangle(mask) == Rectangle(31, 0, 69, 60)
    assert find_crop(mask) == Rectangle(32, 0, 68, 60), "the margin of the ink is cut off, too"
    picture = np.arange(100 * 60 * 3).reshape(100, 60, 3).astype(np.uint8)
    np.testing.assert_array_equal(crop(picture, mask), picture[32:])


def test_a_rectangle_under_the_least_share_is_none() -> None:
    mask = np.ones((100, 100), dtype=np.bool_)
    mask[:, :21] = False  # the margin takes one column of them
    assert find_crop(mask) == Rectangle(0, 0, 100, 20)
    assert LEAST_SHARE == 0.2
    mask[:, 20] = True
    assert find_crop(mask) is None
    assert crop(np.zeros((100, 100, 3), np.uint8), mask) is None


@given(pictures())
def test_inpainting_and_blur_leave_the_skin_as_it_is(drawn: tuple[RgbImage, Mask]) -> None:
    image, mask = drawn
    before, kept = image.copy(), ~widened(mask)
    for change in (inpaint, blur):
        changed = change(image, mask)
        assert changed.dtype == np.uint8
        np.testing.assert_array_equal(changed[kept], image[kept])
        np.testing.assert_array_equal(image, before)


@given(MASKS)
def test_the_margin_holds_the_ink_and_no_more_than_its_neighbours(mask: Mask) -> None:
    wide = widened(mask)
    assert (wide | ~mask).all()
    padded = np.pad(mask, 1)
    beside = padded[:-2, 1:-1] | padded[2:, 1:-1] | padded[1:-1, :-2] | padded[1:-1, 2:] | mask
    np.testing.assert_array_equal(wide, beside)


def inked_skin() -> tuple[RgbImage, Mask]:
    """Skin that brightens from left to right, with a violet bar."""
    image = np.empty((80, 120, 3), np.uint8)
    image[...] = np.array([200, 150, 130]) + (np.arange(120) // 4)[None, :, None]
    mask = np.zeros((80, 120), dtype=np.bool_)
    mask[30:40, 20:100] = True
    image[mask] = (70, 40, 140)
    return image, mask


def test_inpainted_ink_has_the_colour_of_the_skin_around_it() -> None:
    image, mask = inked_skin()
    expected = np.array([200, 150, 130]) + (np.arange(120) // 4)[None, :, None]
    off = np.abs(inpaint(image, mask).astype(int) - expected)
    assert off.max() <= 12
    assert off[mask].mean() < 3


def test_blurred_ink_keeps_its_colour_and_loses_its_strokes() -> None:
    image, _ = inked_skin()
    mask = np.zeros((80, 120), dtype=np.bool_)
    mask[30:50, 20:100] = True
    stripes = image.copy()
    stripes[30:50, 20:100:2] = (70, 40, 140)
    stripes[30:50, 21:100:2] = (120, 90, 160)
    soft = blur(stripes, mask)[36:44, 30:90].astype(int)
    assert soft.std(axis=1).max() < stripes[36:44, 30:90].std(axis=1).min() / 4
    assert soft[..., 2].min() > soft[..., 0].max(), "still violet"


def test_a_picture_that_is_all_ink_becomes_its_mean() -> None:
    image = np.zeros((4, 4, 3), np.uint8)
    image[:2] = 100
    assert (inpaint(image, np.ones((4, 4), dtype=np.bool_)) == 50).all()


def test_pasted_ink_is_the_donors_within_and_the_receivers_skin_without() -> None:
    donor, mask = inked_skin()
    image = np.full_like(donor, 220)
    pasted = paste(image, donor, mask)
    assert (pasted[33:37, 25:95] == (70, 40, 140)).all()
    untouched = np.ones_like(mask)
    untouched[24:46, 14:106] = False
    np.testing.assert_array_equal(pasted[untouched], image[untouched])
    edge = pasted[30, 60].astype(int)
    assert (edge > (70, 40, 140)).all()
    assert (edge < 220).all()


@pytest.mark.parametrize("change", [inpaint, blur, crop])
def test_a_mask_of_another_size_is_refused(change: object) -> None:
    assert callable(change)
    with pytest.raises(ValueError, match="the mask is"):
        change(np.zeros((2, 3, 3), np.uint8), np.zeros((3, 2), np.bool_))


@given(st.dictionaries(st.text(max_size=3), st.sampled_from(["a", "b", "c"]), max_size=8), st.integers(0, 9))
def test_no_patient_gives_ink_to_their_own_picture(donors: dict[str, str], seed: int) -> None:
    chosen = choose_donor("me", "a", donors, seed=seed)
    others = {key for key, patient in donors.items() if patient != "a" and key != "me"}
    assert chosen in others if others else chosen is None
    assert chosen == choose_donor("me", "a", dict(reversed(donors.items())), seed=seed)


def test_a_donor_that_goes_changes_only_who_received_from_it() -> None:
    donors = {f"d{number}": f"p{number}" for number in range(20)}
    receivers = [f"r{number}" for number in range(200)]
    first = {one: choose_donor(one, "", donors, seed=3) for one in receivers}
    del donors["d7"]
    second = {one: choose_donor(one, "", donors, seed=3) for one in receivers}
    moved = [one for one in receivers if first[one] != second[one]]
    assert moved == [one for one in receivers if first[one] == "d7"]
    counts: npt.NDArray[np.int64] = np.unique(list(first.values()), return_counts=True)[1]
    assert len(counts) == 20
    assert counts.max() < 30
    assert first != {one: choose_donor(one, "", {**donors, "d7": "p7"}, seed=4) for one in receivers}
