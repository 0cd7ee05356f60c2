"""Two trained models compared on the same pictures, in words."""

from collections.abc import Sequence

from gsal.audit.comparison import VarianceComparison
from gsal.audit.findings.finding import Finding, Strength
from gsal.audit.names import LEVEL_TEXT, interval_text, method_name, number_text
from gsal.audit.paired import PairedPerformance
from gsal.audit.performance import Subset

__all__ = ["TOPIC", "performance_findings", "variance_findings"]

TOPIC = "Models compared"

_DIGITS = 4
"""Of variances, which are small."""


def variance_findings(comparisons: Sequence[VarianceComparison]) -> list[Finding]:
    """Say in which model ink saliency differs more between classes."""
    return [_variance(one) for one in comparisons]


def _variance(item: VarianceComparison) -> Finding:
    method = method_name(item.saliency_method)
    name = f"{method[0].upper()}{method[1:]}, {item.aggregator}"
    ratio = f"{number_text(item.ratio)} times that of {item.second}"
    text = f"{name}: the variance between classes of {item.first} is {ratio}"
    if item.reason:
        return Finding(TOPIC, f"{text}; no interval: {item.reason}.", Strength.UNDEFINED)
    told = item.low > 0 or item.high < 0
    verdict = "the interval includes no difference"
    if told:
        verdict = f"on these pictures it is larger for {item.first if item.low > 0 else item.second}"
    return Finding(
        TOPIC,
        f"{text} (difference after noise correction {number_text(item.difference, _DIGITS)}, {LEVEL_TEXT} "
        f"{interval_text(item.low, item.high, _DIGITS)}; {item.n} pictures of {item.n_patients} patients): "
        f"{verdict}.",
        Strength.CLEAR if told else Strength.NONE,
    )


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
        text = f"On pictures with ink, {pair.first} and {pair.second} are not told apart ({figures})."
    return Finding(TOPIC, text, Strength.CLEAR if told else Strength.NONE)
