"""Networks that differ in their training seed alone, with the seed as the unit of chance (SPEC 9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from gsal.audit.entry import AuditEntry
from gsal.audit.performance import Performance, Subset
from gsal.audit.seed_comparison import SeedDifference, compare_replicates
from gsal.audit.seeds import Replicates, SeedFigures, mean_of_folds, replicates, seed_figures

__all__ = ["ReplicateEntry", "ReplicatePair", "replicate_entries"]


@dataclass(frozen=True, slots=True)
class ReplicateEntry:
    """One group of replicates under one method and aggregator."""

    group: str
    method: str
    aggregator: str
    figures: Replicates


@dataclass(frozen=True, slots=True)
class ReplicatePair:
    """Two groups under one method and aggregator."""

    first: str
    second: str
    method: str
    aggregator: str
    differences: tuple[SeedDifference, ...]


def replicate_entries(
    groups: Mapping[str, Sequence[str]], entries: Sequence[AuditEntry], performance: Sequence[Performance]
) -> tuple[tuple[ReplicateEntry, ...], tuple[ReplicatePair, ...]]:
    """Return the figures of each group of two seeds or more, and of each pair of such groups.

    Args:
        groups: Names of the models of each group.
        entries: Of all models.
        performance: Likewise.
    """
    overall = {one.model: one for one in performance if one.subset is Subset.ALL}
    group_of = {model: group for group, models in groups.items() for model in models}
    trainings: dict[tuple[str, str], dict[str, dict[int, list[SeedFigures]]]] = {}
    for one in entries:
        if one.model not in group_of or one.seed is None or one.model not in overall:
            continue
        figures = seed_figures(one.classes, one.variance, one.response, overall[one.model])
        of_group = trainings.setdefault((one.method, one.aggregator), {})
        of_group.setdefault(group_of[one.model], {}).setdefault(one.seed, []).append(figures)
    found, pairs = [], []
    for (method, aggregator), by_group in trainings.items():
        seeded = {
            group: {seed: mean_of_folds(folds) for seed, folds in by_seed.items()}
            for group, by_seed in by_group.items()
            if len(by_seed) > 1
        }
        found += [ReplicateEntry(group, method, aggregator, replicates(of)) for group, of in seeded.items()]
        pairs += [
            ReplicatePair(
                first, second, method, aggregator, compare_replicates(seeded[first], seeded[second])
            )
            for first, second in combinations(seeded, 2)
            if _classes(seeded[first]) == _classes(seeded[second])
        ]
    return tuple(found), tuple(pairs)


def _classes(trainings: Mapping[int, SeedFigures]) -> set[tuple[str, ...]]:
    return {tuple(one.class_means) for one in trainings.values()}
