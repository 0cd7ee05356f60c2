"""Two models on the same pictures, as figures: their answers, their errors, and their saliency by class."""

from collections.abc import Iterator, Mapping, Sequence

from gsal.audit import AuditResult
from gsal.audit.estimate import Estimate
from gsal.audit.model_pairs import PairedAnswers, PairedSaliency
from gsal.audit.names import method_name
from gsal.audit.performance import Subset
from gsal.reports import figures
from gsal.reports.document import Block, Figure, note
from gsal.reports.figures import ForestMark, ForestPanel, ForestSeries
from gsal.reports.sections.cells import counts

__all__ = ["pair_figures"]

_MOST_PAIRS = 6
_SUBSETS = {Subset.ALL: "all", Subset.INKED: "with ink", Subset.UNINKED: "without ink"}
_SCALES = {"mean": "Mean saliency on ink, z", "peak": "Peak saliency on ink, n"}
_POINTS = "first minus second, points"
_NOTHING = ForestMark(float("nan"), float("nan"), float("nan"))


def pair_figures(audit: AuditResult) -> Iterator[Block]:
    """Yield the figures of the first pairs; the tables have all."""
    shown = {(one.first, one.second): _name(one) for one in audit.answer_pairs[:_MOST_PAIRS]}
    palette = figures.colours(list(shown.values()))
    answers = [one for one in audit.answer_pairs if (one.first, one.second) in shown]
    yield Figure(
        "paired-answers",
        "Answers of two models on the same pictures, differences",
        figures.forest([_answers(answers)], palette),
        "Differences in accuracy, macro AUROC and confidence on the pictures that both have, first minus "
        "second, with 95 % intervals. Confidence: the shift of Wilcoxon’s test.",
    )
    saliency = [one for one in audit.saliency_pairs if (one.first, one.second) in shown]
    for slug in dict.fromkeys(one.method for one in saliency):
        of_method = [one for one in saliency if one.method == slug]
        yield from _of_method(slug, of_method, palette)
    if len(audit.answer_pairs) > len(shown):
        yield note(f"The figures show {len(shown)} of {len(audit.answer_pairs)} pairs; the tables have all.")


def _of_method(slug: str, pairs: Sequence[PairedSaliency], palette: Mapping[str, str]) -> Iterator[Figure]:
    by_aggregator = {name: [one for one in pairs if one.aggregator == name] for name in _SCALES}
    yield Figure(
        f"paired-errors-{slug}",
        f"Saliency as a sign of errors, differences, {method_name(slug)}",
        figures.forest([_errors(_SCALES[name], of) for name, of in by_aggregator.items()], palette),
        f"How much better saliency on ink ({method_name(slug)}) tells the errors of the first model than "
        "those of the second, in points, with 95 % intervals.",
    )
    yield Figure(
        f"paired-classes-{slug}",
        f"Saliency on ink by class, differences, {method_name(slug)}",
        figures.forest([_classes(_SCALES[name], of) for name, of in by_aggregator.items()], palette),
        f"Differences in mean saliency on ink ({method_name(slug)}) of each true class, first minus second, "
        "with 95 % intervals.",
    )


def _name(pair: PairedAnswers | PairedSaliency) -> str:
    return f"{pair.first} − {pair.second}"


def _mark(one: Estimate, factor: float = 1.0) -> ForestMark:
    return ForestMark(factor * one.estimate, factor * one.low, factor * one.high)


def _answers(pairs: Sequence[PairedAnswers]) -> ForestPanel:
    known = [{Subset(one.subset): one for one in pair.subsets} for pair in pairs]
    rows = [
        (f"{figure}, {words}", counts([of[subset].accuracy.n for of in known]))
        for figure in ("accuracy", "macro AUROC")
        for subset, words in _SUBSETS.items()
    ]
    rows.append(("confidence, with ink", counts([pair.confidence.n for pair in pairs])))
    series = [
        ForestSeries(
            _name(pair),
            (
                *(_mark(of[subset].accuracy, 100.0) for subset in _SUBSETS),
                *(_mark(of[subset].auroc, 100.0) for subset in _SUBSETS),
                ForestMark(*(100 * v for v in (ranks.shift, ranks.low, ranks.high))),
            ),
        )
        for pair, of in zip(pairs, known, strict=True)
        for ranks in [pair.confidence]
    ]
    return ForestPanel("Answers", _POINTS, tuple(rows), tuple(series))


def _errors(title: str, pairs: Sequence[PairedSaliency]) -> ForestPanel:
    pictures = counts([pair.response.failure_auroc.n for pair in pairs])
    series = tuple(
        ForestSeries(
            _name(pair),
            (_mark(pair.response.failure_auroc, 100.0), _mark(pair.response.aurrac_normalised, 100.0)),
        )
        for pair in pairs
    )
    rows = (("failure AUROC", pictures), ("AURRAC, normalised", ""))
    return ForestPanel(title, _POINTS, rows, series)


def _classes(title: str, pairs: Sequence[PairedSaliency]) -> ForestPanel:
    known = [{one.name: one.difference for one in pair.classes} for pair in pairs]
    names = list(dict.fromkeys(name for of in known for name in of))
    series = tuple(
        ForestSeries(_name(pair), tuple(_mark(of[name]) if name in of else _NOTHING for name in names))
        for pair, of in zip(pairs, known, strict=True)
    )
    rows = tuple((name, counts([of[name].n for of in known if name in of])) for name in names)
    return ForestPanel(title, "first minus second", rows, series)
