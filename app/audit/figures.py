"""The figures that the live panels show, computed from what has come in so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from app.audit.choosers import Choice
from app.audit.scales import Scale
from gsal.arrays import FloatArray
from gsal.audit.data import AuditData
from gsal.audit.distributions import Distribution, confidence_distributions, saliency_distributions
from gsal.audit.global_saliency import (
    ClassSaliency,
    ClassVariance,
    by_class,
    inter_class_variance,
    pixel_pool,
    scores,
)
from gsal.audit.groups import GroupResponse, by_group, of_classes
from gsal.audit.performance import Subset
from gsal.audit.response_rate import Curve, ResponseRate

__all__ = ["LIVE_DRAWS", "PLACEBO", "Figures", "ModelFigures", "Request", "compute"]

PLACEBO = "ink painted over"
_SEED = 0
"""Of the bootstraps, as in an audit."""

LIVE_DRAWS = 200
"""Of the bootstraps while pictures still come in; afterwards those of the audit."""


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """What to compute.

    Attributes:
        choice: What the figures are of; with its scale.
        parts: By model, of one method.
        placebos: Likewise, of the same pictures without their ink; empty where not computed.
        group: True classes whose accuracy is shown against the rest; none if empty.
        draws: Of the bootstraps.
    """

    choice: Choice
    parts: Mapping[str, Sequence[AuditData]]
    placebos: Mapping[str, Sequence[AuditData]]
    group: frozenset[str]
    draws: int

    @property
    def scale(self) -> Scale:
        """On which saliency is read."""
        return self.choice.scale


@dataclass(frozen=True, slots=True, eq=False)
class ModelFigures:
    """Of one model under one method and aggregator.

    Attributes:
        table: What they are computed from.
        saliency: (N,) float64, of each picture on the chosen scale; NaN without ink.
        confidence: (N,) float64, the largest softmax probability.
        classes: Global saliency of each true class.
        variance: Of the class means.
        lines: Of all pictures; with a group, of that and of the rest beside it.
        placebo: Global saliency of the same masks over the same pictures without their ink, on the same
            scale; empty where it was not computed.
        placebo_line: Accuracy on those pictures; None likewise.
    """

    table: AuditData
    saliency: FloatArray
    confidence: FloatArray
    classes: tuple[ClassSaliency, ...]
    variance: ClassVariance
    lines: tuple[GroupResponse, ...]
    placebo: tuple[ClassSaliency, ...]
    placebo_line: GroupResponse | None

    @property
    def model(self) -> str:
        """Its name."""
        return self.table.model

    @property
    def method(self) -> str:
        """How saliency was computed."""
        return self.table.method

    @property
    def pictures(self) -> int:
        """Pictures seen so far, inked or not."""
        return self.table.n

    @property
    def curve(self) -> Curve:
        """The line of all pictures."""
        return self.lines[0].curve

    @property
    def summary(self) -> ResponseRate:
        """AURRAC of all pictures, and what stands beside it."""
        return self.lines[0].response


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """All that the panels show.

    Attributes:
        choice: What they are of.
        group: Classes whose accuracy is shown against the rest.
        models: In the order given.
        confidence: Of the answers to pictures with ink, by model.
        saliency: z(m) or n of pictures with ink, by model.
    """

    choice: Choice
    group: frozenset[str]
    models: tuple[ModelFigures, ...]
    confidence: tuple[Distribution, ...]
    saliency: tuple[Distribution, ...]

    @classmethod
    def none(cls, choice: Choice) -> "Figures":
        """Return what is shown before anything is known."""
        return cls(choice, frozenset(), (), (), ())


def compute(request: Request) -> Figures:
    """Return the figures of each model, in the order given."""
    tables = [AuditData.joined(parts) for parts in request.parts.values() if parts]
    return Figures(
        choice=request.choice,
        group=request.group,
        models=tuple(_of_model(table, request) for table in tables),
        confidence=confidence_distributions(tables, subset=Subset.INKED),
        saliency=saliency_distributions(tables, request.scale.aggregator, raw=request.scale is Scale.RAW),
    )


def _of_model(table: AuditData, request: Request) -> ModelFigures:
    aggregator, pool = request.scale.aggregator, request.scale.pool
    rng = np.random.default_rng(_SEED)
    classes = by_class(table, aggregator, rng=rng, draws=request.draws, pool=pool)
    everything = of_classes(table, aggregator, table.classes, seed=_SEED, draws=request.draws)
    lines = [replace(everything, name="")]
    group = [name for name in table.classes if name in request.group]
    if group and len(group) < len(table.classes):
        inside, rest = by_group(table, aggregator, group, seed=_SEED, draws=request.draws)
        lines += [inside, replace(rest, name="the rest")]
    return ModelFigures(
        table=table,
        saliency=scores(table, aggregator, pool=pool),
        confidence=table.confidence,
        classes=classes,
        variance=inter_class_variance(classes),
        lines=tuple(lines),
        **_placebo(table, request),
    )


def _placebo(table: AuditData, request: Request) -> dict[str, Any]:
    parts = request.placebos.get(table.model, ())
    if not parts:
        return {"placebo": (), "placebo_line": None}
    # What is stored may be of pictures that the running job has not come to again.
    placebo = AuditData.joined(parts)
    placebo = placebo.kept(np.isin(placebo.image_ids, table.image_ids))
    aggregator, rng = request.scale.aggregator, np.random.default_rng(_SEED)
    line = of_classes(placebo, aggregator, placebo.classes, seed=_SEED, draws=request.draws)
    pool = request.scale.pool or pixel_pool(table)
    return {
        "placebo": by_class(placebo, request.scale.aggregator, rng=rng, draws=request.draws, pool=pool),
        "placebo_line": replace(line, name=PLACEBO),
    }
