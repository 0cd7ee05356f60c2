"""The unbiased cohort: P(ink | class) equal in every class."""

from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction

import numpy as np

from gsal.cohorts.co_occurrence import CoOccurrence
from gsal.cohorts.membership import MINIMUM_PICTURES, Selection, admit, require_ink, select
from gsal.cohorts.picture import Picture, random_order
from gsal.cohorts.quotas import exact, quota
from gsal.errors import CohortError

__all__ = ["MINIMUM_INKED", "unbiased"]

MINIMUM_INKED = 10
"""Classes with fewer inked pictures are refused (SPEC 5) unless the caller asks for less."""


def unbiased(
    pictures: Iterable[Picture],
    classes: Sequence[str],
    *,
    rng: np.random.Generator,
    ratio: float = 0.5,
    target_rate: float | None = None,
    exclude: Collection[str] = (),
    minimum_inked: int = MINIMUM_INKED,
    minimum_pictures: int = MINIMUM_PICTURES,
) -> Selection:
    """Take all inked pictures, and per class u_c = floor(r |inked_c| + 1/2) random uninked ones (SPEC 5).

    Where a class has fewer uninked ones than that, r falls for all classes to the smallest ratio of
    uninked to inked, and a note says so. With `target_rate` inked pictures are dropped at random
    instead, so that every class keeps r = (1 - rate) / rate; a note says how many.

    Args:
        pictures: Of the training side.
        classes: The project's classes, in order.
        rng: Decides which pictures.
        ratio: r, uninked per inked picture; the paper has 0.5, that is P(ink | class) = 2/3.
        target_rate: P(ink | class) to keep, in place of `ratio`; above 0, below 1.
        exclude: Classes to leave out.
        minimum_inked: Inked pictures that each class must have.
        minimum_pictures: Pictures that the cohort must have.

    Raises:
        CohortError: A number is impossible, or a class or the cohort too small.
    """
    admitted, wanted, notes = admit(pictures, classes, exclude=exclude)
    counts = require_ink(admitted, wanted, minimum=minimum_inked)
    asked = _asked_ratio(ratio, target_rate)
    if target_rate is None:
        kept_ratio = _feasible_ratio(asked, counts)
        inked = dict(counts.inked_by_class)
        notes += _lowered(asked, kept_ratio, counts)
    else:
        kept_ratio = asked
        inked = {name: _inked_to_keep(asked, counts, name) for name in wanted}
        notes += _dropped(counts, inked)
    uninked = {name: quota(kept_ratio, inked[name]) for name in wanted}
    return select(
        _first(random_order(admitted, rng), inked, uninked),
        wanted,
        minimum=minimum_pictures,
        notes=notes,
        details={"ratio_asked": float(asked), "ratio": float(kept_ratio)},
    )


def _asked_ratio(ratio: float, target_rate: float | None) -> Fraction:
    if target_rate is not None:
        if not 0 < target_rate < 1:
            raise CohortError(
                f"P(ink | class) = {target_rate:g} is impossible here; give a number between 0 and 1."
            )
        return (1 - exact(target_rate)) / exact(target_rate)
    if not 0 < ratio < float("inf"):
        raise CohortError(f"{ratio:g} uninked per inked picture is impossible; give a number above 0.")
    return exact(ratio)


def _feasible_ratio(asked: Fraction, counts: CoOccurrence) -> Fraction:
    available = {name: counts.n_by_class[name] - counts.inked_by_class[name] for name in counts.classes}
    if all(quota(asked, counts.inked_by_class[name]) <= available[name] for name in counts.classes):
        return asked
    return min(Fraction(available[name], counts.inked_by_class[name]) for name in counts.classes)


def _inked_to_keep(ratio: Fraction, counts: CoOccurrence, name: str) -> int:
    """Return the most inked pictures of a class that its uninked ones can balance."""
    inked = counts.inked_by_class[name]
    uninked = counts.n_by_class[name] - inked
    kept = min(inked, int((uninked + Fraction(1, 2)) / ratio))
    return kept if quota(ratio, kept) <= uninked else kept - 1


def _lowered(asked: Fraction, kept: Fraction, counts: CoOccurrence) -> list[str]:
    if kept == asked:
        return []
    short = [
        name
        for name in counts.classes
        if quota(asked, counts.inked_by_class[name]) > counts.n_by_class[name] - counts.inked_by_class[name]
    ]
    note = (
        f"Too few uninked pictures of {', '.join(short)} for {float(asked):.3g} per inked one: lowered to "
        f"{float(kept):.3g} in every class, P(ink | class) = {float(1 / (1 + kept)):.2f}."
    )
    return [note, "No uninked picture is left: the cohort equals ink-only."] if kept == 0 else [note]


def _dropped(counts: CoOccurrence, kept: dict[str, int]) -> list[str]:
    dropped = {name: counts.inked_by_class[name] - kept[name] for name in counts.classes}
    if not any(dropped.values()):
        return []
    listed = ", ".join(f"{name} {n}" for name, n in dropped.items() if n)
    return [
        f"{sum(dropped.values())} of {counts.inked} inked pictures are dropped to keep the rate: {listed}."
    ]


def _first(ordered: Iterable[Picture], inked: dict[str, int], uninked: dict[str, int]) -> list[Picture]:
    """Return the first pictures of each class, as many inked and uninked as asked."""
    left = {(name, True): n for name, n in inked.items()} | {(name, False): n for name, n in uninked.items()}
    chosen = []
    for picture in ordered:
        key = (picture.label, picture.inked)
        if left[key] > 0:
            left[key] -= 1
            chosen.append(picture)
    return chosen
