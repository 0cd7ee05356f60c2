"""Whether saliency on ink predicts a model's errors."""

from collections.abc import Iterator, Mapping, Sequence

from gsal.audit import AuditEntry
from gsal.audit.names import number_text
from gsal.audit.placebo_entry import PlaceboEntry
from gsal.reports import figures
from gsal.reports.content import ReportContent
from gsal.reports.document import Block, Cell, Column, Figure, Heading, Section, Table, note, paragraph
from gsal.reports.sections.by_method import MethodEntries, by_method
from gsal.reports.sections.cells import count, estimate, share
from gsal.reports.sections.folds import fold_figure
from gsal.reports.sections.palette import model_palette
from gsal.reports.sections.placebo import beside

__all__ = ["section"]


def section(content: ReportContent) -> Section:
    """Return response rate accuracy, method by method."""
    return Section("response", "Predicting failure", tuple(_blocks(content)))


def _blocks(content: ReportContent) -> Iterator[Block]:
    yield paragraph(
        "Inked pictures are let in from the least ink saliency to the most. If wrong answers carry more ink "
        "saliency, accuracy falls from left to right and AURRAC lies above the accuracy of all pictures."
    )
    palette = model_palette(content)
    for method in by_method(content.audit.entries):
        placebos = [one for one in content.audit.placebos if one.method == method.slug]
        yield from _method(method, palette, placebos)
        yield from fold_figure(method, content.models)
    yield note(
        "† Kendall’s τ between threshold and accuracy as in the paper. Its subsets are nested, so it tends "
        "to −1 or 1 by construction and has no valid P value."
    )


def _method(
    method: MethodEntries, palette: Mapping[str, str], placebos: Sequence[PlaceboEntry]
) -> Iterator[Block]:
    yield Heading(method.title)
    yield Figure(
        f"response-rate-{method.slug}",
        f"Accuracy by the share of pictures let in, {method.title}",
        figures.response_rate(method.entries, palette, placebos),
        "Solid: accuracy of the pictures let in, its 95 % band from resampled patients; dashed: of all of "
        "them; dotted: the oracle, which lets in all right answers first"
        + ("; thin: the placebo, with the ink painted over" if placebos else "")
        + f". A falling curve is no evidence of bias by itself.{beside(method.entries, placebos)}",
    )
    yield Table(
        (
            Column("Model", align="left"),
            Column("saliency", align="left"),
            *(Column(name) for name in ("n", "accuracy", "AURRAC", "oracle", "normalised", "failure AUROC")),
            Column("rank loss"),
            Column("τ †"),
        ),
        tuple(_row(entry, palette) for entry in method.entries),
        f"{method.title}: response rate accuracy, with 95 % intervals",
    )
    for entry in method.entries:
        if entry.response.reasons:
            reasons = "; ".join(
                f"{name.replace('_', ' ')} undefined, {reason}"
                for name, reason in entry.response.reasons.items()
            )
            yield note(f"{entry.model}, {entry.aggregator}: {reasons}.")


def _row(entry: AuditEntry, palette: Mapping[str, str]) -> tuple[Cell, ...]:
    response, band = entry.response, entry.band
    return (
        Cell(entry.model, colour=palette[entry.model]),
        Cell(entry.aggregator),
        count(response.n),
        share(response.accuracy, band.accuracy_all.low, band.accuracy_all.high),
        estimate(response.aurrac, band.aurrac.low, band.aurrac.high),
        Cell(number_text(response.oracle)),
        estimate(response.aurrac_normalised, band.aurrac_normalised.low, band.aurrac_normalised.high),
        estimate(response.failure_auroc, band.failure_auroc.low, band.failure_auroc.high),
        Cell(number_text(response.rank_loss, 3)),
        Cell(number_text(response.kendall_tau)),
    )
