"""Choosing whole patients so that every stratum (class x ink) gives the same share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from gsal.arrays import FloatArray, IntArray
from gsal.cohorts.picture import Picture, by_id

__all__ = ["StratumCount", "choose_patients", "stratum_counts"]

_ROUNDING = 1e-9
_MOST_EXCHANGES = 4_000_000
"""So many patients of different counts leave nothing for exchanges to mend."""


@dataclass(frozen=True, slots=True)
class StratumCount:
    """Pictures of one class, inked or not, in all and on the chosen side."""

    label: str
    inked: bool
    n: int
    chosen: int


def stratum_counts(pictures: Iterable[Picture], chosen: Mapping[int, bool]) -> tuple[StratumCount, ...]:
    """Count the pictures of each stratum that occurs, by class name and ink."""
    n: dict[tuple[str, bool], list[int]] = {}
    for picture in pictures:
        counts = n.setdefault((picture.label, picture.inked), [0, 0])
        counts[0] += 1
        counts[1] += chosen[picture.image_id]
    return tuple(StratumCount(label, inked, *n[label, inked]) for label, inked in sorted(n))


def choose_patients(
    pictures: Iterable[Picture], *, share: float, rng: np.random.Generator, fixed: Mapping[str, bool]
) -> dict[str, bool]:
    """Choose whole patients until each stratum, class, ink state and the total come closest to the share.

    A descent on the squared deviations of all these counts, by one patient or an exchange of two at a time,
    starting with none of the free patients chosen. Patients with equal counts are interchangeable and taken
    in random order.

    Args:
        pictures: In any order.
        share: Of the pictures, between 0 and 1.
        rng: Decides between equal patients.
        fixed: Patients that are chosen (True) or not (False) already.

    Returns:
        For every patient whether it is chosen.
    """
    patients, counts = _count_by_patient(by_id(pictures))
    weighted = counts @ _margins(counts.shape[1])
    target = share * weighted.sum(axis=0)
    chosen = np.array([fixed.get(patient, False) for patient in patients], dtype=np.bool_)
    free = np.array([index for index, patient in enumerate(patients) if patient not in fixed], dtype=np.int64)
    excess = weighted[chosen].sum(axis=0) - target
    if len(free):
        chosen[_descend(weighted, rng.permutation(free), excess)] = True
    return dict(zip(patients, chosen.tolist(), strict=True))


def _count_by_patient(pictures: list[Picture]) -> tuple[list[str], FloatArray]:
    """Return the patients by name, and their pictures per stratum, (patients, 2 x classes)."""
    patients = sorted({picture.patient for picture in pictures})
    labels = sorted({picture.label for picture in pictures})
    row = {patient: index for index, patient in enumerate(patients)}
    column = {label: 2 * index for index, label in enumerate(labels)}
    counts = np.zeros((len(patients), 2 * len(labels)))
    for picture in pictures:
        counts[row[picture.patient], column[picture.label] + picture.inked] += 1
    return patients, counts


def _margins(strata: int) -> FloatArray:
    """Return the matrix from strata to strata, classes, ink states and total."""
    classes = np.repeat(np.eye(strata // 2), 2, axis=0)
    ink = np.tile(np.eye(2), (strata // 2, 1))
    return np.hstack([np.eye(strata), classes, ink, np.ones((strata, 1))])


def _descend(weighted: FloatArray, order: IntArray, excess: FloatArray) -> list[int]:
    """Return the rows to take, until neither one more, one less nor an exchange lowers sum(excess^2)."""
    profiles, members = _profiles(weighted, order)
    sizes = np.array([len(rows) for rows in members])
    taken = np.zeros(len(members), dtype=np.int64)
    squares = (profiles**2).sum(axis=1)
    while True:
        pull = 2 * profiles @ excess
        add = np.where(taken < sizes, squares + pull, np.inf)
        remove = np.where(taken > 0, squares - pull, np.inf)
        if min(add.min(), remove.min()) < -_ROUNDING:
            step = [(int(add.argmin()), 1)] if add.min() <= remove.min() else [(int(remove.argmin()), -1)]
        else:
            step = _exchange(profiles, add, remove)
        if not step:
            break
        for group, sign in step:
            taken[group] += sign
            excess = excess + sign * profiles[group]
    return [row for rows, count in zip(members, taken, strict=True) for row in rows[:count]]


def _exchange(profiles: FloatArray, add: FloatArray, remove: FloatArray) -> list[tuple[int, int]]:
    """Return the best exchange of a taken patient for another, where one helps."""
    come, go = np.flatnonzero(np.isfinite(add)), np.flatnonzero(np.isfinite(remove))
    if not 0 < len(come) * len(go) <= _MOST_EXCHANGES:
        return []
    gain = add[come, np.newaxis] + remove[go] - 2 * profiles[come] @ profiles[go].T
    best = int(gain.argmin())
    if gain.flat[best] >= -_ROUNDING:
        return []
    return [(int(come[best // len(go)]), 1), (int(go[best % len(go)]), -1)]


def _profiles(weighted: FloatArray, order: IntArray) -> tuple[FloatArray, list[list[int]]]:
    """Group rows of equal counts; groups and their rows stand in the order drawn, which breaks ties."""
    groups: dict[bytes, list[int]] = {}
    for row in order.tolist():
        groups.setdefault(weighted[row].tobytes(), []).append(row)
    members = list(groups.values())
    return weighted[[rows[0] for rows in members]], members
