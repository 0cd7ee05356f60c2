"""Which true classes stand out: the mean ink saliency of each against all others (SPEC 9)."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import stats

from gsal.arrays import FloatArray, IntArray
from gsal.audit.data import AuditData
from gsal.audit.global_saliency import scores
from gsal.audit.patients import cluster_sums, renumbered
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
    values = scores(data, aggregator)
    kept = ~np.isnan(values)
    codes, classes = data.codes[kept], data.true_class[kept]
    found = [
        _contrast(name, values[kept], classes == index, codes) for index, name in enumerate(data.classes)
    ]
    adjusted = holm([item.p_value for item in found])
    return tuple(replace(item, p_holm=p) for item, p in zip(found, adjusted, strict=True))


def _contrast(name: str, values: FloatArray, inside: npt.NDArray[np.bool_], codes: IntArray) -> ClassContrast:
    sides = (inside, ~inside)
    n, n_others = (int(side.sum()) for side in sides)
    patients = [renumbered(codes[side])[1] for side in sides]
    found = ClassContrast(name=name, n=n, n_others=n_others, n_patients=patients[0])
    if not n or not n_others:
        return replace(found, reason=f"no inked picture {'of' if not n else 'outside'} the class")
    found = replace(found, estimate=float(values[inside].mean() - values[~inside].mean()))
    if min(patients) < 2:
        return replace(
            found, reason=f"fewer than two patients {'of' if patients[0] < 2 else 'outside'} the class"
        )
    deviations = [_deviations(values, side, codes, of) for side, of in zip(sides, patients, strict=True)]
    variance = float(((deviations[0] - deviations[1]) ** 2).sum())
    if variance <= _NO_VARIANCE:
        return replace(found, reason="saliency does not vary within the class and outside it")
    own = [float((sums**2).sum()) for sums in deviations]
    dof = sum(own) ** 2 / sum(each**2 / (of - 1) for each, of in zip(own, patients, strict=True))
    t, reach = found.estimate / variance**0.5, float(stats.t.ppf(0.975, dof)) * variance**0.5
    return replace(
        found,
        low=found.estimate - reach,
        high=found.estimate + reach,
        statistic=t,
        p_value=2 * float(stats.t.sf(abs(t), dof)),
    )


def _deviations(
    values: FloatArray, side: npt.NDArray[np.bool_], codes: IntArray, patients: int
) -> FloatArray:
    """Return what each patient adds to the error of the mean of one side."""
    centred = np.where(side, values - values[side].mean(), 0.0)
    scale = (patients / (patients - 1)) ** 0.5 / int(side.sum())
    return np.asarray(scale * cluster_sums(centred, codes), dtype=np.float64)
