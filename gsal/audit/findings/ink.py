"""What the ink itself does to a model's decisions, in words: measured, not inferred from maps (SPEC 11)."""

from collections.abc import Sequence

from gsal.audit.counterfactual import ALL
from gsal.audit.findings.finding import Finding, Strength, strength_of
from gsal.audit.ink_effect import CalledRate, InkEffect
from gsal.audit.names import LEVEL_TEXT, interval_text, number_text, percent_text, variant_name
from gsal.audit.power import LEVEL, missed_effect
from gsal.audit.significance import holm

__all__ = ["TOPIC", "ink_findings"]

TOPIC = "What the ink does"


def ink_findings(effect: InkEffect) -> list[Finding]:
    """Say how many decisions change without the ink, and which classes are called more often with it.

    Classes are many, so their P values are adjusted (Holm); only those that stay under .05 are claimed.
    """
    overall = next(one.share for one in effect.changed if one.true_class == ALL)
    if not overall.n:
        return [_nothing(effect)]
    rates = [one for one in effect.called if one.true_class == ALL]
    adjusted = holm([one.difference.p_value for one in rates])
    claims = [
        _claim(effect, rate, strength_of(p_value))
        for rate, p_value in zip(rates, adjusted, strict=True)
        if strength_of(p_value).is_claim
    ]
    return [_changed(effect), *(claims or [_not_found(effect, rates)])]


def _nothing(effect: InkEffect) -> Finding:
    text = f"{effect.model}: no picture was predicted {_without(effect)}, so nothing is known."
    return Finding(TOPIC, text, Strength.UNDEFINED, effect.model)


def _without(effect: InkEffect) -> str:
    return f"with the {variant_name(effect.variant)}"


def _changed(effect: InkEffect) -> Finding:
    share = next(one.share for one in effect.changed if one.true_class == ALL)
    interval = interval_text(100 * share.low, 100 * share.high, 0)
    text = (
        f"{effect.model} decides otherwise on {percent_text(share.estimate)} ({LEVEL_TEXT} {interval}) of "
        f"{share.n:,} pictures with ink when they are shown {_without(effect)}."
    )
    return Finding(TOPIC, text, Strength.NOTE, effect.model)


def _claim(effect: InkEffect, rate: CalledRate, strength: Strength) -> Finding:
    found = rate.difference
    more = "more" if found.estimate > 0 else "less"
    low, high = sorted((abs(found.low), abs(found.high)))
    text = (
        f"With ink, {effect.model} calls {rate.called} {number_text(100 * abs(found.estimate), 0)} points "
        f"{more} often ({LEVEL_TEXT} {interval_text(100 * low, 100 * high, 0)}) than "
        f"{_without(effect)}: {percent_text(rate.with_ink)} of {found.n:,} pictures against "
        f"{percent_text(rate.without)}."
    )
    return Finding(TOPIC, text, strength, effect.model)


def _not_found(effect: InkEffect, rates: Sequence[CalledRate]) -> Finding:
    """Say that no class is called more often, and how large an effect would have been found."""
    defined = [one for one in rates if one.difference.p_value == one.difference.p_value]
    if not defined:
        reason = next((one.difference.reason for one in rates if one.difference.reason), "too few pictures")
        text = f"{effect.model}: whether ink changes how often a class is called cannot be told: {reason}."
        return Finding(TOPIC, text, Strength.UNDEFINED, effect.model)
    largest = max(defined, key=lambda one: abs(one.difference.estimate))
    found = largest.difference
    # As strict as the adjusted test of so many classes is at its strictest.
    missed = max(missed_effect(one.difference, level=LEVEL / len(defined)).effect for one in defined)
    text = (
        f"No evidence that ink changes how often {effect.model} calls any class; the largest difference is "
        f"{largest.called}, {number_text(100 * found.estimate, 1)} points "
        f"({LEVEL_TEXT} {interval_text(100 * found.low, 100 * found.high, 1)}; {found.n:,} pictures). "
        f"A change of {number_text(100 * missed, 0)} points or more would most likely have been found."
    )
    return Finding(TOPIC, text, Strength.NONE, effect.model)
