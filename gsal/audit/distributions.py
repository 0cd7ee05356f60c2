"""How confidence and ink saliency are distributed, by model, on one grid for all (Figs. 6 and 7)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from gsal.arrays import FloatArray
from gsal.audit.data import AuditData
from gsal.audit.global_saliency import scores
from gsal.audit.performance import Subset
from gsal.records import Aggregator

__all__ = [
    "BINS",
    "POINTS",
    "Distribution",
    "confidence_distributions",
    "distributions",
    "saliency_distributions",
]

BINS = 40
POINTS = 201

_PER_WIDTH = 50
"""Values are counted in cells of a fiftieth of the kernel's width, fewer than there are values."""

_SAME = "all values are the same, or as good as"
_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Distribution:
    """The values of one model; NaN or empty where undefined.

    Attributes:
        name: Of the model.
        n: Values.
        left_out: Pictures without one.
        median, lower_quartile, upper_quartile: Of the values.
        edges: BINS + 1 numbers, the same for all models.
        counts: BINS whole numbers.
        grid: POINTS numbers, the same for all models.
        density: POINTS numbers, a Gaussian kernel density; empty where undefined.
        reason: Why there is no density, else "".
        method: How it was made, in words.
    """

    name: str
    n: int
    left_out: int
    median: float
    lower_quartile: float
    upper_quartile: float
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    grid: tuple[float, ...]
    density: tuple[float, ...]
    reason: str
    method: str = "Gaussian kernel, width by Scott's rule, mirrored at the ends of the scale"


def confidence_distributions(
    data: Sequence[AuditData], *, subset: Subset = Subset.ALL
) -> tuple[Distribution, ...]:
    """Return the distributions of the largest softmax probability (Fig. 6), from 0 to 1.

    Args:
        data: One per model.
        subset: Which pictures are taken.
    """
    values = []
    for item in data:
        rows = {Subset.ALL: np.ones(item.n, np.bool_), Subset.INKED: item.inked, Subset.UNINKED: item.uninked}
        values.append((item.model, item.confidence[rows[subset]]))
    return distributions(values, ends=(0.0, 1.0))


def saliency_distributions(
    data: Sequence[AuditData], aggregator: Aggregator, *, raw: bool = False
) -> tuple[Distribution, ...]:
    """Return the distributions of ink saliency over the inked pictures (Fig. 7).

    Args:
        data: One per model.
        aggregator: MEAN for z(m), PEAK for n, which lies from 0 to 1.
        raw: m as it is instead of z(m).
    """
    values = [
        (item.model, (item.aggregate(aggregator) if raw else scores(item, aggregator))[item.inked])
        for item in data
    ]
    return distributions(values, ends=(0.0, 1.0) if aggregator is Aggregator.PEAK else None)


def distributions(
    values: Sequence[tuple[str, FloatArray]], *, ends: tuple[float, float] | None = None
) -> tuple[Distribution, ...]:
    """Return the distributions of several models' values on a common grid.

    Args:
        values: Name and (n,) float64 of each; what is not finite is left out.
        ends: Of the scale, where the density is mirrored; None for one without, which then reaches from the
            least of all values to the largest.
    """
    kept = [item[np.isfinite(item)] for _, item in values]
    pooled = np.concatenate([*kept, np.zeros(0)])
    if ends is None and len(pooled):
        low, high = float(pooled.min()), float(pooled.max())
        span = (low, high) if high > low else (low - 0.5, high + 0.5)
    else:
        span = ends or (0.0, 1.0)
    grid, edges = np.linspace(*span, POINTS), np.linspace(*span, BINS + 1)
    found = []
    for (name, every), defined in zip(values, kept, strict=True):
        density, reason = _density(defined, grid, ends)
        quartiles = np.percentile(defined, [25, 50, 75]) if len(defined) else np.full(3, _NAN)
        found.append(
            Distribution(
                name=name,
                n=len(defined),
                left_out=len(every) - len(defined),
                median=float(quartiles[1]),
                lower_quartile=float(quartiles[0]),
                upper_quartile=float(quartiles[2]),
                edges=tuple(edges.tolist()),
                counts=tuple(np.histogram(defined, edges)[0].tolist()),
                grid=tuple(grid.tolist()),
                density=tuple(density.tolist()),
                reason=reason,
            )
        )
    return tuple(found)


def _density(
    values: FloatArray, grid: FloatArray, ends: tuple[float, float] | None
) -> tuple[FloatArray, str]:
    """Return the density on the grid, or none and why."""
    nothing = np.zeros(0)
    if len(values) < 2:
        return nothing, "one picture has no distribution" if len(values) else "no picture"
    # Equal numbers may differ in their last digits.
    if np.ptp(values) <= 1e-12 * float(np.abs(values).max()):
        return nothing, _SAME
    # A kernel narrower than the grid's step would fall between its points.
    width = max(float(values.std(ddof=1)) * len(values) ** -0.2, float(grid[1] - grid[0]))
    cells, counts = np.unique(np.round(values / width * _PER_WIDTH), return_counts=True)
    centres = cells * width / _PER_WIDTH
    if len(centres) < 2:
        return nothing, _SAME
    kernel = stats.gaussian_kde(centres, weights=counts)
    kernel.set_bandwidth(width / float(np.sqrt(kernel.covariance[0, 0])) * kernel.factor)
    points = [grid]
    if ends is not None:
        # Of few values the kernel may be as wide as the scale, and is mirrored at both ends in turn.
        turns = 2 * (ends[1] - ends[0]) * np.arange(-1, 2)
        points = [side + turn for turn in turns for side in (grid, 2 * ends[0] - grid)]
    return np.asarray(sum(kernel(side) for side in points), dtype=np.float64), ""
