"""How the canvas looks: palettes for any colour vision, brightness for the eye only, the soft edge."""

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.review.canvas.canvas import Canvas
from app.review.canvas.looks import Looks
from app.review.canvas.palettes import HALO, OUTLINE, PALETTES, Palette, palette_of
from app.review.canvas.pyramid import Pyramid
from app.review.canvas.viewport import Viewport
from gsal.editing.painting import Painting
from gsal.masks.soften import soften

Colour = tuple[int, int, int]
HEIGHT, WIDTH = 600, 900
SKIN = (200, 160, 140)

# Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision deficiency",
# IEEE TVCG 15(6), 2009: the matrices for a severity of 1.0, on linear RGB.
VISIONS = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
GROUNDS: dict[str, Colour] = {
    "fair skin": (224, 178, 160),
    "tanned skin": (180, 140, 120),
    "dark skin": (96, 64, 50),
    "reddened skin": (190, 100, 90),
    "lesion": (110, 70, 60),
    "violet ink": (92, 64, 140),
    "blue ink": (50, 60, 150),
    "faded ink": (140, 130, 175),
    "black ink": (40, 36, 48),
}
JUST_NOTICEABLE = 2.3
"""CIELAB distance that half of all people notice (Mahy, Van Eycken and Oosterlinck 1994)."""


def seen(colour: npt.ArrayLike, vision: str) -> npt.NDArray[np.float32]:
    """CIELAB of an sRGB colour as somebody with this vision sees it."""
    values = np.asarray(colour, np.float64) / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    linear = np.clip(VISIONS[vision] @ linear, 0, 1)
    srgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(cv2.cvtColor(srgb.astype(np.float32)[None, None], cv2.COLOR_RGB2LAB)[0, 0], np.float32)


def distance(one: npt.ArrayLike, other: npt.ArrayLike, vision: str) -> float:
    return float(np.linalg.norm(seen(one, vision) - seen(other, vision)))


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.key)
def test_each_fill_is_told_from_skin_and_ink_with_any_colour_vision(palette: Palette, vision: str) -> None:
    fill = np.array(palette.fill)
    opacity = Looks().opacity
    for name, ground in GROUNDS.items():
        filled = opacity * fill + (1 - opacity) * np.array(ground)
        assert distance(filled, ground, vision) > 3 * JUST_NOTICEABLE, name


@pytest.mark.parametrize("vision", VISIONS)
def test_of_outline_and_halo_one_always_stands_out(vision: str) -> None:
    for name, ground in GROUNDS.items():
        assert max(distance(line, ground, vision) for line in (OUTLINE, HALO)) > 20 * JUST_NOTICEABLE, name
    assert distance(OUTLINE, HALO, vision) > 40 * JUST_NOTICEABLE


def test_four_palettes_and_an_unknown_one_is_the_first() -> None:
    assert len({palette.key for palette in PALETTES}) == 4
    assert palette_of("of an older version") is PALETTES[0]


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    made = Canvas()
    qtbot.addWidget(made)
    made.resize(WIDTH, HEIGHT)
    mask = np.zeros((HEIGHT, WIDTH), np.bool_)
    mask[200:400, 300:600] = True
    made.show_picture(Pyramid(np.full((HEIGHT, WIDTH, 3), SKIN, np.uint8)), Painting(mask))
    with qtbot.waitExposed(made):
        made.show()
    made.set_viewport(Viewport())
    return made


def colour_at(canvas: Canvas, x: int, y: int) -> Colour:
    colour = canvas.grab().toImage().pixelColor(x, y)
    return colour.red(), colour.green(), colour.blue()


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.key)
def test_the_fill_has_the_palettes_colour_as_strong_as_asked(canvas: Canvas, palette: Palette) -> None:
    fill = palette.fill
    canvas.set_looks(Looks(palette=palette.key, opacity=0.6))
    expected = 0.6 * np.array(fill) + 0.4 * np.array(SKIN)
    assert np.abs(np.array(colour_at(canvas, 450, 300)) - expected).max() <= 1
    assert colour_at(canvas, 450, 200) == OUTLINE
    assert colour_at(canvas, 450, 199) == HALO
    assert colour_at(canvas, 450, 198) == SKIN


def test_outline_only_leaves_the_photograph_inside_as_it_is(canvas: Canvas) -> None:
    canvas.set_looks(Looks(is_outline_only=True))
    assert colour_at(canvas, 450, 300) == SKIN
    assert colour_at(canvas, 450, 200) == OUTLINE


def test_brightness_and_contrast_change_the_view_and_say_so(canvas: Canvas) -> None:
    before = canvas.grab().toImage()
    corner = [before.pixelColor(x, 20).name() for x in range(12, 60)]
    canvas.set_looks(Looks(brightness=20))
    brighter = colour_at(canvas, 800, 500)
    assert all(new - old == pytest.approx(25.5, abs=1) for new, old in zip(brighter, SKIN, strict=True))
    after = canvas.grab().toImage()
    assert [after.pixelColor(x, 20).name() for x in range(12, 60)] != corner, "the badge is there"
    assert canvas.looks.badge == "View only: brightness +20"
    canvas.set_looks(Looks(contrast=50))
    stronger = colour_at(canvas, 800, 500)
    assert stronger[0] > SKIN[0], "further from mid-grey"
    canvas.set_looks(Looks())
    assert canvas.grab().toImage() == before
    assert Looks().badge == ""
    assert Looks(is_hidden=True).badge == "Mask hidden"
    assert Looks(is_hidden=True, contrast=10).badge == "Mask hidden · View only: contrast +10"
    assert Looks(brightness=-5, contrast=10).badge == "View only: brightness −5, contrast +10"


def test_the_soft_edge_is_what_networks_are_trained_with(canvas: Canvas) -> None:
    assert canvas.painting is not None
    canvas.set_looks(Looks(is_soft=True, opacity=1.0))
    image = canvas.grab().toImage()
    expected = soften(canvas.painting.mask)[300]
    fill, skin = np.array(palette_of("yellow").fill), np.array(SKIN)
    for x in range(270, 330, 3):
        colour = image.pixelColor(x, 300)
        wanted = expected[x] * fill + (1 - expected[x]) * skin
        assert np.abs(np.array([colour.red(), colour.green(), colour.blue()]) - wanted).max() <= 6, x


def test_the_soft_edge_follows_the_brush(canvas: Canvas) -> None:
    canvas.set_looks(Looks(is_soft=True))
    canvas.grab()
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(700, 500))
    canvas.is_editable = False
    followed = canvas.grab().toImage()
    canvas.move_view(QPointF(5, 5))
    canvas.grab()
    canvas.move_view(QPointF(-5, -5))
    assert canvas.grab().toImage() == followed
    canvas.set_looks(replace(canvas.looks, is_soft=False))
    canvas.grab()
    canvas.set_looks(replace(canvas.looks, is_soft=True))
    assert canvas.grab().toImage() == followed
    assert colour_at(canvas, 700, 500) != SKIN


def test_looks_never_change_the_mask(canvas: Canvas) -> None:
    assert canvas.painting is not None
    before = canvas.painting.mask
    canvas.set_looks(Looks(PALETTES[2].key, 0.9, is_soft=True, brightness=30, contrast=-40))
    canvas.grab()
    assert np.array_equal(canvas.painting.mask, before)


def test_another_mask_is_shown_instead_with_its_name_and_the_painting_stays(canvas: Canvas) -> None:
    assert canvas.painting is not None
    before = canvas.grab().toImage()
    other = np.zeros((HEIGHT, WIDTH), np.bool_)
    other[450:550, 700:850] = True
    canvas.show_other(other, "At the start")
    assert colour_at(canvas, 450, 300) == SKIN
    assert colour_at(canvas, 775, 500) != SKIN
    assert canvas.grab().toImage().pixelColor(20, 16) != before.pixelColor(20, 16), "its name"
    canvas.show_other(None)
    assert canvas.grab().toImage() == before
    assert canvas.painting.mask[300, 450]


def test_without_a_picture_it_says_why(qtbot: QtBot) -> None:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(400, 300)
    blank = canvas.grab().toImage()
    canvas.show_message("The picture is gone.")
    assert canvas.grab().toImage() != blank
    assert canvas.accessibleDescription() == "The picture is gone."
    assert canvas.painting is None
