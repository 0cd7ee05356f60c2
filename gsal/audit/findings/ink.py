"""What the ink itself does to a model's decisions, in words: measured, not inferred from maps (SPEC 11)."""

from dataclasses import dataclass

from gsal.audit.counterfactual import ALL
from gsal.audit.findings.finding import Finding, Strength, strength_of
from gsal.audit.ink_effect import CalledRate, InkEffect
from gsal.audit.names import LEVEL_TEXT, interval_text, number_text, percent_text, variant_name
from gsal.audit.power import LEVEL, missed_effect
from gsal.audit.significance import holm
from gsal.masks.proportions import Proportion

__all__ = ["TOPIC", "Claim", "changed_share", "claims_of", "ink_findings", "missed_points"]

TOPIC = "What the ink does"

_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Claim:
    """A class that is called more or less often with ink, and how sure that is."""

    rate: CalledRate
    strength: Strength

    @property
    def text(self) -> str:
        """The class, by how much, and the interval."""
        found = self.rate.difference
        more = "more" if found.estimate > 0 else "less"
        low, high = sorted((abs(found.low), abs(found.high)))
        return (
            f"{self.rate.called} {number_text(100 * abs(found.estimate), 0)} points {more} often "
            f"({LEVEL_TEXT} {interval_text(100 * low, 100 * high, 0)})"
        )


def changed_share(effect: InkEffect) -> Proportion:
    """Return the share of all pictures on which the model decides otherwise without the ink."""
    return next(one.share for one in effect.changed if one.true_class == ALL)


def claims_of(effect: InkEffect) -> list[Claim]:
    """Return the classes called more or less often with ink.

    Classes are many, so their P values are adjusted (Holm); only those that stay under .05 are claimed.
    """
    rates = _rates(effect)
    strengths = map(strength_of, holm([one.difference.p_value for one in rates]))
    return [Claim(rate, found) for rate, found in zip(rates, strengths, strict=True) if found.is_claim]


def missed_points(effect: InkEffect) -> float:
    """Return the change in how often a class is called that would most likely have been found, a share.

    As strict as the adjusted test of so many classes is at its strictest; NaN where nothing can be told.
    """
    known = _defined(effect)
    return max(
        (missed_effect(one.difference, level=LEVEL / len(known)).effect for one in known), default=_NAN
    )


def ink_findings(effect: InkEffect) -> list[Finding]:
    """Say how many decisions change without the ink, and which classes are called more often with it."""
    if not changed_share(effect).n:
        return [_nothing(effect)]
    return [_changed(effect), *([_claim(effect, one) for one in claims_of(effect)] or [_not_found(effect)])]


def _rates(effect: InkEffect) -> list[CalledRate]:
    return [one for one in effect.called if one.true_class == ALL]


def _defined(effect: InkEffect) -> list[CalledRate]:
    return [one for one in _rates(effect) if one.difference.p_value == one.difference.p_value]


def _nothing(effect: InkEffect) -> Finding:
    text = f"{effect.model}: no picture was predicted {_without(effect)}, so nothing is known."
    return Finding(TOPIC, text, Strength.UNDEFINED, effect.model)


def _without(effect: InkEffect) -> str:
    return f"with the {variant_name(effect.variant)}"


def _changed(effect: InkEffect) -> Finding:
    share = changed_share(effect)
    interval = interval_text(100 * share.low, 100 * share.high, 0)
    text = (
        f"{effect.model} decides otherwise on {percent_text(share.estimate)} ({LEVEL_TEXT} {interval}) of "
        f"{share.n:,} pictures with ink when they are shown {_without(effect)}."
    )
    return Finding(TOPIC, text, Strength.NOTE, effect.model)


def _claim(effect: InkEffect, claim: Claim) -> Finding:
    rate = claim.rate
    text = (
        f"With ink, {effect.model} calls {claim.text} than {_without(effect)}: {percent_text(rate.with_ink)} "
        f"of {rate.difference.n:,} pictures against {percent_text(rate.without)}."
    )
    return Finding(TOPIC, text, claim.strength, effect.model)


def _not_found(effect: InkEffect) -> Finding:
    """Say that no class is called more often, and how large an effect would have been found."""
    known = _defined(effect)
    if not known:
        reasons = (one.difference.reason for one in _rates(effect) if one.difference.reason)
        reason = next(reasons, "too few pictures")
        text = f"{effect.model}: whether ink changes how often a class is called cannot be told: {reason}."
        return Finding(TOPIC, text, Strength.UNDEFINED, effect.model)
    largest = max(known, key=lambda one: abs(one.difference.estimate))
    found = largest.difference
    text = (
        f"No evidence that ink changes how often {effect.model} calls any class; the largest difference is "
        f"{largest.called}, {number_text(100 * found.estimate, 1)} points "
        f"({LEVEL_TEXT} {interval_text(100 * found.low, 100 * found.high, 1)}; {found.n:,} pictures). "
        f"A change of {number_text(100 * missed_points(effect), 0)} points or more would most likely have "
        "been found."
    )
    return Finding(TOPIC, text, Strength.NONE, effect.model)
