"""Accuracy against the share of pictures let in by ink saliency, with AURRAC, chance and oracle."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import Qt

from app.audit.figures import PLACEBO, ModelFigures
from app.theme import Theme
from app.widgets.figure_export import Numbers
from app.widgets.forest_plot import shortened
from app.widgets.plot import Plot, Point, filled, series_colour, spread
from gsal.audit.groups import GroupResponse
from gsal.audit.names import interval_text, number_text

__all__ = ["ResponsePlot"]

_COLUMNS = (
    *("model", "saliency", "pictures of", "let in", "share", "accuracy", "threshold", "oracle"),
    *("AURRAC", "AURRAC low", "AURRAC high", "accuracy of all"),
)
_STYLES = {
    (False, False): Qt.PenStyle.SolidLine,
    (False, True): Qt.PenStyle.DashDotLine,
    (True, False): Qt.PenStyle.DashLine,
    (True, True): Qt.PenStyle.DashDotDotLine,
}
"""By whether the ink is painted over, and whether a line is of the pictures that are not in the group."""

_REST = 2
"""Place of the rest among the lines of a model: all, the group, the rest."""

_MOST_MARKS, _MOST_LABELLED = 40, 4
_FEW_OF_ONE = 2
"""Of more curves, all of one model, the labels do not name it: they need their height."""

_MOST_DRAWN = 1000
"""Points of a line: of more, as many from all along it."""

_LETTER_PX, _AXIS_PX = 7, 80
"""Of a letter of a label, and of the axis at the left, at the usual size of the text."""

_LINE_GAP = 0.09
"""A line of a label, of the height of the figure."""


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """A curve of one model, of all pictures, of the group or of the rest.

    Attributes:
        name: Of the pictures, and whether their ink is painted over; "" for all as they are.
        is_shown: Whether it is drawn: a group and the rest take the place of all pictures.
    """

    model: str
    method: str
    name: str
    of: GroupResponse
    is_placebo: bool
    is_rest: bool
    is_shown: bool


def _lines(figures: ModelFigures) -> Iterator[_Line]:
    """Yield the curves with a picture, of the pictures as they are first."""
    for reading in (figures.reading, figures.placebo):
        for place, of in enumerate(reading.lines if reading is not None else ()):
            is_placebo, has_group = reading is figures.placebo, len(figures.reading.lines) > 1
            name = ", ".join(part for part in (of.name, PLACEBO if is_placebo else "") if part)
            shown = bool(place) is has_group
            if of.curve.n:
                yield _Line(figures.model, figures.method, name, of, is_placebo, place == _REST, shown)


class ResponsePlot(Plot):
    """One curve per model with its band; dashed its accuracy on the same pictures, dotted the oracle.

    With a group of classes, its curve and that of the rest take the place of the one of all pictures. The
    same without the ink is dashed.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="responseRate",
            tip="Accuracy of the pictures with the least ink saliency",
            bottom="share of pictures let in, least ink saliency first",
            left="accuracy",
        )
        self.getAxis("bottom").setTicks([[(tick / 5, f"{tick / 5:.1f}") for tick in range(6)]])
        self.points: dict[str, int] = {}

    def show_figures(self, figures: Sequence[ModelFigures], *, models: Sequence[str]) -> None:
        """Draw these models; `models` are all there are, for the colours."""
        self.clear()
        self.points = {f.model: len(f.curve.k) for f in figures}
        lines = [line for f in figures for line in _lines(f)]
        self.tabulate = lambda: Numbers(_COLUMNS, tuple(row for line in lines for row in _rows(line)))
        shown = [line for line in lines if line.is_shown]
        is_crowded = len(shown) > _MOST_LABELLED
        for line in shown:
            self._draw(line, series_colour(models, line.model), has_band=not is_crowded)
        self._label(shown, models, is_crowded=is_crowded)

    def _label(self, shown: Sequence[_Line], models: Sequence[str], *, is_crowded: bool) -> None:
        """Write names and AURRAC beside the ends; of many lines one row each, and none of the placebos."""
        named = [line for line in shown if not (is_crowded and line.is_placebo)]
        lowest = min((float(line.of.curve.accuracy.min()) for line in shown), default=1.0)
        is_alone = len({line.model for line in named}) == 1 and len(named) > _FEW_OF_ONE
        texts = [_label_text(line, is_crowded=is_crowded, has_model=not is_alone) for line in named]
        rows = max((text.count("\n") + 1 for text in texts), default=1)
        gap = _LINE_GAP * rows * self.theme.font_scale * max(0.1, 1.0 - lowest)
        places = spread([float(line.of.curve.accuracy[-1]) for line in named], gap=gap)
        down = max(0.0, max(places, default=0.0) - 1.0)
        for line, text, place in zip(named, texts, places, strict=True):
            colour = series_colour(models, line.model)
            self.add_text(text, 1.02, place - down, colour=colour, anchor=(0, 0.5))
        longest = max((len(row) for text in texts for row in text.split("\n")), default=0)
        # The curves take what the labels leave of the width.
        needed = _LETTER_PX * longest * self.theme.font_scale
        left = max(needed, self.width() - _AXIS_PX - needed)
        self.setXRange(0, 1.02 + needed / left, padding=0.02)

    def _draw(self, line: _Line, colour: str, *, has_band: bool) -> None:
        curve, band = line.of.curve, line.of.band
        if has_band and band.draws and not line.is_placebo:
            self.addItem(filled(band.share, band.low, band.high, colour))
        drawn = _thinned(len(curve.k))
        pen = pg.mkPen(colour, width=2, style=_STYLES[line.is_placebo, line.is_rest])
        self.plot(curve.share[drawn], curve.accuracy[drawn], pen=pen)
        # A mark at every picture would hide the line of many.
        marked = _thinned(len(curve.k), _MOST_MARKS)
        points = [_point(line, int(i)) for i in marked]
        self.add_points(points, colour=colour, size=3 if line.is_placebo else 5)
        if line.is_placebo:
            return
        dotted = pg.mkPen(colour, width=1, style=Qt.PenStyle.DotLine)
        self.plot(curve.share[drawn], _oracle(line.of)[drawn], pen=dotted)
        self.addItem(pg.InfiniteLine(line.of.response.accuracy, angle=0, pen=self.dashed(colour)))


def _thinned(n: int, most: int = _MOST_DRAWN) -> npt.NDArray[np.int64]:
    """Return the places of at most so many of n points, from the first to the last."""
    return np.unique(np.linspace(0, n - 1, min(n, most)).round().astype(np.int64))


def _label_text(line: _Line, *, is_crowded: bool, has_model: bool) -> str:
    aurrac = number_text(line.of.response.aurrac)
    model = shortened(line.model) if has_model else ""
    if is_crowded:
        return " ".join(part for part in (model, line.name, aurrac) if part)
    return "\n".join(part for part in (model, line.name, f"AURRAC {aurrac}") if part)


def _point(line: _Line, at: int) -> Point:
    """Return a mark of the curve; it stands for the last picture that is let in there."""
    curve, band = line.of.curve, line.of.band
    share, accuracy = float(curve.share[at]), float(curve.accuracy[at])
    low, high = (float(np.interp(share, band.share, side)) for side in (band.low, band.high))
    name = f"{line.model}, {line.name}" if line.name else line.model
    tip = (
        f"{name}: {number_text(accuracy)} ({interval_text(low, high)}) of the {curve.k[at]:,} pictures with "
        f"least ink saliency\n{band.method}"
    )
    return Point(share, accuracy, tip)


def _rows(line: _Line) -> Iterator[tuple[object, ...]]:
    curve, area = line.of.curve, line.of.band.aurrac
    of_points = (curve.k, curve.share, curve.accuracy, curve.threshold, _oracle(line.of))
    summary = (line.of.response.aurrac, area.low, area.high, line.of.response.accuracy)
    for row in zip(*(values.tolist() for values in of_points), strict=True):
        yield (line.model, line.method, line.name or "all", *row, *summary)


def _oracle(line: GroupResponse) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return min(1, C / k) at each k of a curve: every right answer before every wrong one."""
    hits = round(line.response.accuracy * line.curve.n)
    return np.minimum(1.0, hits / line.curve.k)
