"""The figures that the live panels show, computed from what has come in so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gsal.audit.data import AuditData
from gsal.audit.global_saliency import ClassSaliency, by_class
from gsal.audit.response_rate import Curve, ResponseRate, curve, summarise
from gsal.records import Aggregator

__all__ = ["LIVE_DRAWS", "ModelFigures", "Request", "compute"]

LIVE_DRAWS = 200
"""Of the bootstrap of n while pictures still come in; afterwards those of the audit."""


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """What to compute.

    Attributes:
        parts: By model, of one method.
        placebos: Likewise, of the same pictures without their ink; empty where not computed.
        draws: Of the bootstrap.
    """

    parts: Mapping[str, Sequence[AuditData]]
    placebos: Mapping[str, Sequence[AuditData]]
    aggregator: Aggregator
    draws: int


@dataclass(frozen=True, slots=True, eq=False)
class ModelFigures:
    """Of one model.

    Attributes:
        pictures: Validation pictures seen so far, inked or not.
        classes: Global saliency of each true class.
        curve: Accuracy against the share of pictures let in.
        summary: AURRAC and what stands beside it.
    """

    model: str
    method: str
    pictures: int
    classes: tuple[ClassSaliency, ...]
    curve: Curve
    summary: ResponseRate


def compute(request: Request) -> list[ModelFigures]:
    """Return the figures of each model, in the order given."""
    return [_of_model(AuditData.joined(parts), request) for parts in request.parts.values() if parts]


def _of_model(data: AuditData, request: Request) -> ModelFigures:
    saliency = data.aggregate(request.aggregator)
    return ModelFigures(
        model=data.model,
        method=data.method,
        pictures=data.n,
        classes=by_class(data, request.aggregator, rng=np.random.default_rng(0), draws=request.draws),
        curve=curve(saliency, data.correct),
        summary=summarise(saliency, data.correct),
    )
