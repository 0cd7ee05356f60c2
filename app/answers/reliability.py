"""Whether a classifier is right as often as it is sure."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.theme import SERIES, Theme
from app.widgets.figure_export import Numbers
from app.widgets.plot import Plot, Point
from gsal.masks.proportions import Proportion, wilson

__all__ = ["ReliabilityPlot"]

Bin = Mapping[str, Any]


class ReliabilityPlot(Plot):
    """Accuracy over confidence, a point for each tenth; on the dashed line both are the same."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="reliabilityDiagram",
            tip="Share of right answers by how sure the network is",
            bottom="largest probability",
            left="right answers",
        )
        self.setXRange(0, 1, padding=0.04)
        self.setYRange(0, 1, padding=0.04)
        self._bins: list[Bin] = []
        self.tips: list[str] = []
        theme.changed.connect(self._draw)

    def show_bins(self, bins: Sequence[Bin]) -> None:
        """Draw bins of "low", "high", "n", "confidence" and "accuracy"."""
        self._bins = list(bins)
        self._draw()

    def _draw(self) -> None:
        self.clear()
        self.plot([0, 1], [0, 1], pen=self.dashed(self.theme.colours.muted))
        shares = [wilson(round(one["accuracy"] * one["n"]), one["n"]) for one in self._bins]
        columns = ("sure from", "to", "confidence", "right", "low", "high", "n")
        of_bins = tuple(zip(self._bins, shares, strict=True))
        self.tabulate = lambda: Numbers(columns, tuple(_row(one, share) for one, share in of_bins))
        self.tips = [_tip(one, share) for one, share in zip(self._bins, shares, strict=True)]
        if not self._bins:
            return
        x = [float(one["confidence"]) for one in self._bins]
        y = [share.estimate for share in shares]
        bars = [(at, share.estimate, share.low, share.high) for at, share in zip(x, shares, strict=True)]
        self.add_bars(bars, colour=SERIES[0], beam=0.02)
        points = [Point(*one) for one in zip(x, y, self.tips, strict=True)]
        self.add_points(points, colour=SERIES[0], size=9)
        for one, place, share in zip(self._bins, x, y, strict=True):
            self.add_text(
                f"n {one['n']:,}", place, share, colour=self.theme.colours.muted, anchor=(-0.15, 0.5)
            )


def _row(one: Bin, share: Proportion) -> tuple[float, ...]:
    return (one["low"], one["high"], one["confidence"], share.estimate, share.low, share.high, one["n"])


def _tip(one: Bin, share: Proportion) -> str:
    return (
        f"Sure by {one['low']:.1f} to {one['high']:.1f}: {100 * share.estimate:.0f} % of {one['n']:,} right "
        f"({100 * share.low:.0f} to {100 * share.high:.0f} %)"
    )
