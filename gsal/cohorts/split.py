"""The project's one split into a training and a validation side, by patient."""

from collections.abc import Iterable, Mapping

import numpy as np

from gsal.cohorts.picture import Picture, by_id
from gsal.cohorts.strata import StratumCount, choose_patients, stratum_counts
from gsal.errors import CohortError
from gsal.records import Side

__all__ = ["DEFAULT_SHARE", "StratumCount", "achieved", "extend", "split"]

DEFAULT_SHARE = 0.1


def split(
    pictures: Iterable[Picture], *, validation_share: float = DEFAULT_SHARE, seed: int
) -> dict[int, Side]:
    """Split once, stratified by class x ink and grouped by patient (SPEC 5).

    Args:
        pictures: All labelled pictures; their order does not matter.
        validation_share: Of the pictures, between 0 and 1; the paper has 0.1.
        seed: Equal pictures, share and seed give the same split.

    Returns:
        The side of each picture, by ascending id. What the strata came to is `achieved(pictures, sides)`.

    Raises:
        CohortError: The share is impossible, or one side would be empty.
    """
    ordered = by_id(pictures)
    sides = extend(ordered, {}, validation_share=validation_share, seed=seed)
    for side in Side:
        if side not in sides.values():
            raise CohortError(_empty_side(ordered, side, validation_share))
    return sides


def extend(
    pictures: Iterable[Picture],
    sides: Mapping[int, Side],
    *,
    validation_share: float = DEFAULT_SHARE,
    seed: int,
) -> dict[int, Side]:
    """Place pictures that came later: on the side of their patient; new patients so that the share is kept.

    Args:
        pictures: All labelled pictures, old and new.
        sides: The side of those placed before, which never changes.
        validation_share: Of all pictures.
        seed: As for `split`.

    Returns:
        The side of each picture given, by ascending id.

    Raises:
        CohortError: The share is impossible, or the pictures of one patient are on both sides already.
    """
    if not 0 < validation_share < 1:
        raise CohortError(
            f"A validation share of {validation_share:g} is impossible; give a number between 0 and 1."
        )
    ordered = by_id(pictures)
    if not ordered:
        return {}
    chosen = choose_patients(
        ordered,
        share=validation_share,
        rng=np.random.default_rng(seed),
        fixed=_placed_patients(ordered, sides),
    )
    return {p.image_id: Side.VALIDATION if chosen[p.patient] else Side.TRAINING for p in ordered}


def achieved(pictures: Iterable[Picture], sides: Mapping[int, Side]) -> tuple[StratumCount, ...]:
    """Return for each stratum its pictures in all (`n`) and on the validation side (`chosen`)."""
    return stratum_counts(pictures, {image: side is Side.VALIDATION for image, side in sides.items()})


def _placed_patients(pictures: list[Picture], sides: Mapping[int, Side]) -> dict[str, bool]:
    placed: dict[str, bool] = {}
    for picture in pictures:
        if picture.image_id not in sides:
            continue
        in_validation = sides[picture.image_id] is Side.VALIDATION
        if placed.setdefault(picture.patient, in_validation) != in_validation:
            raise CohortError(
                f"Patient {picture.patient} has pictures on both sides of the split, so training would leak "
                "into validation. Correct the patient ids, or start a new project."
            )
    return placed


def _empty_side(pictures: list[Picture], side: Side, share: float) -> str:
    patients = len({picture.patient for picture in pictures})
    return (
        f"{len(pictures)} labelled pictures of {patients} patients leave the {side} side empty at a "
        f"validation share of {share:g}. Import more pictures with labels, or choose another share."
    )
