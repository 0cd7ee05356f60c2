"""A picture, its ink mask and its saliency maps side by side, with scales and figures, to be kept."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from gsal.arrays import Mask, RgbImage, SaliencyMap
from gsal.images.geometry import resize_image, resize_mask, scaled_shape
from gsal.saliency.colours import table
from gsal.saliency.overlay import Look, blended, edges, peak_pixels

__all__ = ["INK_LINE", "PEAK_LINE", "SheetMap", "compose", "file_name", "panel_shape", "sheet_width"]

INK_LINE, PEAK_LINE = (255, 255, 255), (255, 214, 0)
"""Colours of the outlines of ink and of peaks, each on black."""

_GAP_PX = 24
_LEAST_PX, _MOST_PX = 480, 1024
_LEAST_COLUMN_PX = 400
_TEXT_PX, _LINE_PX, _BAR_PX = 17, 24, 18
_PAPER, _INK, _MUTED, _OUTLINE = (255, 255, 255), (36, 33, 43), (111, 106, 123), (0, 0, 0)
_LONGEST_NAME = 120
_ROOM_PX = 4
"""A pixel of a map that is narrower on the sheet is outlined thinly, not to be covered."""


@dataclass(frozen=True, slots=True, eq=False)
class SheetMap:
    """A map on the sheet.

    Attributes:
        title: Model, method and class.
        saliency: (h, w), signed, of the whole picture.
        limit: The value at the end of its scale.
        lines: Its figures, in words.
    """

    title: str
    saliency: SaliencyMap
    limit: float
    lines: tuple[str, ...]


def panel_shape(height: int, width: int) -> tuple[int, int]:
    """Return (height, width) of a picture on the sheet: its own, unless it is small or very large.

    >>> panel_shape(768, 1024), panel_shape(3000, 4000), panel_shape(128, 128)
    ((768, 1024), (768, 1024), (480, 480))
    """
    long_side = min(_MOST_PX, max(_LEAST_PX, height, width))
    return scaled_shape(height, width, long_side=long_side)


def sheet_width(panels: int, width: int) -> int:
    """Return the width of a sheet of so many panels of a width."""
    return panels * max(width, _LEAST_COLUMN_PX) + (panels + 1) * _GAP_PX


def compose(
    picture: RgbImage,
    mask: Mask | None,
    maps: Sequence[SheetMap],
    look: Look,
    *,
    about_picture: Sequence[str],
    about_mask: Sequence[str],
) -> RgbImage:
    """Return picture, mask and maps side by side, each with its text below.

    Args:
        picture: (H, W, 3) uint8.
        mask: (H, W) bool, True = ink; None where there is none, and then its panel is left out.
        maps: At least one.
        look: How maps are shown.
        about_picture: Lines below the picture, the first one its title.
        about_mask: Below the mask.
    """
    height, width = panel_shape(*picture.shape[:2])
    shown = resize_image(picture, height=height, width=width)
    ink = None if mask is None else resize_mask(mask, height=height, width=width)
    panels = [_Panel(shown, tuple(about_picture))]
    if ink is not None:
        inked = np.repeat(np.where(ink, 255, 0).astype(np.uint8)[..., None], 3, axis=2)
        panels.append(_Panel(inked, tuple(about_mask)))
    panels += [_map_panel(shown, ink, one, look) for one in maps]
    return _laid_out(panels, look)


def file_name(picture: str, models: Sequence[str], method: str, class_name: str) -> str:
    """Return a name for the file of a sheet that says what is on it.

    Args:
        picture: Name of the picture's file, without its folders: those may name a patient.
        models: Names of the models.
        method: Its slug.
        class_name: Of the class explained.

    >>> file_name("p1.jpg", ["biased", "un/biased"], "grad-cam", "MEL")
    'p1_biased_un-biased_grad-cam_MEL.png'
    """
    parts = [Path(picture).stem, *models, method, class_name]
    plain = [re.sub(r"[^\w.+-]+", "-", part).strip("-.") for part in parts]
    return "_".join(part for part in plain if part)[:_LONGEST_NAME] + ".png"


@dataclass(frozen=True, slots=True, eq=False)
class _Panel:
    """Attributes: the picture, its lines, and the value at the end of its scale if it has one."""

    picture: RgbImage
    lines: tuple[str, ...]
    limit: float | None = None


def _map_panel(picture: RgbImage, ink: Mask | None, one: SheetMap, look: Look) -> _Panel:
    image = Image.fromarray(blended(picture, one.saliency, one.limit, look))
    if look.shows_ink and ink is not None:
        _outline(image, ink, INK_LINE)
    if look.shows_peak:
        _outline(image, peak_pixels(one.saliency), PEAK_LINE)
    return _Panel(np.asarray(image), (one.title, *one.lines), one.limit)


def _outline(image: Image.Image, mask: Mask, colour: tuple[int, int, int]) -> None:
    """Draw the outline of a mask of any size over the whole of a picture."""
    across, down = image.width / mask.shape[1], image.height / mask.shape[0]
    draw = ImageDraw.Draw(image)
    lines = [(x * across, y * down, u * across, v * down) for x, y, u, v in edges(mask).tolist()]
    is_thin = len(mask) < image.height and min(across, down) < _ROOM_PX
    for shade, thickness in ((colour, 1),) if is_thin else ((_OUTLINE, 4), (colour, 2)):
        for line in lines:
            draw.line(line, fill=shade, width=thickness)


def _laid_out(panels: Sequence[_Panel], look: Look) -> RgbImage:
    height, width = panels[0].picture.shape[:2]
    column = max(width, _LEAST_COLUMN_PX)
    texts = [list(_wrapped(panel.lines, column)) for panel in panels]
    below = max(len(lines) for lines in texts) * _LINE_PX + _BAR_PX + 2 * _LINE_PX
    size = sheet_width(len(panels), width), height + below + 3 * _GAP_PX
    sheet = Image.new("RGB", size, _PAPER)
    draw = ImageDraw.Draw(sheet)
    for number, (panel, lines) in enumerate(zip(panels, texts, strict=True)):
        left, top = _GAP_PX + number * (column + _GAP_PX), _GAP_PX
        sheet.paste(Image.fromarray(panel.picture), (left, top))
        top += height + _GAP_PX // 2
        for line, is_title in lines:
            draw.text((left, top), line, fill=_INK if is_title else _MUTED, font=_font(is_bold=is_title))
            top += _LINE_PX
        if panel.limit is not None:
            _draw_scale(sheet, panel.limit, look, at=(left, top + _LINE_PX // 2), width=min(width, column))
    return np.asarray(sheet)


def _draw_scale(sheet: Image.Image, limit: float, look: Look, *, at: tuple[int, int], width: int) -> None:
    """Draw the colours of a map from end to end, with the values they stand for below."""
    left, top = at
    ramp = Image.fromarray(table(look.colours)[None, 1:]).resize((width, _BAR_PX), Image.Resampling.NEAREST)
    sheet.paste(ramp, at)
    ends = [(0.0, "ls", left), (limit, "rs", left + width)]
    if look.colours.is_diverging:
        ends = [(-limit, "ls", left), (0.0, "ms", left + width // 2), (limit, "rs", left + width)]
    draw = ImageDraw.Draw(sheet)
    for value, anchor, x in ends:
        place = x, top + _BAR_PX + _LINE_PX - 4
        draw.text(place, f"{value:.3g}", fill=_MUTED, font=_font(is_bold=False), anchor=anchor)


def _wrapped(lines: Sequence[str], width: int) -> Iterator[tuple[str, bool]]:
    """Yield lines that fit a width, and whether each belongs to the title, which is the first."""
    for number, line in enumerate(lines):
        font, row = _font(is_bold=number == 0), ""
        for word in line.split(" "):
            longer = f"{row} {word}" if row else word
            if row and font.getlength(longer) > width:
                yield row, number == 0
                longer = word
            row = longer
        yield row, number == 0


@cache
def _font(*, is_bold: bool) -> ImageFont.FreeTypeFont:
    from matplotlib import get_data_path

    name = "DejaVuSans-Bold.ttf" if is_bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(Path(get_data_path()) / "fonts" / "ttf" / name), _TEXT_PX)
