"""The sanity check of saliency methods (Adebayo et al. 2018): do maps change when the network forgets?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray
from gsal.records import SaliencyMethod
from gsal.resampling import clusters, percentile_interval, resampled_weights

__all__ = ["AS_TRAINED", "STRONG", "Estimate", "MethodSanity", "Outcome", "StageSimilarity", "method_sanity"]

AS_TRAINED = "as trained"
"""The stage at which nothing is randomised."""

STRONG = 0.5
"""A rank correlation from which maps count as still the same. Adebayo et al. draw curves and name no number:
this one is ours, and what Cohen (1988) calls a large correlation."""

_DRAWS = 2000


class Outcome(StrEnum):
    """What the check came to."""

    PASSES = "passes"
    FAILS = "fails"
    UNDECIDED = "undecided"
    CHANGES_BY_ITSELF = "changes by itself"
    """The random control, which passes for no merit of its own: it is no saliency method."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over pictures with its 95 % interval, by resampling patients.

    Attributes:
        n: Pictures in which it is defined.
    """

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class StageSimilarity:
    """How alike the maps are to those of the network as trained, once a stage and all above are randomised.

    Attributes:
        stage: Dotted name of the module, or `AS_TRAINED`.
        spearman: Rank correlation of the signed maps.
        spearman_absolute: Of their absolute values.
        ssim: Structural similarity of the signed maps, each scaled to its largest absolute value.
    """

    stage: str
    spearman: Estimate
    spearman_absolute: Estimate
    ssim: Estimate

    @property
    def decisive(self) -> Estimate:
        """The larger of both rank correlations, on which an outcome rests."""
        both = (self.spearman, self.spearman_absolute)
        return max(both, key=lambda one: one.mean if np.isfinite(one.mean) else -np.inf)


@dataclass(frozen=True, slots=True)
class MethodSanity:
    """The check of one method on one network.

    Attributes:
        stages: From the network as trained to the one that forgot everything.
        outcome: By `judge`.
        pictures: That were looked at.
        draws: How often new parameters were drawn.
    """

    method: SaliencyMethod
    preset: str
    layer: str
    stages: tuple[StageSimilarity, ...]
    outcome: Outcome
    pictures: int
    draws: int

    @property
    def decisive(self) -> Estimate:
        """The larger rank correlation of the network that forgot everything, on which the outcome rests."""
        return self.stages[-1].decisive

    def is_weaker_than(self, other: "MethodSanity") -> bool:
        """Return whether it rests on fewer pictures or fewer draws than another check."""
        return self.pictures < other.pictures or self.draws < other.draws


def method_sanity(
    method: SaliencyMethod,
    similarity: Mapping[str, FloatArray],
    patients: npt.NDArray[np.str_],
    *,
    preset: str,
    layer: str,
    draws: int,
    seed: int,
) -> MethodSanity:
    """Return what the similarities of a method's maps come to.

    Args:
        method: Which.
        similarity: By stage in order, (N, 3) float64 as in `gsal.saliency.cascade.Compared`.
        patients: (N,), whose pictures these are; "" stands alone.
        preset: Of the maps.
        layer: Of the maps.
        draws: Of new parameters, over which the similarities are means.
        seed: Of the resampling.
    """
    stages = tuple(
        StageSimilarity(stage, *(_estimate(column, patients, seed=seed) for column in values.T))
        for stage, values in similarity.items()
    )
    outcome = judge(method, stages)
    return MethodSanity(method, preset, layer, stages, outcome, pictures=len(patients), draws=draws)


def judge(method: SaliencyMethod, stages: Sequence[StageSimilarity]) -> Outcome:
    """Judge a method by the network that forgot everything.

    It fails if its maps still correlate strongly with the original ones, signed or in absolute value: the
    whole interval of the larger correlation lies at `STRONG` or above. It passes if the whole interval lies
    below, and is undecided else. The interval is that of the pictures, under the parameters that were drawn.
    """
    if method is SaliencyMethod.RANDOM:
        return Outcome.CHANGES_BY_ITSELF
    decisive = stages[-1].decisive
    if decisive.low >= STRONG:
        return Outcome.FAILS
    if decisive.high < STRONG:
        return Outcome.PASSES
    return Outcome.UNDECIDED


def _estimate(values: FloatArray, patients: npt.NDArray[np.str_], *, seed: int) -> Estimate:
    defined = np.isfinite(values)
    if not defined.any():
        return Estimate(np.nan, np.nan, np.nan, 0)
    values, groups = values[defined], clusters(patients[defined])
    mean, count = float(values.mean()), int(groups.max()) + 1
    if count == 1:
        return Estimate(mean, np.nan, np.nan, len(values))
    totals, sizes = np.bincount(groups, values), np.bincount(groups).astype(np.float64)
    rng = np.random.default_rng(seed)
    means = [
        (weights @ totals) / (weights @ sizes) for weights in resampled_weights(count, draws=_DRAWS, rng=rng)
    ]
    return Estimate(mean, *percentile_interval(np.concatenate(means)), len(values))
