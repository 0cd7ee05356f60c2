"""Two trained models compared on the same pictures, in words."""

from collections.abc import Sequence

from gsal.audit.comparison import VarianceComparison
from gsal.audit.findings.finding import Finding, Strength
from gsal.audit.names import LEVEL_TEXT, interval_text, method_name, number_text
from gsal.audit.paired import PairedPerformance
from gsal.audit.performance import Subset
from gsal.audit.power import missed_effect

__all__ = ["TOPIC", "performance_findings", "variance_findings"]

TOPIC = "Models compared"

_DIGITS = 4
"""Of variances, which are small."""


def variance_findings(comparisons: Sequence[VarianceComparison]) -> list[Finding]:
    """Say of each pair of models in which of them ink saliency differs more between classes.

    Where it does, each method and aggregator has a sentence; where they are not told apart, one tells of all.
    """
    found = []
    for first, second in dict.fromkeys((item.first, item.second) for item in comparisons):
        one_pair = [item for item in comparisons if (item.first, item.second) == (first, second)]
        found += [_told(item) for item in one_pair if item.low > 0 or item.high < 0]
        same = [_figures(item) for item in one_pair if item.low <= 0 <= item.high]
        lacking = {item.reason for item in one_pair if item.reason}
        start = f"The variance of ink saliency between classes of {first} and of {second}"
        if same:
            text = (
                f"{start} is not told apart by {'; '.join(same)} (first less second, after noise correction, "
                f"{LEVEL_TEXT} intervals). Differences within the intervals may have been missed."
            )
            found.append(Finding(TOPIC, text, Strength.NONE))
        if lacking:
            text = f"{start} cannot be compared by every reading: {'; '.join(sorted(lacking))}."
            found.append(Finding(TOPIC, text, Strength.UNDEFINED))
    return found


def _figures(item: VarianceComparison) -> str:
    return (
        f"{method_name(item.saliency_method)}, {item.aggregator}: {number_text(item.difference, _DIGITS)} "
        f"({interval_text(item.low, item.high, _DIGITS)})"
    )


def _told(item: VarianceComparison) -> Finding:
    larger, smaller = (item.first, item.second) if item.low > 0 else (item.second, item.first)
    text = (
        f"On these pictures ink saliency varies more between classes in {larger} than in {smaller} "
        f"({_figures(item)}, {item.first} less {item.second}, after noise correction, {LEVEL_TEXT} interval; "
        f"{item.n:,} pictures of {item.n_patients:,} patients; the raw variance of {item.first} is "
        f"{number_text(item.ratio)} times that of {item.second})."
    )
    return Finding(TOPIC, text, Strength.CLEAR)


def performance_findings(pairs: Sequence[PairedPerformance]) -> list[Finding]:
    """Say whether two models are equally good on the same inked pictures, and how far apart they may be."""
    return [_performance(one) for one in pairs if one.subset is Subset.INKED and one.accuracy.n]


def _performance(pair: PairedPerformance) -> Finding:
    found = pair.accuracy
    if found.low != found.low:
        text = f"{pair.first} and {pair.second}: their accuracy cannot be compared: {found.reason}."
        return Finding(TOPIC, text, Strength.UNDEFINED)
    told = found.low > 0 or found.high < 0
    figures = (
        f"{number_text(100 * found.estimate, 1)} points, {LEVEL_TEXT} "
        f"{interval_text(100 * found.low, 100 * found.high, 1)}; {found.n:,} pictures with ink"
    )
    if told:
        better, worse = (pair.first, pair.second) if found.low > 0 else (pair.second, pair.first)
        text = f"On pictures with ink, {better} is right more often than {worse} ({figures})."
    else:
        missed = number_text(100 * missed_effect(found).effect, 0)
        text = (
            f"On pictures with ink, {pair.first} and {pair.second} are right equally often as far as can be "
            f"told ({figures}); a difference of {missed} points or more would most likely have been found."
        )
    return Finding(TOPIC, text, Strength.CLEAR if told else Strength.NONE)
