"""The figures that the live panels show, computed from what has come in so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

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
from gsal.audit.performance import Subset
from gsal.audit.response_band import ResponseBand, band
from gsal.audit.response_rate import Curve, ResponseRate, curve, summarise

__all__ = ["LIVE_DRAWS", "PLACEBO", "Figures", "Line", "ModelFigures", "Request", "compute"]

PLACEBO = "ink painted over"

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
class Line:
    """Accuracy of some pictures against the share that is let in.

    Attributes:
        name: Which pictures; "" for all.
        curve: The line.
        summary: AURRAC and what stands beside it.
        band: How far chance moves it.
    """

    name: str
    curve: Curve
    summary: ResponseRate
    band: ResponseBand


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
    lines: tuple[Line, ...]
    placebo: tuple[ClassSaliency, ...]
    placebo_line: Line | None

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
        return self.lines[0].summary


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
    rng = np.random.default_rng(0)
    classes = by_class(table, aggregator, rng=rng, draws=request.draws, pool=pool)
    lines = [_line("", table, table.inked, request)]
    in_group = np.isin(np.array(table.classes), sorted(request.group))[table.true_class]
    if request.group & set(table.classes) and not in_group.all():
        name = "+".join(name for name in table.classes if name in request.group)
        lines += [_line(name, table, in_group, request), _line("the rest", table, ~in_group, request)]
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
    rng = np.random.default_rng(0)
    pool = request.scale.pool or pixel_pool(table)
    return {
        "placebo": by_class(placebo, request.scale.aggregator, rng=rng, draws=request.draws, pool=pool),
        "placebo_line": _line(PLACEBO, placebo, placebo.inked, request),
    }


def _line(name: str, table: AuditData, rows: npt.NDArray[np.bool_], request: Request) -> Line:
    some = table.kept(rows & table.inked)
    saliency, correct = some.aggregate(request.scale.aggregator), some.correct
    rng = np.random.default_rng(0)
    return Line(
        name=name,
        curve=curve(saliency, correct),
        summary=summarise(saliency, correct),
        band=band(saliency, correct, some.patient, rng=rng, draws=request.draws),
    )
