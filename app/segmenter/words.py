"""Figures and what follows from them, in words."""

from math import isnan

from app.segmenter.measured import DASH, MAJORITY, PICKED, Figure, Measured, Subject

__all__ = [
    "TITLES",
    "against_others",
    "at_human_level",
    "compared",
    "figure_text",
    "figure_tip",
    "short",
    "signed_text",
]

TITLES = {
    "dice": "Dice",
    "nsd": "NSD",
    "sensitivity": "Ink found",
    "specificity": "Ink-free found",
}
"""Short titles of the metrics."""


def figure_text(figure: Figure | None) -> str:
    """Return a figure with its interval.

    >>> figure_text(Figure(0.714, 0.65, 1.0, 40)), figure_text(None)
    ('.71 (.65–1.00)', '–')
    """
    if figure is None or not figure.is_known:
        return DASH
    if not figure.has_interval:
        return short(figure.estimate)
    return f"{short(figure.estimate)} ({short(figure.low)}–{short(figure.high)})"


def short(value: float) -> str:
    """Return a share without the zero before its point, so that columns stay narrow; a dash if undefined.

    >>> short(0.714), short(1.0), short(float("nan"))
    ('.71', '1.00', '–')
    """
    if isnan(value):
        return DASH
    text = f"{value:.2f}"
    return text[1:] if text.startswith("0.") else text


def figure_tip(figure: Figure | None) -> str:
    """Return on what a figure rests."""
    if figure is None or not figure.is_known:
        return "Undefined: there is nothing to measure it on"
    counted = f"n = {figure.n:,}" if figure.n else ""
    return "\n".join(part for part in (counted, figure.method) if part)


def signed_text(figure: Figure) -> str:
    """Return a difference with its interval.

    >>> signed_text(Figure(-0.02, -0.051, 0.01, 40))
    '−.02 (−.05 to +.01)'
    """
    if not figure.has_interval:
        return _signed(figure.estimate)
    return f"{_signed(figure.estimate)} ({_signed(figure.low)} to {_signed(figure.high)})"


def compared(figure: Figure | None) -> str:
    """Say what a difference means: only an interval without zero tells the two apart.

    >>> compared(Figure(0.1, 0.02, 0.2, 40)), compared(Figure(0.1, -0.02, 0.2, 40))
    ('better than', 'not told apart from')
    """
    if figure is None or not figure.is_known or not figure.has_interval:
        return "not compared with"
    if figure.low > 0:
        return "better than"
    return "worse than" if figure.high < 0 else "not told apart from"


def at_human_level(measured: Measured) -> str:
    """Say on which share of pictures the network does as well as a second reader; "" when nobody knows."""
    level = measured.human_level
    if "all" not in level or not level["all"].is_known:
        return ""
    parts = [f"{figure_text(level['all'])} of {level['all'].n:,} pictures"]
    for name, text in (("inked", "with ink"), ("ink_free", "without")):
        if name in level and level[name].is_known:
            parts.append(f"{text} {figure_text(level[name])}")
    return f"At human level: {', '.join(parts)}."


def against_others(measured: Measured) -> str:
    """Say whether the network beats the best single rule, the rules' majority and the automatic pick."""
    rule = measured.best_rule
    others = (
        (rule, f"the best single rule ({rule.name})" if rule else ""),
        (measured.subject(MAJORITY), "what two of three rules agree on"),
        (measured.subject(PICKED), "what the program picks of them"),
    )
    said = [_beside(subject, name) for subject, name in others if subject is not None]
    if not said:
        return f"{measured.model}: no rule was measured beside it."
    *first, last = said
    return f"{measured.model} is {', '.join([*first, f'and {last}' if first else last])}."


def _beside(subject: Subject, name: str) -> str:
    difference = subject.difference.get("dice")
    if difference is None or not difference.is_known:
        return f"{compared(None)} {name}"
    return f"{compared(difference)} {name}: Dice {signed_text(difference)}"


def _signed(value: float) -> str:
    text = f"{value:+.2f}"
    return (
        "0"
        if float(text) == 0
        else text.replace("-", "−").replace("0.", ".", 1)
        if abs(value) < 0.995
        else text
    )
