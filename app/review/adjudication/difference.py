"""Where two masks differ, hatched over a canvas: told by the direction of the lines, not by colour alone."""

from enum import IntEnum

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent, qRgba
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.review.canvas.layer import CanvasLayer
from app.review.canvas.picture_view import PictureView
from app.review.canvas.viewport import Viewport
from gsal.editing.painting import Painting

__all__ = ["DifferenceLayer", "Part", "Swatch"]


class Part(IntEnum):
    """What a pixel is to two masks."""

    FIRST = 1
    SECOND = 2
    BOTH = 3


_PERIOD_PX = 10
_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
# Okabe and Ito's blue, vermillion and bluish green.
_COLOURS = {Part.FIRST: (0, 114, 178), Part.SECOND: (213, 94, 0), Part.BOTH: (0, 158, 115)}
_PAPER = qRgba(255, 255, 255, 235)


class DifferenceLayer(CanvasLayer):
    """Draws how two masks differ.

    Args:
        canvas: To lie on.
        parts: Which are shown.
    """

    def __init__(self, canvas: PictureView, *parts: Part) -> None:
        super().__init__(canvas)
        self._parts = parts
        self._masks: tuple[Painting, Painting] | None = None
        self.hide()

    def show_masks(self, masks: tuple[Painting, Painting] | None) -> None:
        """Show how these two differ; None for nothing."""
        self._masks = masks
        self.forget()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._masks is None or self.canvas.looks.is_hidden:
            return
        if self.image is None:
            self.image = hatched(
                *self._masks,
                viewport=self.canvas.viewport,
                size=self.size(),
                ratio=self.devicePixelRatioF(),
                parts=self._parts,
            )
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        painter.drawImage(0, 0, self.image)
        painter.end()


class Swatch(QWidget):
    """A piece of one pattern, for the legend."""

    def __init__(self, part: Part) -> None:
        super().__init__()
        self.setFixedSize(28, 16)
        self._part = part

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        height, width = round(16 * self.devicePixelRatioF()), round(28 * self.devicePixelRatioF())
        whole = np.full((height, width), self._part, np.uint8)
        image = _coloured(whole, (self._part,), at=(0, 0), ratio=self.devicePixelRatioF())
        image.setDevicePixelRatio(self.devicePixelRatioF())
        painter = QPainter(self)
        painter.drawImage(0, 0, image)
        painter.end()


def hatched(
    first: Painting,
    second: Painting,
    *,
    viewport: Viewport,
    size: QSize,
    ratio: float,
    parts: tuple[Part, ...],
) -> QImage:
    """Draw the parts for what a canvas of this size shows, with `ratio` screen pixels per widget pixel."""
    scale = viewport.scale * ratio
    level = 0
    while level + 1 < len(first.levels) and scale * 2 ** (level + 1) <= 1.0:
        level += 1
    height, width = round(size.height() * ratio), round(size.width() * ratio)
    left, top = viewport.x * ratio, viewport.y * ratio
    unit = scale * 2**level
    rows = np.floor((np.arange(height) + 0.5 - top) / unit).astype(np.int64)
    columns = np.floor((np.arange(width) + 0.5 - left) / unit).astype(np.int64)
    shown = _looked_up(first.levels[level], rows, columns) * np.uint8(Part.FIRST)
    shown += _looked_up(second.levels[level], rows, columns) * np.uint8(Part.SECOND)
    image = _coloured(shown, parts, at=(round(left), round(top)), ratio=ratio)
    image.setDevicePixelRatio(ratio)
    return image


def _looked_up(
    mask: npt.NDArray[np.uint8], rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint8]:
    height, width = mask.shape
    found = mask[np.clip(rows, 0, height - 1)][:, np.clip(columns, 0, width - 1)]
    found[(rows < 0) | (rows >= height)] = 0
    found[:, (columns < 0) | (columns >= width)] = 0
    return found


def _coloured(
    shown: npt.NDArray[np.uint8], parts: tuple[Part, ...], *, at: tuple[int, int], ratio: float
) -> QImage:
    """Turn parts into lines that rise, lines that fall, and dots; each region has an outline."""
    height, width = shown.shape
    period = max(6, round(_PERIOD_PX * ratio))
    thin, stroke = max(1, round(ratio)), max(2, round(period * 0.3))
    # Rows of an indexed image begin at multiples of four bytes.
    padded = np.zeros((height, (width + 3) & ~3), np.uint8)
    table = [0] * (2 * len(Part) + 1)
    for part in parts:
        region = (shown == part).view(np.uint8)
        left, top, columns, rows = cv2.boundingRect(region)
        if not columns:
            continue
        box = np.s_[top : top + rows, left : left + columns]
        region = region[box]
        inner = cv2.erode(region, _CROSS, iterations=thin)
        pattern = _pattern(part, period, left=left - at[0], top=top - at[1], shape=region.shape)
        classes = padded[box]
        classes[region.view(np.bool_) & (pattern < stroke + thin)] = 2 * part
        classes[region.view(np.bool_) & ((pattern < stroke) | (inner == 0))] = 2 * part - 1
        table[2 * part - 1], table[2 * part] = qRgba(*_COLOURS[part], 255), _PAPER
    image = QImage(padded.data, width, height, padded.strides[0], QImage.Format.Format_Indexed8)
    image.setColorTable(table)
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def _pattern(
    part: Part, period: int, *, left: int, top: int, shape: tuple[int, ...]
) -> npt.NDArray[np.int32]:
    """Return how far each pixel is from the line or dot before it, 0 on its edge."""
    y = np.arange(top, top + shape[0], dtype=np.int32)[:, None] % period
    x = np.arange(left, left + shape[1], dtype=np.int32)[None, :] % period
    match part:
        case Part.FIRST:
            return (x + y) % period
        case Part.SECOND:
            return (x - y) % period
        case Part.BOTH:
            return np.maximum(np.abs(x - period // 2), np.abs(y - period // 2)) + 1
