"""Folds for cross-validation, by patient."""

from collections.abc import Iterable

import numpy as np

from gsal.cohorts.picture import Picture, by_id
from gsal.cohorts.strata import choose_patients
from gsal.errors import CohortError

__all__ = ["folds"]


def folds(pictures: Iterable[Picture], *, k: int = 3, seed: int) -> dict[int, int]:
    """Deal the pictures into k folds of equal strata (class x ink); no patient is in two folds.

    Args:
        pictures: In any order.
        k: Folds; 3 in the paper.
        seed: Equal pictures and seed give the same folds.

    Returns:
        The fold of each picture, 0 to k - 1, by ascending id.

    Raises:
        CohortError: Fewer than two folds, or a fold would be empty.
    """
    if k < 2:
        raise CohortError(f"Cross-validation needs at least 2 folds; got {k}.")
    rng = np.random.default_rng(seed)
    rest = everything = by_id(pictures)
    fold_of: dict[int, int] = {}
    for fold in range(k):
        last = fold == k - 1
        chosen = (
            {} if last else choose_patients(rest, share=1 / (k - fold), rng=rng, fixed={}) if rest else {}
        )
        members = [picture for picture in rest if chosen.get(picture.patient, last)]
        if not members:
            patients = len({picture.patient for picture in everything})
            raise CohortError(f"{patients} patients cannot fill {k} folds; choose fewer folds.")
        fold_of.update((picture.image_id, fold) for picture in members)
        rest = [picture for picture in rest if picture.image_id not in fold_of]
    return dict(sorted(fold_of.items()))
