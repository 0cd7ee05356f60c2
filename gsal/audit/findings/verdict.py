"""One answer on each model before all else: whether ink changes what it says, and what its maps add to that.

The parts are decided where their own sentences are, so that the answer is never stronger than those.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby

from gsal.audit.entry import AuditEntry
from gsal.audit.findings.classes import class_tests
from gsal.audit.findings.errors import error_strengths, is_beyond_placebo
from gsal.audit.findings.finding import Finding, Key, Strength, strength_of
from gsal.audit.findings.ink import Claim, changed_share, claims_of, missed_points
from gsal.audit.ink_effect import InkEffect
from gsal.audit.names import LEVEL_TEXT, interval_text, method_name, number_text, percent_text
from gsal.audit.placebo import PlaceboResponse

__all__ = ["TOPIC", "verdict_findings"]

TOPIC = "In short"

_MOST_NAMED = 3
"""Classes that the answer names; the rest are counted."""


def verdict_findings(
    entries: Sequence[AuditEntry],
    effects: Sequence[InkEffect],
    placebos: Mapping[Key, PlaceboResponse],
) -> list[Finding]:
    """Return one answer on each model, in the order of the entries."""
    known = {effect.model: effect for effect in effects}
    return [
        _of(model, list(of_model), known.get(model), placebos)
        for model, of_model in groupby(entries, key=lambda entry: entry.model)
    ]


def _of(
    model: str,
    entries: Sequence[AuditEntry],
    effect: InkEffect | None,
    placebos: Mapping[Key, PlaceboResponse],
) -> Finding:
    differing = [entry for entry, p_value in class_tests(entries) if strength_of(p_value).is_claim]
    telling = [entry for entry, found in error_strengths(entries) if found.is_claim]
    text, strength = _answers(model, effect, in_maps=bool(differing or telling))
    return Finding(TOPIC, f"{text} {_maps(differing)} {_errors(telling, placebos)}", strength, model)


def _answers(model: str, effect: InkEffect | None, *, in_maps: bool) -> tuple[str, Strength]:
    """Say whether ink changes the answers, the one question that the pictures without their ink decide."""
    if effect is None or not changed_share(effect).n:
        reason = "no picture was predicted with its ink painted over"
        return f"{model}: whether ink changes what it says is not known: {reason}.", Strength.UNDEFINED
    share = changed_share(effect)
    turned = (
        f"it decides otherwise on {percent_text(share.estimate)} ({LEVEL_TEXT} "
        f"{interval_text(100 * share.low, 100 * share.high, 0)}) of {share.n:,} pictures when their ink is "
        "painted over"
    )
    if claims := claims_of(effect):
        is_strong = any(one.strength is Strength.STRONG for one in claims)
        text = f"{model}: ink changes what it says. With ink it calls {_named(claims)}; {turned}."
        return text, Strength.STRONG if is_strong else Strength.CLEAR
    missed = missed_points(effect)
    if missed != missed:
        return f"{model}: whether ink changes what it says cannot be told; {turned}.", Strength.UNDEFINED
    what = "that ink changes what it says" if in_maps else "of ink bias"
    text = (
        f"{model}: no evidence {what}. A class called {number_text(100 * missed, 0)} points more or less "
        f"often with ink would most likely have been found, a smaller change perhaps not; {turned}."
    )
    return text, Strength.NONE


def _named(claims: Sequence[Claim]) -> str:
    by_size = sorted(claims, key=lambda one: -abs(one.rate.difference.estimate))
    parts = [one.text for one in by_size[:_MOST_NAMED]]
    if (others := len(by_size) - _MOST_NAMED) > 0:
        parts.append(f"{others} other class{'es' if others > 1 else ''} more or less often")
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _maps(differing: Sequence[AuditEntry]) -> str:
    if not differing:
        return "No evidence that its maps read ink differently by class."
    methods = ", ".join(dict.fromkeys(method_name(one.method) for one in differing))
    return f"Its maps read ink differently by class ({methods})."


def _errors(telling: Sequence[AuditEntry], placebos: Mapping[Key, PlaceboResponse]) -> str:
    """Name the clearest reading that goes with errors, those first that go beyond their placebo."""
    if not telling:
        return "No evidence that saliency on ink goes with its errors."
    keys = {(one.model, one.method, one.aggregator): one for one in telling}
    beyond = [one for key, one in keys.items() if is_beyond_placebo(placebos.get(key))]
    clearest = max(beyond or telling, key=lambda one: abs(one.response.failure_auroc - 0.5))
    response = clearest.response
    figures = (
        f"{method_name(clearest.method)}, {clearest.aggregator}: AURRAC {number_text(response.aurrac)} "
        f"against {number_text(response.accuracy)} by chance"
    )
    if beyond:
        return f"Saliency on ink goes with its errors, beyond what the same masks do without ink ({figures})."
    return f"Saliency on ink goes with its errors ({figures}), but no more than can be told without ink."
