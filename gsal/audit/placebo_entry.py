"""The placebo of one model, method and aggregator, beside its row of the audit."""

from dataclasses import dataclass

import numpy as np

from gsal.audit.data import AuditData
from gsal.audit.global_saliency import ClassSaliency, pixel_pool
from gsal.audit.placebo import (
    Placebo,
    PlaceboResponse,
    placebo_by_class,
    placebo_response,
    with_and_without,
)
from gsal.audit.variance_interval import VarianceEstimate, variance_estimate
from gsal.records import Aggregator

__all__ = ["PlaceboEntry", "placebo_entries"]


@dataclass(frozen=True, slots=True)
class PlaceboEntry:
    """The same masks over the same pictures, their ink painted over.

    Attributes:
        classes: Its mean by true class, on the scale of the pictures as they are.
        reading: What the ink itself adds, by class and overall.
        response: How both tell wrong answers.
        spread: The variance of its class means with its intervals; None in what earlier versions kept.
    """

    model: str
    method: str
    aggregator: str
    classes: tuple[ClassSaliency, ...]
    reading: Placebo
    response: PlaceboResponse
    spread: VarianceEstimate | None = None


def placebo_entries(original: AuditData, placebo: AuditData, *, seed: int) -> tuple[PlaceboEntry, ...]:
    """Return the entries for mean and peak; each bootstrap starts anew from the seed."""
    return tuple(
        PlaceboEntry(
            model=original.model,
            method=original.method,
            aggregator=str(aggregator),
            classes=placebo_by_class(original, placebo, aggregator, rng=np.random.default_rng(seed)),
            reading=with_and_without(original, placebo, aggregator, rng=np.random.default_rng(seed)),
            response=placebo_response(original, placebo, aggregator, rng=np.random.default_rng(seed)),
            spread=variance_estimate(
                placebo, aggregator, rng=np.random.default_rng(seed), pool=pixel_pool(original)
            ),
        )
        for aggregator in Aggregator
    )
