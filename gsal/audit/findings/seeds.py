"""Several trainings of one recipe compared, the training as unit, in words."""

from collections.abc import Sequence

from gsal.audit.findings.finding import Finding, Strength, strength_of
from gsal.audit.names import LEVEL_TEXT, interval_text, method_name, number_text, p_text
from gsal.audit.replicate_entry import ReplicatePair
from gsal.audit.seed_comparison import SeedDifference
from gsal.audit.seeds import ENOUGH_SEEDS

__all__ = ["TOPIC", "seed_findings"]

TOPIC = "Training sets compared"


def seed_findings(pairs: Sequence[ReplicatePair]) -> list[Finding]:
    """Say of two groups of trainings whether ink saliency differs more between classes in one of them."""
    return [
        _of(pair, one)
        for pair in pairs
        for one in pair.differences
        if one.name == "variance" and pair.aggregator == "mean"
    ]


def _of(pair: ReplicatePair, found: SeedDifference) -> Finding:
    name = f"{method_name(pair.method)}, {pair.aggregator}"
    name = name[0].upper() + name[1:]
    counts = f"{found.n_first} and {found.n_second} trainings"
    if found.p_value != found.p_value:
        reason = found.reason or "too few trainings"
        text = f"{name}: {pair.first} and {pair.second} cannot be compared over seeds: {reason} ({counts})."
        return Finding(TOPIC, text, Strength.UNDEFINED)
    if min(found.n_first, found.n_second) < ENOUGH_SEEDS:
        text = (
            f"{name}: {pair.first} and {pair.second} have {counts}: too few for a claim about their "
            f"training sets, which takes {ENOUGH_SEEDS} of each (variance between classes "
            f"{number_text(found.estimate)} times as large, {LEVEL_TEXT} "
            f"{interval_text(found.low, found.high)})."
        )
        return Finding(TOPIC, text, Strength.UNDEFINED)
    strength = strength_of(found.p_value)
    figures = (
        f"{number_text(found.estimate)} times that of {pair.second}, {LEVEL_TEXT} "
        f"{interval_text(found.low, found.high)}; {p_text(found.p_value)}, Welch; {counts}"
    )
    verdict = "the trainings are told apart" if strength.is_claim else "no evidence of a difference"
    text = f"{name}: the variance between classes of {pair.first} is {figures}: {verdict}."
    return Finding(TOPIC, text, strength)
