"""Folds for cross-validation, by patient."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import numpy as np

from gsal.cohorts.picture import Picture, by_id
from gsal.cohorts.strata import choose_patients
from gsal.errors import CohortError

__all__ = ["folds"]

_NONE: Mapping[int, int] = MappingProxyType({})


def folds(
    pictures: Iterable[Picture], *, k: int = 3, seed: int, known: Mapping[int, int] = _NONE
) -> dict[int, int]:
    """Deal the pictures into k folds of equal strata (class x ink); no patient is in two folds.

    Args:
        pictures: In any order.
        k: Folds; 3 in the paper.
        seed: Equal pictures, seed and known folds give the same folds.
        known: The fold of pictures dealt before, which never changes; their patients' others join them.

    Returns:
        The fold of each picture, 0 to k - 1, by ascending id.

    Raises:
        CohortError: Fewer than two folds, a fold would be empty, or one patient is in two known folds.
    """
    if k < 2:
        raise CohortError(f"Cross-validation needs at least 2 folds; got {k}.")
    rng = np.random.default_rng(seed)
    rest = everything = by_id(pictures)
    placed = _placed_patients(everything, known)
    fold_of: dict[int, int] = {}
    for fold in range(k):
        members = _members(rest, fold, k, placed, rng) if rest else []
        if not members:
            patients = len({picture.patient for picture in everything})
            raise CohortError(f"{patients} patients cannot fill {k} folds; choose fewer folds.")
        fold_of.update((picture.image_id, fold) for picture in members)
        rest = [picture for picture in rest if picture.image_id not in fold_of]
    return dict(sorted(fold_of.items()))


def _members(
    rest: list[Picture], fold: int, k: int, placed: Mapping[str, int], rng: np.random.Generator
) -> list[Picture]:
    """Return those of the pictures not dealt yet that make up a fold; the last one takes them all."""
    if fold == k - 1:
        return rest
    fixed = {patient: of == fold for patient, of in placed.items()}
    chosen = choose_patients(rest, share=1 / (k - fold), rng=rng, fixed=fixed)
    return [picture for picture in rest if chosen[picture.patient]]


def _placed_patients(pictures: list[Picture], known: Mapping[int, int]) -> dict[str, int]:
    placed: dict[str, int] = {}
    for picture in pictures:
        fold = known.get(picture.image_id)
        if fold is not None and placed.setdefault(picture.patient, fold) != fold:
            raise CohortError(
                f"Patient {picture.patient} has pictures in two folds, so training would leak into them. "
                "Correct the patient ids, or start a new project."
            )
    return placed
