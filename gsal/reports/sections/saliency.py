"""Global saliency: how much of it lies on ink, by class."""

from collections.abc import Iterator, Mapping, Sequence

from gsal.audit import AuditEntry
from gsal.audit.names import method_name, number_text
from gsal.audit.placebo_entry import PlaceboEntry
from gsal.reports import figures
from gsal.reports.content import ReportContent
from gsal.reports.document import (
    Block,
    Cell,
    Column,
    Figure,
    Group,
    Heading,
    Section,
    Table,
    note,
    paragraph,
)
from gsal.reports.sections.by_method import MethodEntries, by_method, with_all_classes
from gsal.reports.sections.cells import count, estimate
from gsal.reports.sections.palette import model_palette
from gsal.reports.sections.placebo import beside
from gsal.reports.sections.variance import agreement_figure, variance_figure

__all__ = ["section"]


def section(content: ReportContent) -> Section:
    """Return class means and their variance, method by method, and the models compared."""
    return Section("saliency", "Global saliency", tuple(_blocks(content)))


def _blocks(content: ReportContent) -> Iterator[Block]:
    yield paragraph(
        "How much saliency lies on ink, averaged over the inked validation pictures of each true class, for "
        "the class predicted. Class means far apart suggest that the model uses ink for some classes more "
        "than for others; whether its answers would change without the ink is another question."
    )
    palette = model_palette(content)
    for method in by_method(content.audit.entries):
        yield Heading(method.title)
        of_method = [one for one in content.audit.placebos if one.method == method.slug]
        placebos = with_all_classes(of_method, method.entries)
        yield from _figures(method, palette, placebos)
        yield _class_means(method, palette)
        yield from variance_figure(method, palette, of_method)
        yield agreement_figure(method, palette)
    if content.audit.comparisons:
        yield from _comparisons(content)


def _figures(
    method: MethodEntries, palette: Mapping[str, str], placebos: Sequence[PlaceboEntry]
) -> Iterator[Figure]:
    """Yield the figure, in several parts where the classes of all models do not fit a page."""
    parts = figures.global_saliency(method.entries, palette, placebos)
    beneath = " Hollow beneath: the placebo, with the ink painted over." if placebos else ""
    beneath += beside(method.entries, placebos)
    for number, drawing in enumerate(parts, start=1):
        yield Figure(
            f"global-saliency-{method.slug}" + (f"-{number}" if number > 1 else ""),
            f"Saliency on ink by class, {method.title}",
            drawing,
            "Dots are class means, bars 95 % intervals. n counts inked pictures; * marks classes under 50, "
            f"to be read with care.{beneath}"
            + (f" Part {number} of {len(parts)}." if len(parts) > 1 else ""),
        )


def _class_means(method: MethodEntries, palette: Mapping[str, str]) -> Table:
    pairs = list(zip(method.of("mean"), method.of("peak"), strict=True))
    rows = [
        (Cell(item.name), *(cell for pair in pairs for cell in _of_class(pair, row)))
        for row, item in enumerate(pairs[0][0].classes)
    ]
    rows += [
        (
            Cell("Variance between classes"),
            *(cell for mean, peak in pairs for cell in _beside(mean.variance.value, peak.variance.value)),
        ),
        (
            Cell("the same, noise taken off"),
            *(
                cell
                for mean, peak in pairs
                for cell in _beside(mean.variance.noise_corrected, peak.variance.noise_corrected)
            ),
        ),
        (
            Cell("τ of mean and peak"),
            *(cell for mean, _ in pairs for cell in (Cell(), Cell(number_text(mean.agreement)), Cell())),
        ),
    ]
    return Table(
        (
            Column("Class", align="left"),
            *(Column(name) for _ in pairs for name in ("n", "mean, z", "peak, n")),
        ),
        tuple(rows),
        f"{method.title}: saliency on ink by class, with 95 % intervals",
        (Group("", 1), *(Group(mean.model, 3, palette[mean.model]) for mean, _ in pairs)),
    )


def _of_class(pair: tuple[AuditEntry, AuditEntry], row: int) -> tuple[Cell, Cell, Cell]:
    mean, peak = (entry.classes[row] for entry in pair)
    return (
        Cell(f"{mean.n}{' *' if mean.flagged else ''}"),
        estimate(mean.mean, mean.low, mean.high),
        estimate(peak.mean, peak.low, peak.high),
    )


def _beside(mean: float, peak: float) -> tuple[Cell, Cell, Cell]:
    return Cell(), Cell(number_text(mean, 4)), Cell(number_text(peak, 4))


def _comparisons(content: ReportContent) -> Iterator[Block]:
    yield Heading("Models compared")
    yield Table(
        (
            Column("Pair", align="left"),
            Column("saliency", align="left"),
            Column("pictures"),
            Column("variance ratio"),
            Column("difference, noise taken off"),
        ),
        tuple(
            (
                Cell(f"{row.first} : {row.second}"),
                Cell(f"{method_name(row.saliency_method)}, {row.aggregator}"),
                count(row.n),
                Cell(number_text(row.ratio)),
                estimate(row.difference, row.low, row.high, 4),
            )
            for row in content.audit.comparisons
        ),
        "Variance between classes, model against model",
    )
    yield note(
        "The ratio is descriptive. The interval of the difference resamples whole patients with pictures "
        "paired; it speaks about these trained models only."
    )
