"""Whether ink saliency tells wrong answers from right ones, in words, beside its placebo (SPEC 10)."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from gsal.audit.entry import AuditEntry
from gsal.audit.estimate import Estimate
from gsal.audit.findings.finding import Finding, Key, Strength
from gsal.audit.names import LEVEL_TEXT, interval_text, method_name, number_text
from gsal.audit.placebo import PlaceboResponse
from gsal.audit.power import missed_effect

__all__ = ["TOPIC", "error_findings"]

TOPIC = "Predicting failure"

_NO_RELATION = 0.5


def error_findings(entries: Sequence[AuditEntry], placebos: Mapping[Key, PlaceboResponse]) -> list[Finding]:
    """Say of each model whether more saliency on ink goes with wrong answers, by which methods.

    Where it does, each method and aggregator has a sentence; where there is no evidence, one tells of all.
    """
    found = []
    for _, of_model in groupby(entries, key=lambda entry: entry.model):
        one_model = list(of_model)
        strengths = [_strength(entry) for entry in one_model]
        for entry, strength in zip(one_model, strengths, strict=True):
            if strength.is_claim:
                found.append(_claim(entry, placebos.get((entry.model, entry.method, entry.aggregator))))
        none = [e for e, strength in zip(one_model, strengths, strict=True) if strength is Strength.NONE]
        undefined = [e for e, s in zip(one_model, strengths, strict=True) if s is Strength.UNDEFINED]
        found += [_none(none)] if none else []
        found += [_undefined(undefined)] if undefined else []
    return found


def _strength(entry: AuditEntry) -> Strength:
    interval = entry.band.failure_auroc
    if entry.response.failure_auroc != entry.response.failure_auroc or interval.low != interval.low:
        return Strength.UNDEFINED
    return Strength.NONE if interval.low <= _NO_RELATION <= interval.high else Strength.CLEAR


def _name(entry: AuditEntry) -> str:
    return f"{method_name(entry.method)}, {entry.aggregator}"


def _claim(entry: AuditEntry, placebo: PlaceboResponse | None) -> Finding:
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
    return Finding(TOPIC, text, Strength.CLEAR, entry.model)


def _none(entries: Sequence[AuditEntry]) -> Finding:
    parts = [
        f"{number_text(one.response.failure_auroc)} "
        f"({interval_text(one.band.failure_auroc.low, one.band.failure_auroc.high)}) by {_name(one)}"
        for one in entries
    ]
    text = (
        f"{entries[0].model}: no evidence that saliency on ink goes with errors. A wrong answer has more of "
        f"it than a right one with probability {'; '.join(parts)} "
        f"(0.50 = no relation; {LEVEL_TEXT} intervals; {entries[0].response.n:,} pictures).{_missed(entries)}"
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
    with_ink, without = placebo.ink.failure_auroc, placebo.placebo.failure_auroc
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
    if (difference.estimate > 0) is (with_ink > _NO_RELATION):
        return f" The same masks without ink do not do as much ({told})."
    return f" The same masks without ink do more ({told}): the ink is not what goes with errors."
