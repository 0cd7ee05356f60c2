"""Parts of the pictures: their names, widths and colours, and that they add up."""

import math
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gsal.masks.area import ink_px
from gsal.masks.evaluation import MaskPair, score
from gsal.masks.figures import resample
from gsal.masks.ink_colour import InkColourName, absorbance, colour_named, ink_colour
from gsal.masks.probabilities import LEVELS, at_threshold
from gsal.masks.strata import NO_INK, Traits, by_group, width_group
from gsal.masks.stroke_width import stroke_width_px
from gsal.masks.threshold_curve import THRESHOLDS, ink_by_threshold, threshold_curve
from tests.masks.made_scores import made_score

SKIN = np.array([205.0, 165.0, 145.0])
DYES = {
    InkColourName.VIOLET: (1.0, 1.1, 0.4),
    InkColourName.BLUE: (1.4, 0.8, 0.2),
    InkColourName.GREEN: (1.2, 0.3, 0.9),
    InkColourName.RED: (0.1, 1.2, 1.0),
    InkColourName.BLACK: (1.0, 1.0, 0.9),
    InkColourName.OTHER: (0.2, 0.7, 1.4),
}
"""How much a dye takes of red, green and blue light."""


def seen(dye: tuple[float, float, float], strength: float, skin: np.ndarray = SKIN) -> np.ndarray:
    """Return the sRGB of skin through a dye, by Beer and Lambert."""
    light = np.where(skin / 255 <= 0.04045, skin / 255 / 12.92, ((skin / 255 + 0.055) / 1.055) ** 2.4)
    light = light * np.exp(-strength * np.array(dye))
    coded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(255 * coded)


@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from(list(DYES)),
    strength=st.floats(0.3, 1.2),
    skin=st.sampled_from([(205.0, 165.0, 145.0), (120.0, 85.0, 65.0), (235.0, 205.0, 190.0)]),
)
def test_a_dye_keeps_its_name_however_strong_and_on_any_skin(
    name: InkColourName, strength: float, skin: tuple[float, float, float]
) -> None:
    through = seen(DYES[name], strength, np.array(skin))
    assert colour_named(through, np.array(skin)) is name
    assert absorbance(through, np.array(skin)) == pytest.approx(strength * np.array(DYES[name]), abs=1e-6)


def test_what_takes_no_light_is_of_no_named_colour() -> None:
    assert colour_named(SKIN, SKIN) is InkColourName.OTHER


def test_the_colour_of_ink_is_read_from_a_picture() -> None:
    mask = np.zeros((200, 300), np.uint8)
    cv2.line(mask, (30, 40), (260, 150), 1, 9)
    picture = np.tile(SKIN, (200, 300, 1))
    picture[mask > 0] = seen(DYES[InkColourName.VIOLET], 1.0)
    noise = np.random.default_rng(0).normal(0, 4, picture.shape)
    noisy = np.clip(cv2.GaussianBlur(picture, (0, 0), 1.2) + noise, 0, 255).astype(np.uint8)
    assert ink_colour(noisy, mask > 0) is InkColourName.VIOLET
    assert ink_colour(noisy, np.zeros((200, 300), np.bool_)) is None
    assert ink_colour(noisy, np.ones((200, 300), np.bool_)) is not None, "no skin beside it: against white"
    with pytest.raises(ValueError, match="a picture of"):
        ink_colour(noisy, mask.T > 0)


@pytest.mark.parametrize("width", [1, 2, 3, 5, 8, 21])
def test_a_straight_stroke_is_as_wide_as_it_is(width: int) -> None:
    mask = np.zeros((448, 448), np.bool_)
    mask[50 : 50 + width, 20:420] = True
    assert stroke_width_px(mask) == pytest.approx(width, abs=0.5)
    double = np.kron(mask, np.ones((2, 2), np.bool_))
    assert stroke_width_px(double) == pytest.approx(width, abs=0.5)


def test_a_slanting_ring_is_about_as_wide_as_its_pen() -> None:
    mask = np.zeros((448, 448), np.uint8)
    cv2.circle(mask, (220, 220), 120, 1, 10)
    assert stroke_width_px(mask > 0) == pytest.approx(10, abs=1.5)
    assert math.isnan(stroke_width_px(mask > 1))


def test_ink_at_each_threshold_is_that_of_the_mask_there() -> None:
    steps = np.random.default_rng(0).integers(0, LEVELS, (30, 50)).astype(np.uint8)
    expected = [ink_px(at_threshold(steps, threshold)) for threshold in THRESHOLDS]
    assert ink_by_threshold(steps).tolist() == pytest.approx(expected)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.booleans()), max_size=12))
def test_a_higher_threshold_finds_less_and_leaves_more_alone(pictures: list[tuple[int, bool]]) -> None:
    ink = [
        ink_by_threshold(np.random.default_rng(seed).integers(0, LEVELS, (12, 9)).astype(np.uint8))
        for seed, _ in pictures
    ]
    curve = threshold_curve(ink, [is_inked for _, is_inked in pictures], min_ink_px=20_000)
    assert len(curve) == (len(THRESHOLDS) if pictures else 0)
    for lower, higher in pairwise(curve):
        assert not lower.sensitivity.estimate < higher.sensitivity.estimate
        assert not lower.specificity.estimate > higher.specificity.estimate
        assert lower.sensitivity.n + lower.specificity.n == len(pictures)


def traits(number: int) -> Traits:
    width = math.nan if number % 3 == 0 else 3.0 * (number % 7)
    return Traits(
        label=("MEL", "NV", "")[number % 3],
        colour=NO_INK if math.isnan(width) else ("violet", "black")[number % 2],
        stroke_width_px=width,
        long_side_px=(300, 448, 600, 1024, 4000)[number % 5],
        start=("blank", "rule", "")[number % 3],
    )


def test_parts_add_up_and_are_measured_like_the_whole() -> None:
    scores = [
        made_score(str(i), dice=i / 30, nsd=i / 40, is_inked=i % 3 > 0, ink=40.0 * i) for i in range(30)
    ]
    whose = [f"p{i // 2}" for i in range(30)]
    found = by_group(scores, [traits(i) for i in range(30)], whose)
    assert list(found) == ["class", "ink colour", "stroke width", "picture size", "start"]
    assert {by: sum(group.n for group in parts) for by, parts in found.items()} == {
        "class": 30, "ink colour": 30, "stroke width": 30, "picture size": 30, "start": 20,
    }  # fmt: skip
    assert [group.name for group in found["stroke width"]] == [
        width_group(3), width_group(12), width_group(18), NO_INK,
    ]  # fmt: skip
    assert [group.name for group in found["class"]] == ["MEL", "NV", "no class"]
    rows = [i for i in range(30) if traits(i).colour == "violet"]
    alone = resample([scores[i] for i in rows], [whose[i] for i in rows])
    violet = next(group for group in found["ink colour"] if group.name == "violet")
    assert violet.figures["dice"] == alone.estimate("dice")
    assert violet.figures["sensitivity"] == alone.estimate("sensitivity")


def test_overlap_says_nothing_where_there_is_no_ink() -> None:
    false_alarm = np.zeros((64, 64), bool)
    false_alarm[:20, :20] = True
    empty = np.zeros((64, 64), bool)
    scores = [score(MaskPair("a", false_alarm, empty)), score(MaskPair("b", empty, empty))]
    traits = [Traits("MEL", NO_INK, float("nan"), 64, "")] * 2
    (group,) = by_group(scores, traits, ["p", "q"])["ink colour"]
    assert group.name == NO_INK
    assert np.isnan(group.figures["dice"].estimate)
    assert group.figures["specificity"].estimate == 0.5
