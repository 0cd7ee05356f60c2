"""What masks are worth over many pictures: each figure with its interval, whole patients resampled."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gsal.arrays import FloatArray, IntArray
from gsal.masks.evaluation import PictureScore
from gsal.masks.proportions import wilson
from gsal.resampling import clusters, percentile_interval, resampled_weights, weighted_auroc

__all__ = ["DRAWS", "METRICS", "SHARES", "Estimate", "Resampled", "resample"]

DRAWS = 2000
"""Resamples of patients that an interval is made of."""

_BOOTSTRAP = f"bootstrap of patients, percentiles, 95 %, {DRAWS:,} draws"

_Column = Callable[[PictureScore], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over pictures.

    Attributes:
        estimate: NaN where it is defined for no picture.
        low, high: Of the 95 % interval; NaN with fewer than two patients, or where more than 1 in 20
            resamples leaves the figure undefined.
        n: Pictures that it rests on.
        n_patients: Whose pictures these are.
        undefined: Pictures left out, as the figure is not defined for them.
        method: Of the interval.
        patient_low, patient_high: Of a share where patients have several pictures: the interval of a
            bootstrap of patients, as Wilson's takes pictures for independent and is then too short; else NaN.
    """

    estimate: float
    low: float
    high: float
    n: int
    n_patients: int
    undefined: int
    method: str
    patient_low: float = math.nan
    patient_high: float = math.nan


@dataclass(frozen=True, slots=True, eq=False)
class Resampled:
    """All figures of one set of masks, and the same for every resample of the patients.

    The draws of two sets of masks of the same pictures belong together one by one: the same patients.

    Attributes:
        values: Each figure, by metric.
        draws: (draws,) of it.
        n: Pictures that it rests on.
        n_patients: Whose these are.
        successes: Of the shares, how many of the n.
        pictures: In all.
    """

    values: dict[str, float]
    draws: dict[str, FloatArray]
    n: dict[str, int]
    n_patients: dict[str, int]
    successes: dict[str, int]
    pictures: int

    def estimate(self, metric: str) -> Estimate:
        """Return a figure with its interval: Wilson's for the shares, else of the bootstrap."""
        n, value = self.n[metric], self.values[metric]
        rest = {"n": n, "n_patients": self.n_patients[metric], "undefined": self.pictures - n}
        if metric in SHARES:
            share = wilson(self.successes[metric], n)
            beside = (math.nan, math.nan)
            if self.n_patients[metric] < n:
                beside = percentile_interval(self.draws[metric])
            return Estimate(
                share.estimate,
                share.low,
                share.high,
                method=share.method,
                patient_low=beside[0],
                patient_high=beside[1],
                **rest,
            )
        low, high = percentile_interval(self.draws[metric])
        return Estimate(value, low, high, method=_BOOTSTRAP, **rest)


def _mean_of(name: str) -> _Column:
    def column(picture: PictureScore) -> tuple[float, float]:
        value: float = getattr(picture, name)
        return (0.0, 0.0) if math.isnan(value) else (value, 1.0)

    return column


def _dice_inked(picture: PictureScore) -> tuple[float, float]:
    return (picture.dice, 1.0) if picture.truth_ink_px > 0 else (0.0, 0.0)


def _sensitivity(picture: PictureScore) -> tuple[float, float]:
    is_counted = picture.is_inked is True
    return float(is_counted and picture.is_predicted_inked), float(is_counted)


def _specificity(picture: PictureScore) -> tuple[float, float]:
    is_counted = picture.is_inked is False
    return float(is_counted and not picture.is_predicted_inked), float(is_counted)


def _same_decision(picture: PictureScore) -> tuple[float, float]:
    is_known = picture.is_inked is not None
    return float(is_known and picture.is_inked == picture.is_predicted_inked), float(is_known)


_RATIOS: dict[str, _Column] = {
    "dice": _mean_of("dice"),
    "dice_inked": _dice_inked,
    "iou": _mean_of("iou"),
    "precision": _mean_of("precision"),
    "recall": _mean_of("recall"),
    "nsd": _mean_of("nsd"),
    "hd95": _mean_of("hd95"),
    "sensitivity": _sensitivity,
    "specificity": _specificity,
    "same_decision": _same_decision,
}

SHARES = ("sensitivity", "specificity", "same_decision")
"""Those of the metrics that are shares of pictures."""

METRICS = (*_RATIOS, "balanced_accuracy", "auc")
"""What is computed of pictures.

- dice, iou, precision, recall, nsd, hd95: means over the pictures where they are defined.
- dice_inked: the mean Dice over the pictures whose reference has any ink.
- sensitivity, specificity, same_decision: shares of the inked, of the ink-free, and of all pictures.
- balanced_accuracy: the mean of sensitivity and specificity.
- auc: the share of pairs of an inked and an ink-free picture in which the inked one has the larger
  `PictureScore.decision_px`, ties one half. That is the ink of the mask at its one threshold, as SPEC 1
  counts it: networks, rules and their majority are ranked by the very thing that their decision is cut from.
"""


def resample(
    pictures: Sequence[PictureScore],
    patients: Sequence[str],
    *,
    draws: int = DRAWS,
    seed: int = 0,
    is_ranked: bool = True,
) -> Resampled:
    """Compute every figure of pictures, and of resamples of whole patients.

    Args:
        pictures: Any, in the order of the patients.
        patients: Whose each picture is; "" for a patient of its own.
        draws: Of the bootstrap.
        seed: Of the draws.
        is_ranked: Whether the AUC is resampled too, which takes most of the time; else its draws are NaN.
    """
    table = np.array(
        [[column(picture) for column in _RATIOS.values()] for picture in pictures], np.float64
    ).reshape(len(pictures), len(_RATIOS), 2)
    codes = clusters(np.array(patients, dtype=np.str_))
    decided = _Decided.of(pictures, codes)
    ranked = decided if is_ranked else None
    totals = table.sum(axis=0)
    values = dict(zip(_RATIOS, _divided(totals).tolist(), strict=True))
    values |= {
        "balanced_accuracy": (values["sensitivity"] + values["specificity"]) / 2,
        "auc": float(decided.auc(np.ones((1, len(pictures))))[0]),
    }
    counted = table[:, :, 1] > 0
    n = dict(zip(_RATIOS, counted.sum(axis=0).tolist(), strict=True))
    of = {name: len(np.unique(codes[counted[:, number]])) for number, name in enumerate(_RATIOS)}
    return Resampled(
        values=values,
        draws=_drawn(table, codes, ranked, draws=draws, seed=seed),
        n=n | dict.fromkeys(("balanced_accuracy", "auc"), n["same_decision"]),
        n_patients=of | dict.fromkeys(("balanced_accuracy", "auc"), of["same_decision"]),
        successes={name: round(totals[list(_RATIOS).index(name), 0]) for name in SHARES},
        pictures=len(pictures),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Decided:
    """The pictures whose truth on ink is known: rows, what the decision is cut from, what is true."""

    rows: IntArray
    codes: IntArray
    decision_px: FloatArray
    is_inked: np.ndarray[tuple[int], np.dtype[np.bool_]]

    @classmethod
    def of(cls, pictures: Sequence[PictureScore], codes: IntArray) -> "_Decided":
        rows = np.array([i for i, one in enumerate(pictures) if one.is_inked is not None], np.int64)
        known = [pictures[row] for row in rows]
        return cls(
            rows,
            codes[rows],
            np.array([one.decision_px for one in known], np.float64),
            np.array([one.is_inked for one in known], np.bool_),
        )

    def auc(self, weights: FloatArray) -> FloatArray:
        return weighted_auroc(self.decision_px, self.is_inked, weights[:, self.rows])

    def auc_of_patients(self, weights: FloatArray) -> FloatArray:
        return weighted_auroc(self.decision_px, self.is_inked, weights[:, self.codes])


def _drawn(
    table: FloatArray, codes: IntArray, decided: _Decided | None, *, draws: int, seed: int
) -> dict[str, FloatArray]:
    """Return (draws,) of every metric; NaN all with fewer than two patients."""
    patients = int(codes.max()) + 1 if len(codes) else 0
    if patients < 2:
        return {name: np.full(draws, np.nan) for name in METRICS}
    by_patient = np.zeros((patients, *table.shape[1:]))
    np.add.at(by_patient, codes, table)
    ratios, aucs = [], []
    for weights in resampled_weights(patients, draws=draws, rng=np.random.default_rng(seed)):
        ratios.append(_divided(np.tensordot(weights, by_patient, axes=1)))
        aucs.append(np.full(len(weights), np.nan) if decided is None else decided.auc_of_patients(weights))
    drawn = dict(zip(_RATIOS, np.concatenate(ratios).T, strict=True))
    balanced = (drawn["sensitivity"] + drawn["specificity"]) / 2
    return drawn | {"balanced_accuracy": balanced, "auc": np.concatenate(aucs)}


def _divided(totals: FloatArray) -> FloatArray:
    """Divide parts by wholes, the last axis; NaN where there is no whole."""
    parts, wholes = totals[..., 0], totals[..., 1]
    ratios: FloatArray = np.divide(parts, wholes, out=np.full(parts.shape, np.nan), where=wholes > 0)
    return ratios
