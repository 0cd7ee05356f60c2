"""The tests of an audit: of one model, of two models, and of groups of training seeds."""

from collections.abc import Iterator, Mapping

from gsal.audit import AuditEntry
from gsal.audit.model_pairs import PairedAnswers, PairedSaliency
from gsal.audit.names import method_name
from gsal.audit.replicate_entry import ReplicateEntry, ReplicatePair
from gsal.reports.content import ReportContent
from gsal.reports.document import Block, Cell, Column, Heading, Section, Table, note
from gsal.reports.sections.cells import count, estimate, number, p_value
from gsal.reports.sections.contrasts import contrast_tables
from gsal.reports.sections.pair_figures import pair_figures
from gsal.reports.sections.palette import model_palette

__all__ = ["section"]

_SUBSETS = {"all": "all", "inked": "with ink", "uninked": "without ink"}


def section(content: ReportContent) -> Section | None:
    """Return all tests in tables; None where nothing was audited."""
    if not content.audit.entries:
        return None
    return Section("tests", "Tests", tuple(_blocks(content)))


def _blocks(content: ReportContent) -> Iterator[Block]:
    palette, audit = model_palette(content), content.audit
    yield Heading("One model")
    yield _of_models(audit.entries, palette)
    yield note(
        "Classes: permutation test of ink saliency and true class; ω² is the share of the variance that "
        "lies between classes. Trend: Kendall’s τ between threshold and accuracy; its P shuffles saliency "
        "over all pictures and within true classes, or, with several pictures of a patient, resamples "
        "patients. The paper’s textbook P takes nested subsets for independent: it is shown, never used."
    )
    tables = tuple(contrast_tables(audit.entries, palette))
    yield from tables
    if tables:
        yield note(
            "Welch’s t test, patients as the unit; Holm’s method adjusts for the number of classes within a "
            "model and a saliency."
        )
    if audit.saliency_pairs:
        yield Heading("Two models on the same pictures")
        yield from pair_figures(audit)
        yield _pairs(audit.saliency_pairs)
        yield note(
            "Levene’s test of the class means as in the paper, descriptive: classes share pictures, and its "
            "power is low. Wilcoxon’s test is of raw m, paired by picture; P (patients) turns the signs of "
            "whole patients."
        )
        yield _answers(audit.answer_pairs)
    if audit.replicates:
        yield Heading("Training seeds as the unit")
        yield _replicates(audit.replicates)
    if audit.replicate_pairs:
        yield _replicate_pairs(audit.replicate_pairs)


def _saliency(method: str, aggregator: str) -> Cell:
    return Cell(f"{method_name(method)}, {aggregator}")


def _of_models(entries: tuple[AuditEntry, ...], palette: Mapping[str, str]) -> Table:
    titles = ("pictures", "ω²", "P, classes", "τ", "P, paper", "P, all", "P, within class", "P, patients")
    return Table(
        (Column("Model", align="left"), Column("saliency", align="left"), *(Column(t) for t in titles)),
        tuple(
            (
                Cell(one.model, colour=palette[one.model]),
                _saliency(one.method, one.aggregator),
                count(one.association.n),
                number(one.association.estimate, 3),
                p_value(one.association.p_value),
                number(one.trend.tau),
                *(p_value(value) for value in _trend(one)),
            )
            for one in entries
        ),
        "Does saliency on ink go with the true class, and does accuracy fall with it?",
    )


def _trend(one: AuditEntry) -> tuple[float, float, float, float]:
    trend = one.trend
    return trend.paper_p, trend.marginal_p, trend.within_class_p, trend.patient_p


def _pairs(pairs: tuple[PairedSaliency, ...]) -> Table:
    titles = ("failure AUROC", "AURRAC, normalised", "P, Levene", "W, Wilcoxon", "P, Wilcoxon", "P, patients")
    return Table(
        (Column("Pair", align="left"), Column("saliency", align="left"), *(Column(t) for t in titles)),
        tuple(_pair(one) for one in pairs),
        "Differences between two models, first minus second, with 95 % intervals",
    )


def _pair(one: PairedSaliency) -> tuple[Cell, ...]:
    failure, area, ranks = one.response.failure_auroc, one.response.aurrac_normalised, one.signed_rank
    return (
        Cell(f"{one.first} − {one.second}"),
        _saliency(one.method, one.aggregator),
        estimate(failure.estimate, failure.low, failure.high),
        estimate(area.estimate, area.low, area.high),
        p_value(one.levene.p_value),
        number(ranks.statistic, 0) if ranks else Cell("–"),
        p_value(ranks.p_value) if ranks else Cell("–"),
        p_value(ranks.p_patients) if ranks else Cell("–"),
    )


def _answers(pairs: tuple[PairedAnswers, ...]) -> Table:
    titles = ("pictures", "accuracy, points", "P, McNemar", "macro AUROC")
    return Table(
        (Column("Pair", align="left"), Column("pictures of", align="left"), *(Column(t) for t in titles)),
        tuple(
            (
                Cell(f"{pair.first} − {pair.second}"),
                Cell(_SUBSETS[one.subset]),
                count(one.accuracy.n),
                estimate(100 * one.accuracy.estimate, 100 * one.accuracy.low, 100 * one.accuracy.high, 1),
                p_value(one.mcnemar.p_value),
                estimate(one.auroc.estimate, one.auroc.low, one.auroc.high, 3),
            )
            for pair in pairs
            for one in pair.subsets
        ),
        "Performance on the same pictures, first minus second, with 95 % intervals",
    )


def _replicates(groups: tuple[ReplicateEntry, ...]) -> Table:
    names = [one.name for one in groups[0].figures.figures]
    return Table(
        (
            Column("Trainings", align="left"),
            Column("saliency", align="left"),
            Column("seeds"),
            *(Column(name.replace("_", " ")) for name in names),
        ),
        tuple(
            (
                Cell(one.group),
                _saliency(one.method, one.aggregator),
                count(len(one.figures.seeds)),
                *(estimate(f.estimate, f.low, f.high, 3) for f in one.figures.figures),
            )
            for one in groups
        ),
        "Means over trainings that differ in their seed alone, with 95 % intervals",
    )


def _replicate_pairs(pairs: tuple[ReplicatePair, ...]) -> Table:
    titles = ("trainings", "estimate", "P, Welch", "P, exact")
    return Table(
        (
            Column("Pair", align="left"),
            Column("saliency", align="left"),
            Column("figure", align="left"),
            *(Column(title) for title in titles),
        ),
        tuple(
            (
                Cell(f"{pair.first}, {pair.second}"),
                _saliency(pair.method, pair.aggregator),
                Cell(f"{one.name.replace('_', ' ')}, {one.scale}"),
                Cell(f"{one.n_first}, {one.n_second}"),
                estimate(one.estimate, one.low, one.high, 3),
                p_value(one.p_value),
                p_value(one.permutation_p),
            )
            for pair in pairs
            for one in pair.differences
        ),
        "Groups of trainings compared, the training as the unit",
    )
