"""What the review remembers of how one reader works: keys, brush, looks, what is folded."""

from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from app.review.canvas.canvas import Canvas
from app.review.canvas.looks import Looks
from app.review.canvas.palettes import PALETTES
from app.review.panels.tool_panel import ToolPanel
from app.settings import Settings

__all__ = ["Remembered"]


class Remembered(QObject):
    """Sets canvas and panels up as they were left, and keeps what is changed."""

    def __init__(self, settings: Settings, canvas: Canvas, tools: ToolPanel) -> None:
        super().__init__(canvas)
        self._settings, self._canvas, self._tools = settings, canvas, tools
        self._recall()
        canvas.brush_changed.connect(self._keep_brush)
        tools.looks.looks_asked.connect(self._keep_looks)
        tools.tools.pressure_asked.connect(self._keep_pressure)
        tools.folded.connect(self._keep_folded)

    def _recall(self) -> None:
        kept, canvas, tools = self._settings, self._canvas, self._tools
        canvas.set_brush(kept.brush_px)
        tools.tools.show_size(canvas.brush_px)
        canvas.uses_pressure = kept.uses_pressure
        tools.tools.show_pressure(kept.uses_pressure)
        looks = replace(canvas.looks, opacity=kept.opacity_percent / 100)
        if kept.palette in {palette.key for palette in PALETTES}:
            looks = replace(looks, palette=kept.palette)
        canvas.set_looks(looks)
        tools.looks.show_looks(looks)
        if kept.folded is not None:
            tools.set_folded(kept.folded)

    @Slot(int)
    def _keep_brush(self, size_px: int) -> None:
        self._settings.brush_px = size_px

    @Slot(object)
    def _keep_looks(self, looks: Looks) -> None:
        self._settings.palette = looks.palette
        self._settings.opacity_percent = round(100 * looks.opacity)

    @Slot(bool)
    def _keep_pressure(self, is_used: bool) -> None:
        self._settings.uses_pressure = is_used

    @Slot(object)
    def _keep_folded(self, titles: tuple[str, ...]) -> None:
        self._settings.folded = titles
