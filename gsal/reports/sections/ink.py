"""What the ink itself does to decisions: measured on the same pictures without it."""

from collections.abc import Iterator, Mapping, Sequence

from gsal.audit.ablation import Change
from gsal.audit.counterfactual import ALL
from gsal.audit.ink_effect import InkEffect
from gsal.audit.names import number_text, variant_name
from gsal.audit.result import ModelChanges
from gsal.reports import figures
from gsal.reports.content import ReportContent
from gsal.reports.document import Block, Cell, Column, Figure, Section, Table, note, paragraph
from gsal.reports.figures import ForestMark, ForestPanel, ForestSeries
from gsal.reports.sections.cells import count, counts, estimate, p_value, share
from gsal.reports.sections.palette import model_palette

__all__ = ["section"]


def section(content: ReportContent) -> Section | None:
    """Return changed decisions and classes called more often; None where no variant was predicted."""
    audit = content.audit
    if not audit.effects and not any(one.changes for one in audit.changes):
        return None
    return Section("ink", "What the ink does", tuple(_blocks(content)))


def _blocks(content: ReportContent) -> Iterator[Block]:
    yield paragraph(
        "Pictures with ink were shown to each model once more, changed as the tables say. With their ink "
        "painted over, what answers change by is what the ink does; that needs no saliency map."
    )
    palette = model_palette(content)
    if content.audit.effects:
        yield _changed(content, palette)
        for effect in content.audit.effects:
            yield _called(effect, palette)
        yield note(
            "Differences are percentage points, with the ink minus without it, paired by picture; P is not "
            "adjusted for the number of classes, the findings are (Holm)."
        )
    changes = [one for one in content.audit.changes if one.changes]
    if changes:
        yield _stay(changes, palette)
        yield _ablation(changes, palette)


def _changed(content: ReportContent, palette: Mapping[str, str]) -> Table:
    effects = content.audit.effects
    names = list(dict.fromkeys(one.true_class for effect in effects for one in effect.changed))
    return Table(
        (Column("Model", align="left"), *(Column("all classes" if n == ALL else n) for n in names)),
        tuple(
            (
                Cell(effect.model, colour=palette[effect.model]),
                *(
                    share(known[name].estimate, known[name].low, known[name].high)
                    if name in known
                    else Cell()
                    for name in names
                ),
            )
            for effect in content.audit.effects
            for known in [{one.true_class: one.share for one in effect.changed}]
        ),
        "Decisions that are others without the ink, by true class, with 95 % intervals",
    )


def _called(effect: InkEffect, palette: Mapping[str, str]) -> Table:
    rates = [one for one in effect.called if one.true_class == ALL]
    return Table(
        (
            Column("Class called", align="left"),
            *(Column(title) for title in ("pictures", "with ink, %", "without, %", "points", "P")),
        ),
        tuple(
            (
                Cell(one.called, colour=palette[effect.model]),
                count(one.difference.n),
                Cell(number_text(100 * one.with_ink, 1)),
                Cell(number_text(100 * one.without, 1)),
                estimate(
                    100 * one.difference.estimate,
                    100 * one.difference.low,
                    100 * one.difference.high,
                    1,
                ),
                p_value(one.difference.p_value),
            )
            for one in rates
        ),
        f"{effect.model}: how often each class is called with the ink and with the ink painted over",
    )


def _stay(changes: Sequence[ModelChanges], palette: Mapping[str, str]) -> Figure:
    variants = list(dict.fromkeys(one.variant for of_model in changes for one in of_model.changes))
    known = {of_model.model: {one.variant: one for one in of_model.changes} for of_model in changes}
    rows = tuple(
        (variant_name(variant), counts([of[variant].n for of in known.values() if variant in of]))
        for variant in variants
    )
    series = tuple(
        ForestSeries(model, tuple(_share(of.get(variant)) for variant in variants))
        for model, of in known.items()
    )
    panel = ForestPanel("Answers that stay", "% of the pictures with ink", rows, series, has_zero=False)
    return Figure(
        "changed-pictures",
        "Answers that stay when pictures are changed",
        figures.forest([panel], palette),
        "Share of the answers to pictures with ink that stay when these are changed, with 95 % intervals.",
    )


def _share(change: Change | None) -> ForestMark:
    if change is None:
        return ForestMark(float("nan"), float("nan"), float("nan"))
    kept = change.unchanged
    return ForestMark(*(100 * share for share in (kept.estimate, kept.low, kept.high)))


def _ablation(changes: list[ModelChanges], palette: Mapping[str, str]) -> Table:
    return Table(
        (
            Column("Model", align="left"),
            Column("shown", align="left"),
            *(Column(title) for title in ("pictures", "same answer", "turned to", "of the others")),
        ),
        tuple(
            (
                Cell(one.model, colour=palette[one.model]),
                Cell(variant_name(change.variant)),
                count(change.n),
                share(change.unchanged.estimate, change.unchanged.low, change.unchanged.high),
                Cell(change.turned_to or "–"),
                share(change.turned.estimate, change.turned.low, change.turned.high),
            )
            for one in changes
            for change in one.changes
        ),
        "Answers to changed pictures: those that stay, and the share of the others that turn to one class "
        "(Other, where there is one; else the one that most turn to)",
    )
