"""One model under one method and one aggregator: the row of an audit."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from gsal.audit.contrasts import ClassContrast, class_contrasts
from gsal.audit.data import AuditData
from gsal.audit.global_saliency import (
    ClassSaliency,
    ClassVariance,
    aggregator_agreement,
    by_class,
    inter_class_variance,
)
from gsal.audit.patients import renumbered
from gsal.audit.response_band import ResponseBand, band
from gsal.audit.response_rate import ResponseRate, summarise
from gsal.audit.significance import TestedEffect, class_association
from gsal.audit.trend import Trend, trend_of
from gsal.audit.variance_interval import VarianceEstimate, variance_estimate
from gsal.records import Aggregator

__all__ = ["AuditEntry", "entries_of"]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """The figures of one model, method and aggregator.

    Attributes:
        response: Response rate accuracy over the inked pictures.
        band: Its curve on a common grid, with intervals.
        classes: Mean ink saliency by true class.
        variance: Of the class means.
        association: Whether saliency goes with the true class.
        trend: Whether accuracy falls, or rises, as pictures with more of it are let in.
        agreement: Kendall's tau-b of the class means under mean and under peak, the same in both entries.
        spread: The variance of the class means with its intervals; None in what earlier versions kept.
        contrasts: Each true class against all others; none likewise.
    """

    model: str
    seed: int | None
    cohort: str
    method: str
    aggregator: str
    mask_set: str
    response: ResponseRate
    band: ResponseBand
    classes: tuple[ClassSaliency, ...]
    variance: ClassVariance
    association: TestedEffect
    trend: Trend
    agreement: float
    spread: VarianceEstimate | None = None
    contrasts: tuple[ClassContrast, ...] = ()

    def to_row(self) -> dict[str, Any]:
        """Return the row that `gsal audit --json` prints; undefined figures are None."""
        response = self.response
        figures = {
            "accuracy": response.accuracy,
            "aurrac": response.aurrac,
            "oracle": response.oracle,
            "aurrac_normalised": response.aurrac_normalised,
            "failure_auroc": response.failure_auroc,
            "rank_loss": response.rank_loss,
            "kendall_tau": response.kendall_tau,
            "inter_class_variance": self.variance.value,
        }
        return {
            "model": self.model,
            "seed": self.seed,
            "cohort": self.cohort,
            "method": self.method,
            "aggregator": self.aggregator,
            "mask_set": self.mask_set,
            "n": response.n,
            **{name: _or_none(value) for name, value in figures.items()},
            "classes": [
                {
                    "class": item.name,
                    "mean": _or_none(item.mean),
                    "low": _or_none(item.low),
                    "high": _or_none(item.high),
                    "n": item.n,
                }
                for item in self.classes
            ],
        }


def _or_none(value: float) -> float | None:
    return value if np.isfinite(value) else None


def entries_of(data: AuditData, *, seed: int) -> tuple[AuditEntry, AuditEntry]:
    """Return the entries for mean and peak.

    Each starts its own generator from the seed, so that a figure does not depend on what else is audited.
    """
    classes = {agg: by_class(data, agg, rng=np.random.default_rng(seed)) for agg in Aggregator}
    agreement = aggregator_agreement(classes[Aggregator.MEAN], classes[Aggregator.PEAK])

    def entry(aggregator: Aggregator) -> AuditEntry:
        inked = data.inked
        saliency, correct, codes = data.aggregate(aggregator)[inked], data.correct[inked], data.codes[inked]
        n_patients = renumbered(codes[~np.isnan(saliency)])[1]
        return AuditEntry(
            model=data.model,
            seed=data.seed,
            cohort=data.cohort,
            method=data.method,
            aggregator=aggregator.value,
            mask_set=data.mask_set,
            response=summarise(saliency, correct, n_patients=n_patients),
            band=band(saliency, correct, codes, rng=np.random.default_rng(seed)),
            classes=classes[aggregator],
            variance=inter_class_variance(classes[aggregator]),
            association=class_association(data, aggregator, rng=np.random.default_rng(seed)),
            trend=trend_of(data, aggregator, rng=np.random.default_rng(seed)),
            agreement=agreement,
            spread=variance_estimate(data, aggregator, rng=np.random.default_rng(seed)),
            contrasts=class_contrasts(data, aggregator),
        )

    return entry(Aggregator.MEAN), entry(Aggregator.PEAK)
