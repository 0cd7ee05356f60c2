"""Whether ink saliency tells wrong answers from right ones, in words, beside its placebo (SPEC 10)."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from scipy import stats

from gsal.audit.entry import AuditEntry
from gsal.audit.estimate import Estimate
from gsal.audit.findings.finding import Finding, Key, Strength, strength_of
from gsal.audit.names import LEVEL_TEXT, interval_text, method_name, number_text
from gsal.audit.placebo import PlaceboResponse
from gsal.audit.power import missed_effect
from gsal.audit.significance import holm

__all__ = ["TOPIC", "error_findings", "error_strengths", "is_beyond_placebo"]

TOPIC = "Predicting failure"

_NO_RELATION = 0.5
_Z = float(stats.norm.ppf(0.975))


def error_findings(entries: Sequence[AuditEntry], placebos: Mapping[Key, PlaceboResponse]) -> list[Finding]:
    """Say of each model whether more saliency on ink goes with wrong answers, by which methods.

    Where it does, each method and aggregator has a sentence; where there is no evidence, one tells of all.
    """
    found = []
    for _, of_model in groupby(entries, key=lambda entry: entry.model):
        strengths = error_strengths(list(of_model))
        for entry, strength in strengths:
            if strength.is_claim:
                placebo = placebos.get((entry.model, entry.method, entry.aggregator))
                found.append(_claim(entry, strength, placebo))
        none = [entry for entry, strength in strengths if strength is Strength.NONE]
        undefined = [entry for entry, strength in strengths if strength is Strength.UNDEFINED]
        found += [_none(none)] if none else []
        found += [_undefined(undefined)] if undefined else []
    return found


def error_strengths(entries: Sequence[AuditEntry]) -> list[tuple[AuditEntry, Strength]]:
    """Return each entry with how sure it is that saliency on ink goes with errors.

    P is that of the normal distribution with the interval's width; a claim takes an interval that leaves out
    "no relation" as well.

    Args:
        entries: Of one model; P values are adjusted for its methods and aggregators (Holm).
    """
    adjusted = holm([_p_value(entry) for entry in entries])
    return [
        (entry, Strength.NONE if strength_of(p).is_claim and _includes_none(entry) else strength_of(p))
        for entry, p in zip(entries, adjusted, strict=True)
    ]


def is_beyond_placebo(placebo: PlaceboResponse | None) -> bool:
    """Whether readings with ink tell errors better than readings of the same masks without it."""
    if placebo is None:
        return False
    difference = placebo.failure_auroc
    if not (difference.low > 0 or difference.high < 0):
        return False
    return (difference.estimate > 0) is (placebo.ink.failure_auroc > _NO_RELATION)


def _includes_none(entry: AuditEntry) -> bool:
    interval = entry.band.failure_auroc
    return interval.low <= _NO_RELATION <= interval.high


def _p_value(entry: AuditEntry) -> float:
    interval = entry.band.failure_auroc
    width = interval.high - interval.low
    if width == 0:
        return float(entry.response.failure_auroc == _NO_RELATION)
    return 2 * float(stats.norm.sf(abs(entry.response.failure_auroc - _NO_RELATION) / (width / 2 / _Z)))


def _name(entry: AuditEntry) -> str:
    return f"{method_name(entry.method)}, {entry.aggregator}"


def _claim(entry: AuditEntry, strength: Strength, placebo: PlaceboResponse | None) -> Finding:
    response, interval, area = entry.response, entry.band.failure_auroc, entry.band.aurrac
    way = "more" if response.failure_auroc > _NO_RELATION else "less"
    text = (
        f"{entry.model}, {_name(entry)}: wrong answers have {way} saliency on ink "
        f"(AURRAC {number_text(response.aurrac)} ({interval_text(area.low, area.high)}) against "
        f"{number_text(response.accuracy)} by chance; a wrong answer has more of it than a right one with "
        f"probability {number_text(response.failure_auroc)} "
        f"({LEVEL_TEXT} {interval_text(interval.low, interval.high)}; {response.n:,} pictures))."
        f"{_beside(placebo)}"
    )
    return Finding(TOPIC, text, strength, entry.model)


def _none(entries: Sequence[AuditEntry]) -> Finding:
    parts = [
        f"{number_text(one.response.failure_auroc)} "
        f"({interval_text(one.band.failure_auroc.low, one.band.failure_auroc.high)}) by {_name(one)}"
        for one in entries
    ]
    text = (
        f"{entries[0].model}: no evidence that saliency on ink goes with errors, adjusted for how "
        f"many readings were tested. A wrong answer has more of it than a right one with probability "
        f"{'; '.join(parts)} (0.50 = no relation; {LEVEL_TEXT} intervals; "
        f"{entries[0].response.n:,} pictures).{_missed(entries)}"
    )
    return Finding(TOPIC, text, Strength.NONE, entries[0].model)


def _missed(entries: Sequence[AuditEntry]) -> str:
    """Say which probability each of these would most likely have found."""
    effects = [missed_effect(_estimate(one)).effect for one in entries]
    largest = max(effects)
    if not 0 < largest < _NO_RELATION:
        return " The pictures are too few to find any."
    return (
        f" A probability of {number_text(_NO_RELATION + largest)} or more, or "
        f"{number_text(_NO_RELATION - largest)} or less, would most likely have been found by each."
    )


def _estimate(entry: AuditEntry) -> Estimate:
    response, interval = entry.response, entry.band.failure_auroc
    return Estimate(
        estimate=response.failure_auroc - _NO_RELATION,
        low=interval.low - _NO_RELATION,
        high=interval.high - _NO_RELATION,
        n=response.n,
        n_patients=response.n_patients,
        p_value=float("nan"),
        reason="",
        method=entry.band.method,
    )


def _undefined(entries: Sequence[AuditEntry]) -> Finding:
    reasons = dict.fromkeys(
        one.response.reasons.get("failure_auroc", "too few patients for an interval") for one in entries
    )
    text = (
        f"{entries[0].model}: whether saliency on ink predicts errors is undefined by "
        f"{'; '.join(map(_name, entries))}: {'; '.join(reasons)}."
    )
    return Finding(TOPIC, text, Strength.UNDEFINED, entries[0].model)


def _beside(placebo: PlaceboResponse | None) -> str:
    """Say what is left of it without any ink."""
    if placebo is None:
        return " Without its placebo this is no evidence that the ink is the cause."
    without = placebo.placebo.failure_auroc
    difference = placebo.failure_auroc
    if difference.low != difference.low:
        reason = difference.reason or "the placebo's own figure is undefined"
        return f" How much of it stays without ink is not known: {reason}."
    told = (
        f"{number_text(without)} with the ink painted over; difference {number_text(difference.estimate)}, "
        f"{interval_text(difference.low, difference.high)}"
    )
    told = f"{told}; {difference.n:,} pictures"
    if difference.low <= 0 <= difference.high:
        return (
            f" That is not told apart from what the same masks do without ink ({told}): no evidence that the "
            "ink is the cause."
        )
    if is_beyond_placebo(placebo):
        return f" The same masks without ink do not do as much ({told})."
    return f" The same masks without ink do more ({told}): the ink is not what goes with errors."
