"""Tests of global saliency: whether it goes with the true class, and the paper's of two models (SPEC 9)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from scipy import stats

from gsal.arrays import FloatArray, IntArray
from gsal.audit.data import AuditData
from gsal.audit.global_saliency import ClassSaliency, scores
from gsal.audit.patients import renumbered
from gsal.records import Aggregator

__all__ = [
    "TestedEffect",
    "class_association",
    "default_permutations",
    "holm",
    "levene_of_class_means",
    "levene_power",
]

_NAN = float("nan")
_MANY_PICTURES = 20_000
_MANY_PATIENTS = 5_000
"""Of so many that are exchanged, the sums by class are normal: the limit is drawn from instead."""
_SEED = 0
_ROUNDING = 1e-9
"""Sums of the same terms in another order differ in their last digits."""

_PAPER_RATIO = 0.007 / 0.003
"""Of the inter-class variances of the paper's baseline and unbiased model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestedEffect:
    """A test of one trained model, or of two; NaN where undefined.

    Attributes:
        name: What is tested.
        statistic: Of the test.
        p_value: Two-sided where there are sides.
        estimate: Size of the effect, as `method` says.
        low, high: Its 95 % interval.
        n: Pictures, or classes where class means are compared.
        n_patients: Patients they are of; 0 where classes are compared.
        method: In words.
        reason: Why something is undefined, else "".
    """

    __test__ = False

    name: str
    n: int
    n_patients: int
    statistic: float = _NAN
    p_value: float = _NAN
    estimate: float = _NAN
    low: float = _NAN
    high: float = _NAN
    method: str = ""
    reason: str = ""


def default_permutations(n: int) -> int:
    """Return how often `n` pictures are moved about: 1,999 times, and 499 above 20,000 pictures."""
    return 1999 if n <= _MANY_PICTURES else 499


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjust P values for their number (Holm 1979); NaN stays NaN and does not count.

    >>> holm([0.01, float("nan"), 0.04])
    (0.02, nan, 0.04)
    """
    # The one of statsmodels collects garbage on each call: a tenth of a second in a large program.
    given = np.asarray(p_values, dtype=np.float64)
    order = np.flatnonzero(np.isfinite(given))
    order = order[np.argsort(given[order], kind="stable")]
    adjusted = np.full(given.shape, _NAN)
    adjusted[order] = np.minimum(1, np.maximum.accumulate(np.arange(len(order), 0, -1) * given[order]))
    return tuple(adjusted.tolist())


@dataclass(frozen=True, slots=True, eq=False)
class _Labelled:
    """(n,) values without NaN, their classes 0 to C - 1, and their patients."""

    values: FloatArray
    classes: IntArray
    codes: IntArray

    @classmethod
    def of(cls, data: AuditData, aggregator: Aggregator) -> "_Labelled":
        values = scores(data, aggregator)
        kept = ~np.isnan(values)
        classes = np.unique(data.true_class[kept], return_inverse=True)[1].astype(np.int64)
        codes, _ = renumbered(data.codes[kept])
        return cls(values[kept], classes, codes)

    def strata(self) -> Iterator[IntArray]:
        """Yield (G, s) rows of the pictures, a patient a row, for each number s of pictures of a patient."""
        order = np.argsort(self.codes, kind="stable")
        sizes = np.bincount(self.codes)
        starts = np.cumsum(sizes) - sizes
        for size in np.unique(sizes):
            yield order[starts[sizes == size][:, np.newaxis] + np.arange(size)]


def _not_comparable(labelled: _Labelled) -> str:
    if not len(labelled.values):
        return "no inked picture has a defined saliency"
    if not labelled.classes.any():
        return "all inked pictures are of one class"
    if np.ptp(labelled.values) == 0:
        return "all pictures have the same saliency"
    if len(labelled.values) == labelled.classes.max() + 1:
        return "no class has two inked pictures"
    if all(len(rows) < 2 for rows in labelled.strata()):
        return "no two patients have as many pictures, so that none can be exchanged"
    return ""


def _permuted_sums(labelled: _Labelled, *, permutations: int, rng: np.random.Generator) -> FloatArray:
    """Return (permutations, C) sums of the values by class when like patients swap their pictures' values."""
    count = int(labelled.classes.max()) + 1
    sums = np.zeros((permutations, count))
    for rows in labelled.strata():
        classes, values = labelled.classes[rows], labelled.values[rows]
        if len(rows) > _MANY_PATIENTS:
            mean, covariance = _moments_of_sums(values, np.eye(count)[classes])
            sums += rng.multivariate_normal(mean, covariance, size=permutations, method="eigh")
            continue
        for row in sums:
            moved = values[rng.permutation(len(values))]
            row += np.bincount(classes.ravel(), weights=moved.ravel(), minlength=count)
    return sums


def _moments_of_sums(values: FloatArray, members: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return mean (C,) and covariance (C, C) of the sums by class over all ways to exchange G patients.

    Those of a combinatorial sum, which tends to the normal distribution (Hoeffding 1951).

    Args:
        values: (G, s) of the pictures of each patient.
        members: (G, s, C), 1 for the class of each picture, else 0.
    """
    patients, size, count = members.shape
    mean = np.einsum("j,jc->c", values.mean(axis=0), members.sum(axis=0))
    moved = values - values.mean(axis=0)
    apart = (members - members.mean(axis=0)).reshape(patients, -1)
    together = (apart.T @ apart).reshape(size, count, size, count)
    covariance = np.einsum("jk,jckd->cd", moved.T @ moved, together) / (patients - 1)
    return np.asarray(mean, dtype=np.float64), np.asarray(covariance, dtype=np.float64)


def class_association(
    data: AuditData,
    aggregator: Aggregator,
    *,
    rng: np.random.Generator,
    permutations: int | None = None,
) -> TestedEffect:
    """Test whether ink saliency goes with the true class in one trained model, by permutation.

    The statistic is F of the one-way analysis of variance of the inked pictures. Exchanged are all pictures
    of a patient against those of another with as many; where each patient has one, pictures are. That holds
    its level whatever the pictures of a patient share, and whichever classes have patients of many pictures.
    P = (1 + #) / (permutations + 1).
    Among over 5,000 patients with as many pictures the exchange is drawn from its normal limit.

    The estimate is omega squared (Hays 1963): the share of the variance that lies between classes, less what
    chance puts there; it may be negative. `class_contrasts` has estimates with intervals.

    Args:
        data: All validation pictures.
        aggregator: MEAN for z(m), PEAK for n.
        rng: Permutes.
        permutations: `default_permutations` unless given.
    """
    labelled = _Labelled.of(data, aggregator)
    n, patients = len(labelled.values), int(labelled.codes.max(initial=-1)) + 1
    found = TestedEffect(name="ink saliency and true class", n=n, n_patients=patients)
    if reason := _not_comparable(labelled):
        return replace(found, reason=reason)
    centred = replace(labelled, values=labelled.values - labelled.values.mean())
    sizes = np.bincount(labelled.classes)
    sums = np.bincount(labelled.classes, weights=centred.values)
    total, between = float(centred.values @ centred.values), float((sums**2 / sizes).sum())
    exchanged = sum(rows.size for rows in labelled.strata() if len(rows) <= _MANY_PATIENTS)
    times = default_permutations(exchanged) if permutations is None else permutations
    drawn = (_permuted_sums(centred, permutations=times, rng=rng) ** 2 / sizes).sum(axis=1)
    as_large = int((drawn >= between * (1 - _ROUNDING)).sum())
    noise = max(total - between, 0.0) / (n - len(sizes))
    explained = between / (len(sizes) - 1)
    return replace(
        found,
        statistic=explained / noise if noise > _ROUNDING * total else float("inf"),
        p_value=(1 + as_large) / (times + 1),
        estimate=(between - (len(sizes) - 1) * noise) / (total + noise),
        method=f"F({len(sizes) - 1}, {n - len(sizes)}), {times:,} permutations of "
        f"{'pictures' if patients == n else 'patients with as many pictures'}"
        f"{'' if exchanged == n else f', the limit for {n - exchanged:,} pictures'}; omega squared",
    )


def levene_of_class_means(first: Sequence[ClassSaliency], second: Sequence[ClassSaliency]) -> TestedEffect:
    """Compare the spread of the class means of two models as the paper does (its W = 1.04, P = 0.33).

    Levene's test centred on the mean, F(1, 2C - 2). It takes class means for independent, though both models
    saw the same pictures, and finds next to nothing: descriptive. The estimate is the ratio of variances.

    Args:
        first: Class means of a model.
        second: Of another, in the same order; classes that lack a mean in one are left out.
    """
    pairs = [(one.mean, other.mean) for one, other in zip(first, second, strict=True) if one.n and other.n]
    found = TestedEffect(name="spread of the class means of two models", n=len(pairs), n_patients=0)
    if len(pairs) < 3:
        return replace(found, reason="fewer than three classes have inked pictures in both models")
    means, others = np.array(pairs).T
    if np.ptp(means) == 0 or np.ptp(others) == 0:
        return replace(found, reason="all class means of a model are the same")
    test = stats.levene(means, others, center="mean")
    return replace(
        found,
        statistic=float(test.statistic),
        p_value=float(test.pvalue),
        estimate=float(np.var(means, ddof=1) / np.var(others, ddof=1)),
        method=f"descriptive: Levene's test centred on the mean, F(1, {2 * len(pairs) - 2}); "
        f"its power is {levene_power(len(pairs)):.2f} at the paper's ratio of variances",
    )


@cache
def levene_power(classes: int, *, ratio: float = _PAPER_RATIO, draws: int = 20_000) -> float:
    """Return how often Levene's test of class means finds a ratio of variances at the 5 % level.

    Simulated with normal class means from a fixed seed; 7 classes and the paper's ratio give .15.

    Args:
        classes: C, over 1.
        ratio: Of the variances of class means.
        draws: Of the simulation.
    """
    means = np.random.default_rng(_SEED).normal(size=(2, draws, classes))
    means[0] *= ratio**0.5
    apart = np.abs(means - means.mean(axis=2, keepdims=True))
    centres = apart.mean(axis=2)
    between = classes * (centres[0] - centres[1]) ** 2 / 2
    within = ((apart - centres[:, :, np.newaxis]) ** 2).sum(axis=(0, 2)) / (2 * classes - 2)
    return float((between > within * stats.f.ppf(0.95, 1, 2 * classes - 2)).mean())
