"""Trainings that differ in their seed alone: figures with the seed as unit, for claims about training data.

Pictures tell how sure a figure of one trained network is. What the data it was trained on do shows in how
figures vary between trainings (BIAS-LAB.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
from scipy import stats

from gsal.audit.global_saliency import ClassSaliency, ClassVariance
from gsal.audit.performance import Performance
from gsal.audit.response_rate import ResponseRate

__all__ = [
    "ENOUGH_SEEDS",
    "Column",
    "Replicates",
    "SeedEstimate",
    "SeedFigures",
    "SeedValue",
    "columns",
    "defined_in",
    "mean_of_folds",
    "replicates",
    "seed_figures",
    "strength_of",
]

ENOUGH_SEEDS = 5
"""Of each group, for a claim about training data."""

_NAN = float("nan")

Column: TypeAlias = dict[int, float]
"""A figure by seed."""


@dataclass(frozen=True, slots=True)
class SeedFigures:
    """The figures of one training, of one saliency method and aggregator; NaN where undefined.

    Attributes:
        variance: Inter-class variance, raw.
        noise_corrected: The same minus the mean squared standard error.
        class_means: By class, the mean of z(m) or of n.
    """

    variance: float
    noise_corrected: float
    aurrac_normalised: float
    failure_auroc: float
    macro_auroc: float
    class_means: dict[str, float]


@dataclass(frozen=True, slots=True)
class SeedValue:
    """One training's value of a figure."""

    seed: int
    value: float


@dataclass(frozen=True, slots=True)
class SeedEstimate:
    """A figure's mean over trainings with its 95 % t interval; NaN where undefined.

    Attributes:
        name: Field of `SeedFigures`, or the class.
        n: Trainings in which it is defined.
        values: Of those, by seed.
        reason: Why something is undefined, else "".
        method: How the interval was made, in words.
    """

    name: str
    estimate: float
    low: float
    high: float
    n: int
    values: tuple[SeedValue, ...]
    reason: str
    method: str = "t interval over training seeds"


@dataclass(frozen=True, slots=True)
class Replicates:
    """One recipe on one cohort, trained with several seeds.

    Attributes:
        seeds: In order.
        figures: All but the class means.
        classes: Mean ink saliency by class.
        strength: What the number of seeds allows to say.
    """

    seeds: tuple[int, ...]
    figures: tuple[SeedEstimate, ...]
    classes: tuple[SeedEstimate, ...]
    strength: str


def seed_figures(
    classes: Sequence[ClassSaliency],
    variance: ClassVariance,
    response: ResponseRate,
    performance: Performance,
) -> SeedFigures:
    """Return one training's figures from those of its audit.

    Args:
        classes: Of one method and aggregator.
        variance: Of these.
        response: Of the same method and aggregator.
        performance: On all pictures.
    """
    return SeedFigures(
        variance=variance.value,
        noise_corrected=variance.noise_corrected,
        aurrac_normalised=response.aurrac_normalised,
        failure_auroc=response.failure_auroc,
        macro_auroc=performance.auroc,
        class_means={item.name: item.mean for item in classes},
    )


def mean_of_folds(folds: Sequence[SeedFigures]) -> SeedFigures:
    """Return the mean figures of the networks of one seed's cross-validation, which count as one training.

    A figure undefined in one fold is undefined.

    Raises:
        ValueError: No fold, or folds of different classes.
    """
    if len({tuple(item.class_means) for item in folds}) != 1:
        raise ValueError("expected at least one fold, all with the same classes")
    names = [item.name for item in fields(SeedFigures) if item.name != "class_means"]
    means = {name: float(np.mean([getattr(item, name) for item in folds])) for name in names}
    classes = {
        name: float(np.mean([item.class_means[name] for item in folds])) for name in folds[0].class_means
    }
    return SeedFigures(**means, class_means=classes)


def replicates(trainings: Mapping[int, SeedFigures]) -> Replicates:
    """Return every figure's mean over the trainings, with an interval where there are two or more.

    Args:
        trainings: By seed; of one cohort, recipe and fold scheme.

    Raises:
        ValueError: Trainings with different classes.
    """
    seeds = tuple(sorted(trainings))
    figures, classes = columns(trainings)
    return Replicates(
        seeds=seeds,
        figures=tuple(_over_seeds(name, values) for name, values in figures.items()),
        classes=tuple(_over_seeds(name, values) for name, values in classes.items()),
        strength=strength_of(len(seeds)),
    )


def columns(trainings: Mapping[int, SeedFigures]) -> tuple[dict[str, Column], dict[str, Column]]:
    """Return the values by name and seed: of the figures, and of the class means.

    Raises:
        ValueError: Trainings with different classes.
    """
    classes = {tuple(item.class_means) for item in trainings.values()}
    if len(classes) > 1:
        raise ValueError("the trainings have different classes")
    seeds = sorted(trainings)
    names = [item.name for item in fields(SeedFigures) if item.name != "class_means"]
    figures = {name: {seed: float(getattr(trainings[seed], name)) for seed in seeds} for name in names}
    means = {
        name: {seed: trainings[seed].class_means[name] for seed in seeds} for item in classes for name in item
    }
    return figures, means


def defined_in(values: Column) -> Column:
    """Leave out the trainings in which a figure is undefined."""
    return {seed: value for seed, value in values.items() if np.isfinite(value)}


def strength_of(least: int) -> str:
    """Say what figures over so many training seeds, in the smaller group, are evidence of."""
    if least >= ENOUGH_SEEDS:
        return "training seeds are the unit: speaks about the training data"
    return f"needs ≥ {ENOUGH_SEEDS} seeds"


def _over_seeds(name: str, column: Column) -> SeedEstimate:
    defined = defined_in(column)
    values = np.array(list(defined.values()))
    pairs = tuple(SeedValue(seed, value) for seed, value in defined.items())
    n, mean = len(values), float(values.mean()) if len(values) else _NAN
    if n < 2:
        reason = "one training seed: no interval" if n else "undefined in every training"
        return SeedEstimate(name, mean, _NAN, _NAN, n, pairs, reason)
    reach = float(stats.t.ppf(0.975, n - 1)) * float(values.std(ddof=1)) / n**0.5
    return SeedEstimate(name, mean, mean - reach, mean + reach, n, pairs, "")
