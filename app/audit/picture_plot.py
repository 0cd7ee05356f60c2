"""Every picture with ink: how much saliency is on it, and how sure the network is of its answer."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg

from app.audit.figures import ModelFigures
from app.audit.scales import Scale
from app.theme import Theme
from app.widgets.figure_export import Numbers
from app.widgets.plot import Plot, Point, series_colour
from gsal.audit.names import number_text, percent_text

__all__ = ["PicturePlot"]

_COLUMNS = ("model", "saliency", "picture", "true class", "answer", "confidence", "m or n", "right")
_MOST_POINTS = 4000
"""Of one model; of more, as many from all over the range are drawn."""

_RIGHT, _WRONG, _RING = "o", "x", 16


class PicturePlot(Plot):
    """A dot is a right answer, a cross a wrong one; a click opens the picture."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="pictures",
            tip="Ink saliency and confidence of each picture with ink; a click opens it",
            bottom="ink saliency",
            left="confidence",
        )
        self.setYRange(0, 1.02, padding=0.02)

    def show_figures(
        self,
        figures: Sequence[ModelFigures],
        *,
        models: Sequence[str],
        scale: Scale,
        group: frozenset[str],
        image_id: int | None,
    ) -> None:
        """Draw these models.

        Args:
            figures: Of the models.
            models: All there are, for the colours.
            scale: Of the saliency.
            group: True classes to show only; all if empty.
            image_id: A picture to ring.
        """
        self.clear()
        self.set_title("bottom", scale.axis)
        self.tabulate = lambda: Numbers(_COLUMNS, tuple(row for f in figures for row in _rows(f)))
        for of_model in figures:
            # Once for right and wrong answers together, so that their shares stay.
            shown = _thinned(_shown(of_model, group), of_model)
            colour = series_colour(models, of_model.model)
            for symbol, is_right in ((_RIGHT, True), (_WRONG, False)):
                some = shown[of_model.table.correct[shown] == is_right]
                points = [_point(of_model, int(row)) for row in some]
                self.add_points(points, colour=colour, size=7, symbol=symbol)
            self._ring(of_model, image_id)

    def _ring(self, figures: ModelFigures, image_id: int | None) -> None:
        for row in np.flatnonzero((figures.table.image_ids == image_id) & np.isfinite(figures.saliency)):
            ring = pg.ScatterPlotItem(
                x=[figures.saliency[row]],
                y=[figures.confidence[row]],
                size=_RING,
                pen=pg.mkPen(self.theme.colours.text, width=2),
                brush=None,
            )
            self.addItem(ring)


def _shown(figures: ModelFigures, group: frozenset[str]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the rows with ink, of a class of the group."""
    table = figures.table
    known = np.isfinite(figures.saliency)
    if group:
        known &= np.isin(np.array(table.classes), sorted(group))[table.true_class]
    return np.flatnonzero(known).astype(np.int64)


def _thinned(
    rows: np.ndarray[tuple[int], np.dtype[np.int64]], figures: ModelFigures
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    if len(rows) <= _MOST_POINTS:
        return rows
    order = rows[np.argsort(figures.saliency[rows], kind="stable")]
    return order[np.linspace(0, len(order) - 1, _MOST_POINTS).round().astype(np.int64)]


def _point(figures: ModelFigures, row: int) -> Point:
    table, saliency = figures.table, float(figures.saliency[row])
    confidence = float(figures.confidence[row])
    true, answer = (table.classes[int(which[row])] for which in (table.true_class, table.predicted))
    said = "rightly called" if true == answer else f"{true}, called"
    tip = (
        f"{table.images[row]}: {said} {answer} ({percent_text(confidence)} sure)\n"
        f"{table.model}: {number_text(saliency)} on its ink"
    )
    return Point(saliency, confidence, tip, int(table.image_ids[row]))


def _rows(figures: ModelFigures) -> list[tuple[object, ...]]:
    table, confidence = figures.table, figures.confidence
    return [
        (
            *(table.model, table.method, table.images[row], table.classes[int(table.true_class[row])]),
            *(table.classes[int(table.predicted[row])], float(confidence[row])),
            *(float(figures.saliency[row]), bool(table.correct[row])),
        )
        for row in np.flatnonzero(np.isfinite(figures.saliency)).tolist()
    ]
