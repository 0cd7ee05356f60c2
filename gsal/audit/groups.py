"""Response rate accuracy of a group of classes and of the rest, and over folds (SPEC 10)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from gsal.arrays import FloatArray
from gsal.audit.data import AuditData
from gsal.audit.patients import renumbered
from gsal.audit.response_band import SHARES, Interval, ResponseBand, band
from gsal.audit.response_rate import Curve, ResponseRate, curve, summarise
from gsal.records import Aggregator

__all__ = [
    "FoldCurve",
    "FoldCurves",
    "GroupResponse",
    "by_group",
    "cross_validation",
    "cross_validations",
    "of_classes",
    "over_curves",
    "over_folds",
]

BoolArray = npt.NDArray[np.bool_]
_NAN = float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class GroupResponse:
    """Response rate accuracy over the inked pictures whose true class is in a group.

    Attributes:
        name: The classes, joined by "+".
        classes: In the order of the logits.
        curve: The accuracy at each k.
        response: The figures, with reasons where undefined.
        band: The curve with its bootstrap band; empty without pictures.
    """

    name: str
    classes: tuple[str, ...]
    curve: Curve
    response: ResponseRate
    band: ResponseBand


def _of_classes(data: AuditData, classes: Sequence[str]) -> BoolArray:
    """Return (N,) which pictures are inked and of one of the true classes.

    Raises:
        ValueError: A class the model does not know.
    """
    unknown = [name for name in classes if name not in data.classes]
    if unknown:
        raise ValueError(
            f"{data.model} knows no class {', '.join(unknown)}; it has {', '.join(data.classes)}"
        )
    indices = [data.classes.index(name) for name in classes]
    return np.asarray(data.inked & np.isin(data.true_class, indices), dtype=np.bool_)


def by_group(
    data: AuditData,
    aggregator: Aggregator,
    group: Sequence[str],
    *,
    seed: int,
    draws: int = 1000,
) -> tuple[GroupResponse, GroupResponse]:
    """Return response rate accuracy of a group of true classes (the paper's MEL+SK) and of all others.

    Each starts its own generator from the seed, so that neither depends on the other.

    Args:
        data: All validation pictures.
        aggregator: Of the saliency that orders them.
        group: Names of classes.
        seed: Of the bootstraps.
        draws: Of the bootstraps.

    Raises:
        ValueError: A class the model does not know.
    """
    _of_classes(data, group)
    inside = tuple(name for name in data.classes if name in group)
    outside = tuple(name for name in data.classes if name not in inside)
    first, rest = (
        of_classes(data, aggregator, classes, seed=seed, draws=draws) for classes in (inside, outside)
    )
    return first, rest


def of_classes(
    data: AuditData, aggregator: Aggregator, classes: Sequence[str], *, seed: int, draws: int = 1000
) -> GroupResponse:
    """Return response rate accuracy over the inked pictures of some true classes; arguments as `by_group`."""
    rows = _of_classes(data, classes)
    saliency, correct = data.aggregate(aggregator)[rows], data.correct[rows]
    codes = data.codes[rows]
    return GroupResponse(
        name="+".join(classes),
        classes=tuple(classes),
        curve=curve(saliency, correct),
        response=summarise(saliency, correct, n_patients=renumbered(codes[~np.isnan(saliency)])[1]),
        band=band(saliency, correct, codes, rng=np.random.default_rng(seed), draws=draws),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldCurve:
    """One fold's accuracy at k / N = .10, .11 ... 1, none without pictures, its AURRAC and its pictures."""

    fold: int
    accuracy: tuple[float, ...]
    aurrac: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldCurves:
    """Curves of the folds of a cross-validation at k / N = .10, .11 ... 1, and their mean; NaN if undefined.

    Networks of the folds share most of their training pictures, so that the intervals are somewhat narrow
    (Bengio and Grandvalet 2004).

    Attributes:
        folds: Numbers of the folds with pictures.
        curves: Accuracy of each of them, 91 numbers.
        share: The 91 shares.
        accuracy: Mean over the folds.
        low, high: Pointwise 95 % t interval over the folds.
        aurrac: Mean of the folds' AURRAC.
        aurrac_interval: Its 95 % t interval.
        n: Pictures of all folds.
        left_out: Folds without a picture with a defined saliency.
        reason: Why something is undefined, else "".
        method: In words.
    """

    folds: tuple[int, ...]
    curves: tuple[tuple[float, ...], ...]
    share: tuple[float, ...]
    accuracy: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    aurrac: float
    aurrac_interval: Interval
    n: int
    left_out: int
    reason: str
    method: str = "t interval over folds, pointwise"


def cross_validation(model: str, fold: int) -> str:
    """Return what the networks of one cross-validation have in common in their names.

    >>> cross_validation("baseline-fold2", 2)
    'baseline'
    """
    return model.removesuffix(f"-fold{fold}")


def cross_validations(tables: Sequence[AuditData]) -> dict[str, list[AuditData]]:
    """Return by their common name the tables of networks that differ in their fold alone, two or more."""
    found: dict[str, list[AuditData]] = {}
    for item in tables:
        if item.fold is not None:
            found.setdefault(cross_validation(item.model, item.fold), []).append(item)
    return {name: folds for name, folds in found.items() if len({item.fold for item in folds}) > 1}


def over_folds(
    folds: Sequence[AuditData], aggregator: Aggregator, *, classes: Sequence[str] | None = None
) -> FoldCurves:
    """Return the curves of one recipe's folds, each over the inked pictures of its own fold, and their band.

    Args:
        folds: One per fold, under one method.
        aggregator: Of the saliency that orders the pictures.
        classes: True classes to keep; all unless given.

    Raises:
        ValueError: A fold without number or there twice, methods or classes that differ, an unknown class.
    """
    numbers = [item.fold for item in folds if item.fold is not None]
    if len(set(numbers)) != len(folds):
        raise ValueError(f"expected each fold once, got {[item.fold for item in folds]}")
    if len({(item.method, item.classes) for item in folds}) > 1:
        raise ValueError("the folds differ in their saliency method or their classes")
    parts = []
    for number, item in zip(numbers, folds, strict=True):
        rows = _of_classes(item, item.classes if classes is None else classes)
        line = curve(item.aggregate(aggregator)[rows], item.correct[rows])
        shown = np.interp(SHARES, line.share, line.accuracy).tolist() if line.n else ()
        area = float(line.accuracy.mean()) if line.n else _NAN
        parts.append(FoldCurve(fold=number, accuracy=tuple(shown), aurrac=area, n=line.n))
    return over_curves(parts)


def over_curves(folds: Sequence[FoldCurve]) -> FoldCurves:
    """Return the mean of curves that were computed before, one of each fold, and its band."""
    known = [item for item in folds if item.n]
    lines = np.array([item.accuracy for item in known], dtype=np.float64).reshape(-1, len(SHARES))
    areas = np.array([[item.aurrac] for item in known], dtype=np.float64).reshape(-1, 1)
    accuracy, low, high = _over_rows(lines)
    aurrac, aurrac_low, aurrac_high = (float(side[0]) for side in _over_rows(areas))
    return FoldCurves(
        folds=tuple(item.fold for item in known),
        curves=tuple(item.accuracy for item in known),
        share=tuple(SHARES.tolist()),
        accuracy=tuple(accuracy.tolist()),
        low=tuple(low.tolist()),
        high=tuple(high.tolist()),
        aurrac=aurrac,
        aurrac_interval=Interval(aurrac_low, aurrac_high),
        n=sum(item.n for item in known),
        left_out=len(folds) - len(known),
        reason=_too_few(len(known)),
    )


def _too_few(folds: int) -> str:
    if folds > 1:
        return ""
    return "only one fold has pictures: no interval" if folds else "no fold has pictures"


def _over_rows(rows: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return mean and 95 % t interval of each column of (F, m) rows; NaN where undefined."""
    count = len(rows)
    undefined = np.full(rows.shape[1], _NAN)
    if not count:
        return undefined, undefined, undefined
    mean = rows.mean(axis=0)
    if count < 2:
        return mean, undefined, undefined
    reach = float(stats.t.ppf(0.975, count - 1)) * rows.std(axis=0, ddof=1) / count**0.5
    return mean, mean - reach, mean + reach
