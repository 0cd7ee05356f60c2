"""Whether mean and peak tell the same of the classes: their class means against each other (SPEC 9)."""

from collections.abc import Sequence
from math import isfinite, isnan

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from app.theme import Theme
from app.widgets.figure_export import Numbers
from app.widgets.forest_plot import shortened
from app.widgets.plot import Plot, Point, faded, series_colour
from gsal.audit.entry import AuditEntry
from gsal.audit.global_saliency import ClassSaliency
from gsal.audit.names import interval_text, number_text
from gsal.records import Aggregator

__all__ = ["AgreementPlot", "agreement_words"]

_COLUMNS = ("model", "saliency", "class", "mean z", "low", "high", "peak n", "low", "high", "pictures", "tau")
_MOST_LABELLED = 8
_FEW_CLASSES = 3
_WORDS = ((0.8, "as good as the same order"), (0.5, "a similar order"), (0.2, "a loosely similar order"))
_BAR_ALPHA = 110

_Pair = tuple[AuditEntry, AuditEntry]
"""One model under the mean and under the peak."""


class AgreementPlot(Plot):
    """A point for each class and model; a click on one selects the class."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="aggregatorAgreement",
            tip="Mean ink saliency of each true class by mean and by peak",
            bottom="ink saliency z(m), mean over the ink",
            left="n, share of ink among the top 2 %",
        )

    def show_entries(
        self, entries: Sequence[AuditEntry], *, models: Sequence[str], group: frozenset[str]
    ) -> None:
        """Draw these.

        Args:
            entries: Of one method, under both aggregators.
            models: All there are, for the colours.
            group: Classes that stand out; all if empty.
        """
        self.clear()
        pairs = both_ways(entries)
        self.tabulate = lambda: Numbers(_COLUMNS, tuple(row for pair in pairs for row in _rows(pair)))
        for pair in pairs:
            colour = series_colour(models, pair[0].model)
            for is_faded in (True, False):
                shown = [
                    both
                    for both in zip(pair[0].classes, pair[1].classes, strict=True)
                    if all(isfinite(one.mean) for one in both)
                    and bool(group and both[0].name not in group) is is_faded
                ]
                self._draw(pair, shown, faded(colour) if is_faded else colour)
        self._name_classes(pairs)
        self.enableAutoRange()

    def _draw(self, pair: _Pair, shown: Sequence[tuple[ClassSaliency, ClassSaliency]], colour: str) -> None:
        bars = [both for both in shown if all(isfinite(one.low) for one in both)]
        if bars:
            soft = QColor(colour)
            soft.setAlpha(min(_BAR_ALPHA, soft.alpha()))
            sides = [
                np.array([[one.mean, one.low, one.high] for one in side]).T
                for side in zip(*bars, strict=True)
            ]
            (x, left, right), (y, low, high) = sides
            item = pg.ErrorBarItem(
                x=x, y=y, left=x - left, right=right - x, bottom=y - low, top=high - y, beam=0,
                pen=pg.mkPen(soft, width=1),
            )  # fmt: skip
            self.addItem(item)
        points = [
            Point(mean.mean, peak.mean, _tip(pair[0].model, mean, peak), mean.name) for mean, peak in shown
        ]
        self.add_points(points, colour=colour, size=9)

    def _name_classes(self, pairs: Sequence[_Pair]) -> None:
        """Write the names beside the points of one model, where they are few."""
        if len(pairs) != 1 or len(pairs[0][0].classes) > _MOST_LABELLED:
            return
        for mean, peak in zip(pairs[0][0].classes, pairs[0][1].classes, strict=True):
            if isfinite(mean.mean) and isfinite(peak.mean):
                self.add_text(
                    shortened(mean.name),
                    mean.mean,
                    peak.mean,
                    colour=self.theme.colours.muted,
                    anchor=(-0.1, 1.0),
                )


def both_ways(entries: Sequence[AuditEntry]) -> list[_Pair]:
    """Return each model's entries under mean and under peak, side by side."""
    by_model: dict[str, dict[str, AuditEntry]] = {}
    for entry in entries:
        by_model.setdefault(entry.model, {})[entry.aggregator] = entry
    wanted = [str(aggregator) for aggregator in (Aggregator.MEAN, Aggregator.PEAK)]
    return [(of[wanted[0]], of[wanted[1]]) for of in by_model.values() if set(wanted) <= of.keys()]


def agreement_words(entry: AuditEntry) -> str:
    """Say of one model whether mean and peak put the classes in the same order."""
    tau, classes = entry.agreement, sum(one.n > 0 for one in entry.classes)
    if isnan(tau):
        return f"{entry.model}: no order of the classes to compare."
    words = next((words for least, words in _WORDS if tau >= least), "no common order")
    if tau <= -_WORDS[-1][0]:
        words = "rather the opposite order"
    few = f", of {classes} classes only" if classes <= _FEW_CLASSES else ""
    return f"{entry.model}: {words}, τ {number_text(tau)}{few}."


def _tip(model: str, mean: ClassSaliency, peak: ClassSaliency) -> str:
    return (
        f"{model}, {mean.name}\n"
        f"mean z(m) {number_text(mean.mean)} ({interval_text(mean.low, mean.high)}), {mean.method}\n"
        f"peak n {number_text(peak.mean)} ({interval_text(peak.low, peak.high)}), {peak.method}\n"
        f"{mean.n:,} pictures of {mean.n_patients:,} patients"
    )


def _rows(pair: _Pair) -> list[tuple[object, ...]]:
    first, second = pair
    return [
        (
            *(first.model, first.method, mean.name, mean.mean, mean.low, mean.high),
            *(peak.mean, peak.low, peak.high, mean.n, first.agreement),
        )
        for mean, peak in zip(first.classes, second.classes, strict=True)
    ]
