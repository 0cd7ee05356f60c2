"""What stands beside a map: its figures in short, and what each of them means."""

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from gsal.audit.names import number_text
from gsal.jobs.saliency.look import PictureMap

__all__ = ["ROWS", "Row", "exact", "figure_lines", "figure_texts", "kept_back_text", "learned_text"]

Row = tuple[str, str]

ROWS: Mapping[str, Row] = MappingProxyType(
    {
        "predicted": ("Predicted class", "The class with the largest logit, and its probability by softmax"),
        "true": ("True class", "The label of the picture"),
        "explained": ("Class explained", "The class that the map speaks for or against, and its probability"),
        "mean": (
            "Mean on ink, m",
            "Mean of the map over the ink, weighted by how much of each pixel is ink. Above 0, ink speaks "
            "for the class explained; its size depends on model and method",
        ),
        "relative": (
            "m within the picture",
            "m less the mean of the map, in standard deviations of the map: how much more ink speaks for the "
            "class than the rest of this picture does",
        ),
        "peak": ("Peaks in ink, n", "Share of the most salient 2 % of the pixels that is ink"),
        "chance": (
            "Chance of n, |A|/|P|",
            "Share of the picture that is ink: what n is of a map that knows nothing of ink",
        ),
        "gap": (
            "Completeness gap",
            "Sum of the map, and of the constant that belongs to it, less the logit z of the class "
            "explained. At 0 the map accounts for the whole answer; measured, not assumed",
        ),
        "logit": ("|z| of the class", "Size of the logit that the gap is to be held against"),
        "how": ("Computed with", "Layer or rule of the method"),
    }
)
"""By key: the title, and what it means."""

_NUMBERS = ("mean", "peak", "chance", "gap", "logit")


def figure_texts(made: PictureMap, number: int, true_class: str | None) -> dict[str, str]:
    """Return the texts of all `ROWS` for the class of this number.

    Args:
        made: The map and its figures.
        number: Of the class explained.
        true_class: The picture's label; None without one.
    """
    figures = made.figures(number)
    is_inked = made.coverage is not None and bool(made.coverage.any())
    without = "no mask" if made.coverage is None else "no ink"
    names, chances = made.classes, made.probabilities
    return {
        "predicted": f"{names[made.predicted]}, {number_text(float(chances[made.predicted]))}",
        "true": true_class or "–",
        "explained": f"{names[number]}, {number_text(figures.probability)}",
        "mean": exact(figures.mean) if is_inked else without,
        "relative": number_text(figures.relative) if is_inked else without,
        "peak": number_text(figures.peak, 3) if is_inked else without,
        "chance": number_text(figures.chance, 3) if made.coverage is not None else without,
        "gap": exact(figures.gap),
        "logit": number_text(abs(figures.logit)),
        "how": made.layer or made.preset or "–",
    }


def figure_lines(texts: Mapping[str, str]) -> tuple[str, ...]:
    """Return the figures that belong beside a printed map, a line each."""
    lines = [f"{ROWS[key][0]}: {texts[key]}" for key in _NUMBERS]
    return (f"Predicted {texts['predicted']}; explained {texts['explained']}", *lines)


def learned_text(learners: Sequence[str], shown: int) -> str:
    """Say which of the networks that are shown learned from the picture; "" for none.

    >>> learned_text(["biased"], 1)
    'This network was trained on this picture.'
    >>> learned_text(["biased"], 2), learned_text(["biased", "unbiased"], 2), learned_text([], 2)
    ('biased was trained on this picture.', 'Both networks were trained on this picture.', '')
    """
    if not learners:
        return ""
    if len(learners) < shown:
        return f"{learners[0]} was trained on this picture."
    networks = "This network was" if shown == 1 else "Both networks were"
    return f"{networks} trained on this picture."


def kept_back_text(count: int) -> str:
    """Say how many pictures a reader does not get to see yet, and why; "" for none.

    >>> kept_back_text(1200)[:18], kept_back_text(0)
    ('1,200 not listed: ', '')
    """
    if not count:
        return ""
    return f"{count:,} not listed: you have still to read them without knowing what others found."


def exact(value: float) -> str:
    """Write a number of any size with three digits and a true minus; "–" when undefined.

    >>> exact(-0.000123456), exact(2.5), exact(float("nan"))
    ('−1.23e−04', '2.5', '–')
    """
    return "–" if math.isnan(value) else f"{value:.3g}".replace("-", "−")
