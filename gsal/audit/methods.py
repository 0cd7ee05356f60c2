"""What one saliency method is worth on one model: complete, faithful, a sign of errors (SPEC 7, 10, 11)."""

from dataclasses import dataclass

import numpy as np

from gsal.arrays import FloatArray
from gsal.audit.counterfactual import Pairs, Scale
from gsal.audit.data import AuditData
from gsal.audit.faithfulness import Faithfulness, faithfulness_of
from gsal.audit.response_band import band
from gsal.audit.response_rate import summarise
from gsal.records import Aggregator

__all__ = ["Completeness", "FailureOrder", "MethodFigures", "completeness_of", "method_figures"]

_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Completeness:
    """How far the sum of a map is from the logit that it explains.

    Attributes:
        relative_gap: Median over pictures of |gap| / |logit|; 0 where a map accounts for all of its logit.
        n: Pictures with a gap and a logit other than 0.
        reason: Why it is undefined, else "".
    """

    relative_gap: float
    n: int
    reason: str


@dataclass(frozen=True, slots=True)
class FailureOrder:
    """Whether wrong answers come last when pictures are let in by rising ink saliency.

    Attributes:
        aggregator: Of the saliency: m or n.
        normalised: AURRAC between that of a random order (0) and of the oracle (1).
        low, high: 95 % interval; NaN where undefined.
        n: Inked pictures with a defined saliency.
        n_patients: Patients they are of.
        reason: Why it is undefined, else "".
        method: How the interval was made, in words.
    """

    aggregator: str
    normalised: float
    low: float
    high: float
    n: int
    n_patients: int
    reason: str
    method: str


@dataclass(frozen=True, slots=True)
class MethodFigures:
    """One method on one model.

    Attributes:
        method: Slug.
        n: Validation pictures explained.
        n_inked: Those with ink.
        faithfulness: Of m and n, each with the effect on logit and probability; empty while the answers
            without ink are not known.
        failure_order: Of m and n.
    """

    method: str
    n: int
    n_inked: int
    completeness: Completeness
    faithfulness: tuple[Faithfulness, ...]
    failure_order: tuple[FailureOrder, ...]


def completeness_of(gap: FloatArray, logit: FloatArray) -> Completeness:
    """Return the completeness gap relative to the logit (Eq. 1 of the paper).

    Args:
        gap: (N,), sum of the map (plus bias, for Grad-CAM) minus the logit, of the class explained.
        logit: (N,), of that class.

    >>> completeness_of(np.array([0.5, -0.1, 9.0]), np.array([1.0, -1.0, 0.0])).relative_gap
    0.3
    """
    kept = np.isfinite(gap) & np.isfinite(logit) & (logit != 0)
    if not kept.any():
        return Completeness(_NAN, 0, "no picture with a known gap and a logit other than 0")
    return Completeness(float(np.median(np.abs(gap[kept] / logit[kept]))), int(kept.sum()), "")


def method_figures(
    data: AuditData, gap: FloatArray, pairs: Pairs | None, *, seed: int, draws: int = 1000
) -> MethodFigures:
    """Return all figures of a method; each bootstrap starts anew from the seed.

    Args:
        data: All validation pictures under the method.
        gap: (N,), the completeness gap of the class explained.
        pairs: Answers with and without the ink; None while they are not known.
        seed: Of the bootstraps.
        draws: Of each.
    """
    logit = data.logits[np.arange(data.n), data.explained]
    faithfulness = (
        []
        if pairs is None
        else [
            faithfulness_of(data, pairs, aggregator, scale, rng=np.random.default_rng(seed), draws=draws)
            for aggregator in Aggregator
            for scale in Scale
        ]
    )
    return MethodFigures(
        method=data.method,
        n=data.n,
        n_inked=int(data.inked.sum()),
        completeness=completeness_of(gap, logit),
        faithfulness=tuple(faithfulness),
        failure_order=tuple(_failure_order(data, aggregator, seed, draws) for aggregator in Aggregator),
    )


def _failure_order(data: AuditData, aggregator: Aggregator, seed: int, draws: int) -> FailureOrder:
    saliency, correct = data.aggregate(aggregator)[data.inked], data.correct[data.inked]
    found = band(saliency, correct, data.codes[data.inked], rng=np.random.default_rng(seed), draws=draws)
    summary = summarise(saliency, correct)
    interval = found.aurrac_normalised
    return FailureOrder(
        aggregator=str(aggregator),
        normalised=summary.aurrac_normalised,
        low=interval.low,
        high=interval.high,
        n=summary.n,
        n_patients=found.n_patients,
        reason=summary.reasons.get("aurrac_normalised", ""),
        method=found.method,
    )
