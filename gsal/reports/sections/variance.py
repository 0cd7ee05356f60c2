"""How far class means lie apart, model by model, and whether mean and peak tell the same of the classes."""

from collections.abc import Iterator, Mapping, Sequence

from gsal.audit.placebo_entry import PlaceboEntry
from gsal.audit.variance_interval import VarianceEstimate
from gsal.reports import figures
from gsal.reports.document import Figure
from gsal.reports.figures import ForestMark, ForestPanel, ForestSeries
from gsal.reports.sections.by_method import MethodEntries
from gsal.reports.sections.cells import counts

__all__ = ["agreement_figure", "variance_figure"]

_TITLES = {"mean": "Mean saliency on ink, z", "peak": "Peak saliency on ink, n"}


def variance_figure(
    method: MethodEntries, palette: Mapping[str, str], placebos: Sequence[PlaceboEntry]
) -> Iterator[Figure]:
    """Yield the figure; none where no entry has intervals, as in audits of earlier versions.

    Args:
        method: Its entries.
        palette: Colour by model.
        placebos: Of the method, as far as there are.
    """
    panels = [_panel(method, aggregator, placebos) for aggregator in _TITLES]
    if all(panel.series for panel in panels):
        beneath = " Hollow: the placebo, with the ink painted over." if placebos else ""
        yield Figure(
            f"variance-{method.slug}",
            f"Variance between classes, {method.title}",
            figures.forest(panels, palette),
            "Variance of the class means with 95 % intervals, as it is and without what noise adds to it, "
            f"which may leave less than nothing.{beneath}",
        )


def _panel(method: MethodEntries, aggregator: str, placebos: Sequence[PlaceboEntry]) -> ForestPanel:
    without = {one.model: one.spread for one in placebos if one.aggregator == aggregator}
    series, pictures = [], []
    for entry in method.of(aggregator):
        if entry.spread is not None:
            pictures.append(entry.spread.n)
            series.append(ForestSeries(entry.model, _marks(entry.spread)))
            if (placebo := without.get(entry.model)) is not None:
                series.append(ForestSeries(entry.model, _marks(placebo), is_hollow=True))
    rows = (("as it is", counts(pictures)), ("noise taken off", ""))
    return ForestPanel(_TITLES[aggregator], "variance of the class means", rows, tuple(series))


def _marks(one: VarianceEstimate) -> tuple[ForestMark, ForestMark]:
    return (
        ForestMark(one.value, one.low, one.high),
        ForestMark(one.corrected, one.corrected_low, one.corrected_high),
    )


def agreement_figure(method: MethodEntries, palette: Mapping[str, str]) -> Figure:
    """Return the figure of class means under mean and peak."""
    pairs = list(zip(method.of("mean"), method.of("peak"), strict=True))
    return Figure(
        f"agreement-{method.slug}",
        f"Mean and peak of each class, {method.title}",
        figures.agreement(pairs, palette),
        "A point for each class, with 95 % intervals both ways. Kendall’s τ: 1 where mean and peak put the "
        "classes in the same order, −1 where in the opposite one.",
    )
