"""The map over a picture, with the outlines of ink and of peaks; it lies on a canvas and moves with it."""

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from typing_extensions import override

from app.review.canvas.layer import CanvasLayer
from app.review.canvas.picture_view import PictureView
from app.review.canvas.viewport import Viewport
from gsal.arrays import SaliencyMap
from gsal.saliency.overlay import Look, Segments, coloured, edges, peak_pixels
from gsal.saliency.sheet import INK_LINE, PEAK_LINE

__all__ = ["MapLayer", "drawn"]

_LINE_PX, _HALO_PX = 1.5, 3.5
_ROOM_PX = 4.0
"""A pixel of the map that is narrower on the screen is outlined thinly, not to be covered."""


class MapLayer(CanvasLayer):
    """Draws a map at the screen's own pixels, whatever the zoom, and lets every click through.

    Args:
        canvas: To lie on.
    """

    def __init__(self, canvas: PictureView) -> None:
        super().__init__(canvas)
        self.look = Look()
        self.is_hidden = False
        self._shape = (1, 1)
        self._map: SaliencyMap | None = None
        self._limit = 0.0
        self._ink: list[QLineF] = []
        self._peaks: list[QLineF] = []
        self._cell = 1.0

    @property
    def limit(self) -> float:
        """The value at the end of the scale."""
        return self._limit

    def show_picture(self, shape: tuple[int, int], outline: Segments) -> None:
        """Lie over a picture (height, width) with its ink; there is no map yet."""
        self._shape = shape
        self._ink = _lines(outline, 1.0, 1.0)
        self.show_map(None)

    def show_map(self, saliency: SaliencyMap | None, limit: float = 0.0) -> None:
        """Show a map of the whole picture, to the value at the end of its scale; None for none."""
        if saliency is None:
            self._peaks = []
        elif saliency is not self._map:
            height, width = saliency.shape
            across, down = self._shape[1] / width, self._shape[0] / height
            self._cell = min(across, down)
            self._peaks = _lines(edges(peak_pixels(saliency)), across, down)
        self._map, self._limit = saliency, limit
        self.forget()

    def set_look(self, look: Look) -> None:
        """Show it like this."""
        if (look.colours, look.is_clear) != (self.look.colours, self.look.is_clear):
            self.image = None
        self.look = look
        self.update()

    def hide_map(self, is_hidden: bool) -> None:
        """Show the picture and its outlines alone, or the map too."""
        self.is_hidden = is_hidden
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self.canvas.pyramid is None:
            return
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        if self._map is not None and not self.is_hidden:
            painter.setOpacity(self.look.opacity)
            painter.drawImage(0, 0, self._drawn(self._map))
            painter.setOpacity(1.0)
        self._draw_outlines(painter)
        painter.end()

    def _drawn(self, saliency: SaliencyMap) -> QImage:
        if self.image is None:
            self.image = drawn(
                saliency,
                self._limit,
                self.look,
                shape=self._shape,
                viewport=self.canvas.viewport,
                size=self.size(),
                ratio=self.devicePixelRatioF(),
            )
        return self.image

    def _draw_outlines(self, painter: QPainter) -> None:
        view = self.canvas.viewport
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(view.x, view.y)
        painter.scale(view.scale, view.scale)
        if self.look.shows_ink:
            _draw(painter, self._ink, INK_LINE, is_thin=False)
        if self.look.shows_peak:
            _draw(painter, self._peaks, PEAK_LINE, is_thin=self._cell * view.scale < _ROOM_PX)


def drawn(
    saliency: SaliencyMap,
    limit: float,
    look: Look,
    *,
    shape: tuple[int, int],
    viewport: Viewport,
    size: QSize,
    ratio: float,
) -> QImage:
    """Draw a map as a canvas shows it; beyond the picture it is clear.

    Args:
        saliency: (h, w), of the whole picture.
        limit: The value at the end of the scale.
        look: Its colours; its opacity is left to whoever draws the image.
        shape: (height, width) of the picture.
        viewport: Where one looks.
        size: Of the canvas, in points.
        ratio: Screen pixels per point.
    """
    height, width = round(size.height() * ratio), round(size.width() * ratio)
    step = 1 / (viewport.scale * ratio)
    rows, columns = saliency.shape
    across, down = columns / shape[1], rows / shape[0]
    left = (0.5 * step - viewport.x / viewport.scale) * across - 0.5
    top = (0.5 * step - viewport.y / viewport.scale) * down - 0.5
    values = cv2.warpAffine(
        np.asarray(saliency, dtype=np.float32),
        np.array([[step * across, 0, left], [0, step * down, top]]),
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    pixels = coloured(np.asarray(values, dtype=np.float32), limit, look.colours, is_clear=look.is_clear)
    _clear(pixels[..., 3], top, step * down, rows)
    _clear(pixels[..., 3].T, left, step * across, columns)
    made = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
    made = made.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    made.setDevicePixelRatio(ratio)
    return made


def _clear(opaqueness: npt.NDArray[np.uint8], start: float, step: float, cells: int) -> None:
    """Make the lines of a view clear whose middles lie beyond a map of so many cells."""
    at = start + np.arange(opaqueness.shape[0]) * step
    opaqueness[(at < -0.5) | (at >= cells - 0.5)] = 0


def _lines(segments: Segments, across: float, down: float) -> list[QLineF]:
    scaled = segments * np.array([across, down, across, down])
    return [QLineF(*ends) for ends in scaled.tolist()]


def _draw(painter: QPainter, lines: list[QLineF], colour: tuple[int, int, int], *, is_thin: bool) -> None:
    strokes = [(QColor(*colour), 1.0 if is_thin else _LINE_PX)]
    if not is_thin:
        strokes.insert(0, (QColor(Qt.GlobalColor.black), _HALO_PX))
    for shade, thickness in strokes if lines else ():
        pen = QPen(shade, thickness)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLines(lines)
