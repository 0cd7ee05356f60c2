"""The figures that the live panels show, computed from what has come in so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.audit.choosers import Choice
from app.audit.scales import Scale
from gsal.arrays import FloatArray
from gsal.audit.data import AuditData
from gsal.audit.distributions import Distribution, confidence_distributions, saliency_distributions
from gsal.audit.global_saliency import ClassSaliency, PixelPool, by_class, pixel_pool, scores
from gsal.audit.groups import (
    FoldCurves,
    GroupResponse,
    by_group,
    cross_validations,
    of_classes,
    over_folds,
)
from gsal.audit.performance import Subset
from gsal.audit.response_rate import Curve, ResponseRate
from gsal.audit.variance_interval import VarianceEstimate, variance_estimate

__all__ = ["LIVE_DRAWS", "PLACEBO", "Figures", "ModelFigures", "Reading", "Request", "compute"]

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
class Reading:
    """What the maps have on the ink of some pictures, and how that goes with the answers.

    Attributes:
        classes: Global saliency of each true class.
        variance: Of the class means.
        lines: Accuracy of all pictures; with a group, of that and of the rest beside it.
    """

    classes: tuple[ClassSaliency, ...]
    variance: VarianceEstimate
    lines: tuple[GroupResponse, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ModelFigures:
    """Of one model under one method and aggregator.

    Attributes:
        table: What they are computed from.
        saliency: (N,) float64, of each picture on the chosen scale; NaN without ink.
        confidence: (N,) float64, the largest softmax probability.
        reading: Of the pictures as they are.
        placebo: Of the same masks over the same pictures without their ink, on the same scale; None where
            it was not computed.
    """

    table: AuditData
    saliency: FloatArray
    confidence: FloatArray
    reading: Reading
    placebo: Reading | None

    @property
    def model(self) -> str:
        """Its name."""
        return self.table.model

    @property
    def method(self) -> str:
        """How saliency was computed."""
        return self.table.method

    @property
    def classes(self) -> tuple[ClassSaliency, ...]:
        """Global saliency of each true class."""
        return self.reading.classes

    @property
    def pictures(self) -> int:
        """Pictures seen so far, inked or not."""
        return self.table.n

    @property
    def curve(self) -> Curve:
        """The line of all pictures."""
        return self.reading.lines[0].curve

    @property
    def summary(self) -> ResponseRate:
        """AURRAC of all pictures, and what stands beside it."""
        return self.reading.lines[0].response


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """All that the panels show.

    Attributes:
        choice: What they are of.
        group: Classes whose accuracy is shown against the rest.
        models: In the order given.
        confidence: Of the answers to pictures with ink, by model.
        saliency: That of pictures with ink on the chosen scale, by model.
        folds: Of each cross-validation, by its name, the curves of its networks; those of the group, if any.
    """

    choice: Choice
    group: frozenset[str]
    models: tuple[ModelFigures, ...]
    confidence: tuple[Distribution, ...]
    saliency: tuple[Distribution, ...]
    folds: Mapping[str, FoldCurves]

    @classmethod
    def none(cls, choice: Choice) -> "Figures":
        """Return what is shown before anything is known."""
        return cls(choice, frozenset(), (), (), (), {})


def compute(request: Request) -> Figures:
    """Return the figures of each model, in the order given."""
    scale = request.scale
    tables = [scale.of(AuditData.joined(parts)) for parts in request.parts.values() if parts]
    return Figures(
        choice=request.choice,
        group=request.group,
        models=tuple(_of_model(table, request) for table in tables),
        confidence=confidence_distributions(tables, subset=Subset.INKED),
        saliency=saliency_distributions(tables, scale.aggregator, raw=scale.pool is not None),
        folds={
            name: over_folds(folds, scale.aggregator, classes=_in_group(folds[0], request.group) or None)
            for name, folds in cross_validations(tables).items()
        },
    )


def _of_model(table: AuditData, request: Request) -> ModelFigures:
    pool = request.scale.pool or pixel_pool(table)
    return ModelFigures(
        table=table,
        saliency=scores(table, request.scale.aggregator, pool=pool),
        confidence=table.confidence,
        reading=_reading(table, request, pool),
        placebo=_placebo(table, request, pool),
    )


def _placebo(table: AuditData, request: Request, pool: PixelPool) -> Reading | None:
    parts = request.placebos.get(table.model, ())
    if not parts:
        return None
    # What is stored may be of pictures that the running job has not come to again.
    placebo = request.scale.of(AuditData.joined(parts))
    return _reading(placebo.kept(np.isin(placebo.image_ids, table.image_ids)), request, pool)


def _reading(table: AuditData, request: Request, pool: PixelPool) -> Reading:
    aggregator, draws = request.scale.aggregator, request.draws
    everything = of_classes(table, aggregator, table.classes, seed=_SEED, draws=draws)
    lines = [replace(everything, name="")]
    group = _in_group(table, request.group)
    if group and len(group) < len(table.classes):
        inside, rest = by_group(table, aggregator, group, seed=_SEED, draws=draws)
        lines += [inside, replace(rest, name="the rest")]
    return Reading(
        classes=by_class(table, aggregator, rng=np.random.default_rng(_SEED), draws=draws, pool=pool),
        variance=variance_estimate(
            table, aggregator, rng=np.random.default_rng(_SEED), draws=draws, pool=pool
        ),
        lines=tuple(lines),
    )


def _in_group(table: AuditData, group: frozenset[str]) -> list[str]:
    """Return the classes of the group that the model knows, in the order of its logits."""
    return [name for name in table.classes if name in group]
