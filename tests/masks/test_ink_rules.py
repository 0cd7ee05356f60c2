from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from gsal.masks import agreement, ink_rules
from gsal.masks.ink_rules import InkSettings
from gsal.masks.strokes import StrokeShape, strokes_of, thick_parts
from gsal.records import InkRule
from gsal.synthetic import render_twins, scene_labels

SKIN, LESION = (214, 168, 146), (150, 98, 78)
VIOLET, BLACK, BLUE = (92, 66, 140), (38, 36, 42), (50, 80, 170)
RED, GREEN, ORANGE = (176, 30, 44), (40, 120, 70), (200, 100, 20)


def skin_picture(size: int = 448, seed: int = 0) -> npt.NDArray[Any]:
    """Skin with a gradient of light, texture and a brown lesion."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[:size, :size] / size
    light = 1.05 - 0.2 * rows + 0.05 * columns
    picture = np.array(SKIN) * light[..., None]
    spot = np.exp(-((np.hypot(rows - 0.5, (columns - 0.5) * 1.2) / 0.13) ** 6))
    picture += spot[..., None] * (np.array(LESION) - SKIN) * light[..., None]
    picture += cv2.GaussianBlur(rng.normal(0, 8, (size, size, 1)), (0, 0), 1)[..., None]
    pixels: npt.NDArray[Any] = np.clip(picture + rng.normal(0, 2, (size, size, 3)), 0, 255).astype(np.uint8)
    return pixels


def ring(size: int, *, thickness: float = 0.018) -> npt.NDArray[Any]:
    drawn = np.zeros((size, size), np.uint8)
    cv2.ellipse(
        drawn,
        (size // 2, size // 2),
        (int(0.33 * size), int(0.27 * size)),
        20,
        0,
        320,
        1,
        int(thickness * size),
    )
    return drawn > 0


def inked(
    picture: np.ndarray, ink: np.ndarray, colour: tuple[int, int, int], opacity: float = 0.8
) -> npt.NDArray[Any]:
    cover = cv2.GaussianBlur(ink.astype(np.float32), (0, 0), 0.8)[..., None] * opacity
    pixels: npt.NDArray[Any] = np.round(picture * (1 - cover) + np.array(colour) * cover).astype(np.uint8)
    return pixels


@pytest.mark.parametrize("size", [300, 448, 1024])
@pytest.mark.parametrize(("colour", "rules"), [
    (VIOLET, set(InkRule)), (BLUE, {InkRule.HUE, InkRule.LAB, InkRule.DARK}), (BLACK, {InkRule.DARK}),
])  # fmt: skip
def test_pen_is_found(size: int, colour: tuple[int, int, int], rules: set[InkRule]) -> None:
    ink = ring(size)
    proposals = ink_rules.propose(inked(skin_picture(size), ink, colour))
    assert list(proposals) == list(InkRule)
    for rule in rules:
        assert proposals[rule].dtype == np.bool_
        assert agreement.dice(proposals[rule], ink) > 0.75, rule


def picked(picture: np.ndarray, ink: np.ndarray) -> tuple[int, int, int]:
    """Return a colour as a reader picks it: the median of ink as it looks in the picture."""
    red, green, blue = (int(part) for part in np.median(picture[ink], axis=0))
    return red, green, blue


@pytest.mark.parametrize("size", [300, 1024])
@pytest.mark.parametrize("colour", [RED, GREEN, ORANGE, VIOLET, BLUE, BLACK])
def test_ink_whose_colour_was_picked_is_found_whatever_its_colour(
    size: int, colour: tuple[int, int, int]
) -> None:
    ink = ring(size)
    picture = inked(skin_picture(size), ink, colour)
    proposals = ink_rules.propose(picture, settings=InkSettings(ink_colour=picked(picture, ink)))
    assert list(proposals) == list(InkRule)
    for rule, mask in proposals.items():
        assert agreement.dice(mask, ink) > 0.8, rule


@pytest.mark.parametrize("colour", [RED, ORANGE])
def test_red_and_orange_pens_are_lesion_to_the_rules_until_they_are_picked(
    colour: tuple[int, int, int],
) -> None:
    ink = ring(448)
    for mask in ink_rules.propose(inked(skin_picture(), ink, colour)).values():
        assert agreement.dice(mask, ink) < 0.2 or not mask.any()


def test_only_the_picked_ink_is_found() -> None:
    red, green = np.zeros((2, 448, 448), bool)
    red[60:68, 60:390] = True
    green[380:388, 60:390] = True
    picture = inked(inked(skin_picture(), red, RED), green, GREEN)
    for ink, other in ((red, green), (green, red)):
        found = ink_rules.propose(picture, settings=InkSettings(ink_colour=picked(picture, ink)))
        for rule in (InkRule.HUE, InkRule.LAB):
            assert agreement.dice(found[rule], ink) > 0.8, rule
            assert not (found[rule] & other).any(), rule


@pytest.mark.parametrize("colour", [RED, GREEN])
def test_picking_helps_on_scenes_whose_ink_is_known(colour: tuple[int, int, int]) -> None:
    gains = []
    for number, label in enumerate(scene_labels(4, 0)):
        twins = render_twins(number, label)
        cover = twins.ink.astype(np.float32)
        picture = inked(twins.clean, cover > 0, colour)
        plain = ink_rules.propose(picture)
        like = ink_rules.propose(picture, settings=InkSettings(ink_colour=picked(picture, cover > 0)))
        best = [max(np.nan_to_num(agreement.dice(m, twins.ink)) for m in p.values()) for p in (plain, like)]
        gains.append(best[1] - best[0])
    assert np.mean(gains) > 0.02


def test_a_picked_colour_finds_nothing_on_bare_skin() -> None:
    for colour in (RED, GREEN, VIOLET, BLACK):
        for mask in ink_rules.propose(skin_picture(), settings=InkSettings(ink_colour=colour)).values():
            assert not mask.any(), colour


def test_a_colour_of_skin_or_of_anything_does_not_break_the_rules() -> None:
    picture = skin_picture(120)
    for colour in (SKIN, LESION, (255, 255, 255), (0, 0, 0), (255, 0, 255)):
        for mask in ink_rules.propose(picture, settings=InkSettings(ink_colour=colour)).values():
            assert mask.shape == (120, 120)
    for fill in (0, 255):
        flat = np.full((8, 30, 3), fill, np.uint8)
        for mask in ink_rules.propose(flat, settings=InkSettings(ink_colour=VIOLET)).values():
            assert not mask.any()


def test_bare_skin_and_lesion_stay_free() -> None:
    for mask in ink_rules.propose(skin_picture()).values():
        assert not mask.any()


def test_black_pen_is_the_dark_rules_alone() -> None:
    proposals = ink_rules.propose(inked(skin_picture(), ring(448), BLACK))
    assert proposals[InkRule.HUE].sum() < 0.3 * proposals[InkRule.DARK].sum()


def test_same_picture_same_masks_and_the_picture_is_left_alone() -> None:
    picture = inked(skin_picture(), ring(448), VIOLET)
    kept = picture.copy()
    first, second = ink_rules.propose(picture), ink_rules.propose(picture)
    for rule in InkRule:
        np.testing.assert_array_equal(first[rule], second[rule])
    np.testing.assert_array_equal(picture, kept)


def test_sensitivity_finds_fainter_ink() -> None:
    ink = ring(448)
    faint = inked(skin_picture(), ink, VIOLET, opacity=0.22)
    found = [
        sum(int((mask & ink).sum()) for mask in ink_rules.propose(faint, settings=InkSettings(s)).values())
        for s in (0.5, 1.0, 2.0)
    ]
    assert found[0] <= found[1] <= found[2]
    assert found[2] > found[0]


def test_wide_bands_need_a_wide_pen() -> None:
    band = np.zeros((448, 448), bool)
    band[60:120, 60:390] = True
    picture = inked(skin_picture(), band, BLUE)
    narrow = ink_rules.propose(picture)[InkRule.HUE]
    wide = ink_rules.propose(picture, settings=InkSettings(max_pen_width=0.3))[InkRule.HUE]
    assert agreement.dice(narrow, band) < 0.2
    assert agreement.dice(wide, band) > 0.8


@pytest.mark.parametrize("shape", [(8, 8), (8, 200), (33, 9), (64, 64)])
@pytest.mark.parametrize("fill", ["black", "white", "noise"])
def test_odd_pictures_do_not_break_the_rules(shape: tuple[int, int], fill: str) -> None:
    rng = np.random.default_rng(0)
    picture = {
        "black": np.zeros((*shape, 3), np.uint8),
        "white": np.full((*shape, 3), 255, np.uint8),
        "noise": rng.integers(0, 256, (*shape, 3), dtype=np.uint8),
    }[fill]
    for mask in ink_rules.propose(picture).values():
        assert mask.shape == shape
        assert fill == "noise" or not mask.any()


@pytest.mark.parametrize(
    "settings",
    [
        {"sensitivity": 0.0},
        {"sensitivity": float("nan")},
        {"max_pen_width": 0.0},
        {"ink_colour": (0, 0, 256)},
        {"ink_colour": (0, 0)},
    ],
)
def test_settings_are_checked(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be"):
        InkSettings(**settings)


def test_thick_parts_are_an_opening() -> None:
    region = np.zeros((100, 100), bool)
    region[20:60, 20:60] = True
    region[70:74] = True
    thick = thick_parts(region, width_px=20, grow_px=0)
    assert thick[40, 40]
    assert not thick[72].any()
    np.testing.assert_array_equal(thick[35:45, 15:65].any(0), region[35:45, 15:65].any(0))


def test_strokes_drop_specks_slabs_and_blobs() -> None:
    region = np.zeros((200, 200), bool)
    region[2:4, 100:102] = True
    region[50:60, 20:180] = True
    region[190:, :] = True
    region[90:150, 90:150] = True
    kept = strokes_of(region, StrokeShape(min_area=5e-4, max_area=0.25, max_half_width=0.06, max_border=0.3))
    expected = np.zeros_like(region)
    expected[50:60, 20:180] = True
    np.testing.assert_array_equal(kept, expected)
