"""Two models on the same pictures: their differences, first minus second, a colour for each pair."""

from collections.abc import Sequence

from app.audit.pairs import ShownPair, estimate_mark, shift_mark
from app.audit.scales import Scale
from app.theme import Theme
from app.widgets.forest_plot import ForestPlot, Mark, Series
from gsal.audit.estimate import Estimate
from gsal.audit.names import number_text, p_text
from gsal.audit.performance import Subset

__all__ = [
    "PairedAnswersPlot",
    "PairedClassesPlot",
    "PairedErrorsPlot",
    "PairedShiftPlot",
    "PairedVariancePlot",
]

_NAN = float("nan")
_NOTHING = Mark(_NAN, _NAN, _NAN, 0, "", "")
_SUBSETS = {Subset.ALL: "all", Subset.INKED: "with ink"}
_POINTS = "first minus second, points"


class _PairPlot(ForestPlot):
    def __init__(self, theme: Theme, *, name: str, tip: str, bottom: str = _POINTS, left: str = "") -> None:
        super().__init__(theme, name=name, tip=tip, bottom=bottom, left=left)

    def show_marks(
        self,
        rows: Sequence[str],
        pairs: Sequence[ShownPair],
        marks: Sequence[Sequence[Mark]],
        *,
        group: frozenset[str] = frozenset(),
    ) -> None:
        """Draw a series for each pair, which has as many marks as there are rows."""
        series = [
            Series(pair.name, pair.colour, tuple(of_pair), short=pair.short)
            for pair, of_pair in zip(pairs, marks, strict=True)
        ]
        self.show_series(rows, series, standing_out=group)


class PairedAnswersPlot(_PairPlot):
    """Accuracy, macro AUROC and confidence."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="pairedAnswers",
            tip="How far the answers of two models differ on the same pictures, in points",
            left="pictures that both have",
        )

    def show_pairs(self, pairs: Sequence[ShownPair]) -> None:
        """Draw these."""
        rows = [f"{figure}, {words}" for figure in ("accuracy", "macro AUROC") for words in _SUBSETS.values()]
        self.show_marks([*rows, "confidence, with ink"], pairs, [self._marks(pair) for pair in pairs])

    def _marks(self, pair: ShownPair) -> list[Mark]:
        known = {Subset(one.subset): one for one in pair.answers.subsets}
        accuracy, auroc = [], []
        for subset, words in _SUBSETS.items():
            one = known[subset]
            test = f"{one.mcnemar.method}: {p_text(one.mcnemar.p_value)}"
            accuracy.append(
                estimate_mark(f"{pair.name}, accuracy, {words}", one.accuracy, points=True, also=test)
            )
            auroc.append(estimate_mark(f"{pair.name}, macro AUROC, {words}", one.auroc, points=True))
        shift = shift_mark(f"{pair.name}, confidence with ink, shift", pair.answers.confidence, points=True)
        return [*accuracy, *auroc, shift]


class PairedErrorsPlot(_PairPlot):
    """How ink saliency tells wrong answers."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="pairedErrors",
            tip="How much better ink saliency tells the errors of one model than those of another, in points",
            left="pictures with ink",
        )

    def show_pairs(self, pairs: Sequence[ShownPair]) -> None:
        """Draw these."""
        self.show_marks(("failure AUROC", "AURRAC, normalised"), pairs, [_errors(pair) for pair in pairs])


class PairedClassesPlot(_PairPlot):
    """Mean ink saliency of each true class; a click on a class selects it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="pairedClasses",
            tip="How far the mean ink saliency of each true class differs between two models",
            bottom="",
            left="true class, pictures with ink",
        )

    def show_pairs(self, pairs: Sequence[ShownPair], *, scale: Scale, group: frozenset[str]) -> None:
        """Draw these; `group` are classes that stand out."""
        what = "share of ink among the top 2 %" if scale is Scale.PEAK else "z(m)"
        self.set_title("bottom", f"{what}, first minus second")
        known = [
            {one.name: one.difference for one in (pair.saliency.classes if pair.saliency else ())}
            for pair in pairs
        ]
        rows = list(dict.fromkeys(name for classes in known for name in classes))
        marks = [
            [
                estimate_mark(f"{pair.name}, {name}", classes[name], points=False)
                if name in classes
                else _NOTHING
                for name in rows
            ]
            for pair, classes in zip(pairs, known, strict=True)
        ]
        self.show_marks(rows, pairs, marks, group=group)


class PairedVariancePlot(_PairPlot):
    """Inter-class variance, noise taken off."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="pairedVariance",
            tip="How far the inter-class variance differs between two models, noise taken off",
            bottom="variance between classes, first minus second",
        )

    def show_pairs(self, pairs: Sequence[ShownPair]) -> None:
        """Draw these."""
        self.show_marks(["noise taken off"], pairs, [[_variance(pair)] for pair in pairs])


class PairedShiftPlot(_PairPlot):
    """Wilcoxon's test of raw m."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="pairedShift",
            tip="How far the ink saliency m differs between two models, picture by picture",
            bottom="m, first minus second",
        )

    def show_pairs(self, pairs: Sequence[ShownPair]) -> None:
        """Draw these."""
        marks = [
            [
                shift_mark(f"{pair.name}, raw m, shift", pair.saliency.signed_rank, points=False)
                if pair.saliency and pair.saliency.signed_rank
                else _NOTHING
            ]
            for pair in pairs
        ]
        self.show_marks(["shift of m"], pairs, marks)


def _errors(pair: ShownPair) -> list[Mark]:
    if pair.saliency is None:
        return [_NOTHING] * 2
    found = pair.saliency.response
    return [
        estimate_mark(f"{pair.name}, failure AUROC", found.failure_auroc, points=True),
        estimate_mark(f"{pair.name}, AURRAC normalised", found.aurrac_normalised, points=True),
    ]


def _variance(pair: ShownPair) -> Mark:
    if pair.saliency is None:
        return _NOTHING
    found, levene = pair.saliency.variance, pair.saliency.levene
    estimate = Estimate(
        *(found.difference, found.low, found.high, found.n, found.n_patients, _NAN, found.reason),
        found.interval_method,
    )
    also = (
        f"As it is, {number_text(found.ratio)} times that of the second\n"
        f"Levene's test, {p_text(levene.p_value)}; {levene.method or levene.reason}"
    )
    return estimate_mark(f"{pair.name}, variance with noise taken off", estimate, points=False, also=also)
