"""What ink does to answers as rows and sentences, the same in the terminal and in the window."""

from collections.abc import Sequence

from gsal.audit.counterfactual import ALL, ClassEffect, Counterfactual, Shift
from gsal.audit.names import interval_text, number_text, percent_text, variant_name
from gsal.jobs.audits.counterfactual import InkEffect
from gsal.masks.proportions import Proportion

__all__ = ["effect_rows", "effect_words", "gain_rows", "undefined_words", "waiting_words"]

Rows = tuple[tuple[str, ...], list[tuple[str, ...]]]
"""Titles of columns, and rows of cells."""


def effect_rows(figures: Counterfactual) -> Rows:
    """Return, over all pictures and by true class, the share of other answers and the mean changes."""
    titles = ("True class", "n", "Other answer", "Confidence (points)", "Logit")
    return titles, [_effect(one) for one in (figures.overall, *figures.by_class)]


def gain_rows(figures: Counterfactual) -> Rows:
    """Return which classes gain: the change of each one's probability, and answers that left or joined it."""
    titles = ("Class", "n", "Its probability (points)", "Answers that left", "Answers that joined")
    shifts = figures.overall.probabilities
    return titles, [
        (turn.name, f"{shift.n:,}", _points(shift), f"{turn.left:,}", f"{turn.joined:,}")
        for turn, shift in zip(figures.turns, shifts, strict=True)
    ]


def effect_words(figures: Counterfactual) -> str:
    """Say how many answers change, and which classes gain and lose beyond chance."""
    flips = figures.overall.flips
    what = variant_name(figures.variant).capitalize()
    pictures = f"{flips.n:,} picture{'' if flips.n == 1 else 's'}"
    said = f"{what}: {_share(flips)} of {pictures} get another answer."
    if figures.overall.confidence.reason:
        return f"{said} No intervals: {figures.overall.confidence.reason.removesuffix(': no interval')}."
    names = [turn.name for turn in figures.turns]
    shifts = sorted(
        zip(names, figures.overall.probabilities, strict=True), key=lambda pair: -abs(pair[1].mean)
    )
    gains = [f"{name} {_points(shift)}" for name, shift in shifts if shift.low > 0]
    losses = [f"{name} {_points(shift)}" for name, shift in shifts if shift.high < 0]
    parts = [f"{verb}: {', '.join(moved)}" for verb, moved in (("gain", gains), ("lose", losses)) if moved]
    if not parts:
        return f"{said} No class gains or loses more probability than chance would give."
    return f"{said} In points of probability, {'; '.join(parts)}."


def undefined_words(figures: Counterfactual) -> list[str]:
    """Say which classes have no change or no interval of it, and why: a sentence for each reason."""
    by_reason: dict[str, list[str]] = {}
    for part in (figures.overall, *figures.by_class):
        if part.confidence.reason:
            by_reason.setdefault(part.confidence.reason, []).append(_name(part))
    return [f"{', '.join(names)}: {reason}." for reason, names in by_reason.items()]


def waiting_words(effects: Sequence[InkEffect]) -> list[str]:
    """Say how many pictures are still to be predicted, and how many have no such variant."""
    said = []
    for one in effects:
        parts = [f"{n:,} left out ({why})" for why, n in one.left_out.items()]
        if one.waiting:
            parts.insert(0, f"{one.waiting:,} not predicted yet")
        if parts:
            said.append(f"{variant_name(one.figures.variant).capitalize()}: {', '.join(parts)}.")
    return said


def _effect(one: ClassEffect) -> tuple[str, ...]:
    return _name(one), f"{one.flips.n:,}", _share(one.flips), _points(one.confidence), _shift(one.logit)


def _name(one: ClassEffect) -> str:
    return "all classes" if one.name == ALL else one.name


def _share(share: Proportion) -> str:
    if not share.n:
        return "–"
    interval = interval_text(100 * share.low, 100 * share.high, 0)
    return f"{percent_text(share.estimate)} [{interval}]"


def _points(shift: Shift) -> str:
    """Write a change of probability in points, hundredths of it, with its interval."""
    return _bracketed(100 * shift.mean, 100 * shift.low, 100 * shift.high, digits=1)


def _shift(shift: Shift) -> str:
    return _bracketed(shift.mean, shift.low, shift.high, digits=2)


def _bracketed(value: float, low: float, high: float, *, digits: int) -> str:
    interval = interval_text(low, high, digits)
    text = number_text(value, digits)
    return text if interval == "undefined" else f"{text} [{interval}]"
