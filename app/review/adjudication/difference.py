"""Where two masks differ, hatched over a canvas: told by the direction of the lines, not by colour alone."""

from enum import IntEnum

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent, qRgba
from PySide6.QtWidgets import QWidget
from typing_extensions import override

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


class DifferenceLayer(QWidget):
    """Lies on a canvas, lets every click through, and moves with it.

    Args:
        canvas: To lie on.
        parts: Which are shown.
    """

    def __init__(self, canvas: PictureView, *parts: Part) -> None:
        super().__init__(canvas)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._canvas = canvas
        self._parts = parts
        self._masks: tuple[Painting, Painting] | None = None
        self._image: QImage | None = None
        self.hide()
        self.resize(canvas.size())
        canvas.installEventFilter(self)
        canvas.view_changed.connect(self._forget)

    def show_masks(self, masks: tuple[Painting, Painting] | None) -> None:
        """Show how these two differ; None for nothing."""
        self._masks = masks
        self._forget()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self.resize(self._canvas.size())
            self._forget()
        return super().eventFilter(watched, event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._masks is None or self._canvas.looks.is_hidden:
            return
        if self._image is None:
            self._image = hatched(
                *self._masks,
                viewport=self._canvas.viewport,
                size=self.size(),
                ratio=self.devicePixelRatioF(),
                parts=self._parts,
            )
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        painter.drawImage(0, 0, self._image)
        painter.end()

    @Slot()
    def _forget(self) -> None:
        self._image = None
        self.update()


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
        parts = np.full((height, width), self._part, np.uint8)
        image = _coloured(parts, 0, 0, self.devicePixelRatioF())
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
    shown[~np.isin(shown, parts)] = 0
    image = _coloured(shown, round(left), round(top), ratio)
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


def _coloured(shown: npt.NDArray[np.uint8], left: int, top: int, ratio: float) -> QImage:
    """Turn parts into lines that rise, lines that fall, and dots; each region has an outline."""
    height, width = shown.shape
    period = max(6, round(_PERIOD_PX * ratio))
    y, x = np.ogrid[:height, :width]
    y, x = y - top, x - left
    patterns = {
        Part.FIRST: (x + y) % period,
        Part.SECOND: (x - y) % period,
        Part.BOTH: np.maximum(np.abs(x % period - period // 2), np.abs(y % period - period // 2)) + 1,
    }
    padded = np.zeros((height, (width + 3) & ~3), np.uint8)
    classes = padded[:, :width]
    table = [0] * 10
    stroke = max(2, round(period * 0.3))
    for part, pattern in patterns.items():
        region = (shown == part).astype(np.uint8)
        if not region.any():
            continue
        inner = cv2.erode(region, _CROSS, iterations=max(1, round(ratio)))
        line = (pattern < stroke) | (region > inner)
        paper = pattern < stroke + max(1, round(ratio))
        classes[(region == 1) & paper] = 3 * part - 1
        classes[(region == 1) & line] = 3 * part - 2
        table[3 * part - 2], table[3 * part - 1] = qRgba(*_COLOURS[part], 255), _PAPER
    image = QImage(padded.data, width, height, padded.strides[0], QImage.Format.Format_Indexed8)
    image.setColorTable(table)
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
