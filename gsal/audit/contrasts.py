"""Which true classes stand out: the mean ink saliency of each against all others (SPEC 9)."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from gsal.arrays import FloatArray
from gsal.audit.class_sums import ClassSums
from gsal.audit.data import AuditData
from gsal.audit.significance import holm
from gsal.records import Aggregator

__all__ = ["ClassContrast", "class_contrasts"]

_NAN = float("nan")
_NO_VARIANCE = 1e-24


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassContrast:
    """How far the mean saliency of a true class lies from that of the pictures of all others.

    Attributes:
        name: Of the class.
        estimate: Mean of the class minus mean of the others, in z(m) or n; NaN where one has no picture.
        low, high: 95 % interval.
        statistic: t.
        p_value: Two-sided.
        p_holm: The same adjusted for the number of classes.
        n, n_others: Inked pictures of the class, and of the others.
        n_patients: Patients of the class.
        reason: Why something is undefined, else "".
        method: In words.
    """

    name: str
    n: int
    n_others: int
    n_patients: int
    estimate: float = _NAN
    low: float = _NAN
    high: float = _NAN
    statistic: float = _NAN
    p_value: float = _NAN
    p_holm: float = _NAN
    reason: str = ""
    method: str = "Welch's t, standard error clustered by patient; Holm over classes"


def class_contrasts(data: AuditData, aggregator: Aggregator) -> tuple[ClassContrast, ...]:
    """Compare each true class with the pictures of all others, in the order of the classes.

    Where each patient has one picture this is Welch's t test. Else deviations are summed by patient within
    the class and outside it, each side with G / (G - 1) of its own G patients; patients with pictures on both
    sides count on both, and what they share cancels.

    Args:
        data: All validation pictures.
        aggregator: MEAN for z(m), PEAK for n.
    """
    sums = ClassSums.of(data, aggregator)
    sides = sums, sums.others
    errors = sides[0].errors(), sides[1].errors()
    found = [
        _contrast(name, sides, errors, places[0])
        if len(places := np.flatnonzero(sums.classes == index))
        else _absent(name, int(sums.counts.sum()))
        for index, name in enumerate(data.classes)
    ]
    adjusted = holm([item.p_value for item in found])
    return tuple(replace(item, p_holm=p) for item, p in zip(found, adjusted, strict=True))


def _absent(name: str, n_others: int) -> ClassContrast:
    reason = "no inked picture of the class"
    return ClassContrast(name=name, n=0, n_others=n_others, n_patients=0, reason=reason)


def _contrast(
    name: str, sides: tuple[ClassSums, ClassSums], errors: tuple[FloatArray, FloatArray], place: int
) -> ClassContrast:
    """Return a class against all others.

    Args:
        name: Of the class.
        sides: Sums of all classes, and of all others than each.
        errors: (G, C) of both, what each patient adds to the error of each mean.
        place: Of the class among them.
    """
    n, n_others = (int(side.n[place]) for side in sides)
    patients = [int(side.patients[place]) for side in sides]
    found = ClassContrast(name=name, n=n, n_others=n_others, n_patients=patients[0])
    if not n_others:
        return replace(found, reason="no inked picture outside the class")
    found = replace(found, estimate=float(sides[0].means[place] - sides[1].means[place]))
    if min(patients) < 2:
        return replace(
            found, reason=f"fewer than two patients {'of' if patients[0] < 2 else 'outside'} the class"
        )
    inside, outside = errors[0][:, place], errors[1][:, place]
    variance = float(((inside - outside) ** 2).sum())
    if variance <= _NO_VARIANCE:
        return replace(found, reason="saliency does not vary within the class and outside it")
    own = [float(inside @ inside), float(outside @ outside)]
    dof = sum(own) ** 2 / sum(each**2 / (of - 1) for each, of in zip(own, patients, strict=True))
    t, reach = found.estimate / variance**0.5, float(stats.t.ppf(0.975, dof)) * variance**0.5
    return replace(
        found,
        low=found.estimate - reach,
        high=found.estimate + reach,
        statistic=t,
        p_value=2 * float(stats.t.sf(abs(t), dof)),
    )
