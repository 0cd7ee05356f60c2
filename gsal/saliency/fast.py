"""Whether fast mode may be used for a network: its aggregates are held against those in float32."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from torch import Tensor, nn

from gsal.arrays import FloatArray
from gsal.errors import ModelError
from gsal.models.device import has_bfloat16
from gsal.records import COLUMNS, PAPER_METHODS, SaliencyMethod
from gsal.saliency.engine import aggregate_batch, explain
from gsal.saliency.options import Options, Precision

__all__ = ["LEAST_PICTURES", "TOLERANCE", "FastCheck", "check_fast"]

TOLERANCE = 0.1
"""Most that m or n may differ, root mean square, as a share of their spread over pictures and classes; at it
they correlate with r > .99."""

LEAST_PICTURES = 4
"""With ink, for a check to say anything."""


@dataclass(frozen=True, slots=True)
class FastCheck:
    """How far fast mode is from float32.

    Attributes:
        pictures: With ink, that it was checked on.
        mean: Root mean square difference of m over its standard deviation, the largest of the methods.
        peak: The same of n.
    """

    pictures: int
    mean: float
    peak: float

    @property
    def is_within(self) -> bool:
        """Whether both are within the tolerance."""
        return max(self.mean, self.peak) <= TOLERANCE


def check_fast(
    model: nn.Module,
    images: Tensor,
    coverage: FloatArray,
    options: Options,
    methods: Collection[SaliencyMethod] = PAPER_METHODS,
) -> FastCheck:
    """Compare fast mode with float32 on pictures with ink.

    Args:
        model: A classifier; it is left as it was.
        images: (N, channels, H, W), normalised, on the model's device.
        coverage: (N, H, W), the ink's share of each cell.
        options: Of the run that fast mode is wanted for.
        methods: Likewise.

    Raises:
        ModelError: The network has no fast mode, this machine would be slower by it, too few pictures have
            ink, or the aggregates differ by more than the tolerance.
    """
    if not has_bfloat16(images.device):
        raise ModelError("This machine has no bfloat16 arithmetic: fast mode would be slower. Use float32.")
    inked = np.flatnonzero(coverage.any(axis=(1, 2)))
    if len(inked) < LEAST_PICTURES:
        raise ModelError(
            f"Fast mode is checked on pictures with ink, and only {len(inked)} were given; {LEAST_PICTURES} "
            "are needed. Use float32."
        )
    found = {
        precision: _aggregates(
            model, images[inked.tolist()], coverage[inked], methods, replace(options, precision=precision)
        )
        for precision in Precision
    }
    exact, fast = found[Precision.FLOAT32], found[Precision.FAST]
    check = FastCheck(len(inked), _worst(exact, fast, "mean"), _worst(exact, fast, "peak"))
    if not check.is_within:
        raise ModelError(
            f"Fast mode changes this network's aggregates too much: on {check.pictures} pictures m differs "
            f"by {check.mean:.2f} and n by {check.peak:.2f} of their spread, where {TOLERANCE} is allowed. "
            "Use float32."
        )
    return check


def _aggregates(
    model: nn.Module,
    images: Tensor,
    coverage: FloatArray,
    methods: Collection[SaliencyMethod],
    options: Options,
) -> list[FloatArray]:
    explained = explain(model, images, methods, options)
    return [aggregate_batch(explained[method], coverage).values for method in methods]


def _worst(exact: list[FloatArray], fast: list[FloatArray], column: str) -> float:
    which = COLUMNS.index(column)
    return max(_apart(a[..., which], b[..., which]) for a, b in zip(exact, fast, strict=True))


def _apart(exact: FloatArray, fast: FloatArray) -> float:
    error = float(np.sqrt(np.mean((exact - fast) ** 2)))
    spread = float(exact.std())
    return error / spread if spread else float(error > 0)
