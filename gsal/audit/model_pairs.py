"""Two trained models side by side: everything that is compared on the pictures that both have."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from gsal.audit.common import common_pictures
from gsal.audit.comparison import VarianceComparison, compare_variance
from gsal.audit.data import AuditData
from gsal.audit.entry import AuditEntry
from gsal.audit.paired import PairedPerformance, paired_performance
from gsal.audit.paired_saliency import ClassDifference, PairedResponse, paired_classes, paired_response
from gsal.audit.signed_rank import SignedRank, paired_confidence, paired_saliency
from gsal.audit.significance import TestedEffect, levene_of_class_means
from gsal.records import Aggregator

__all__ = ["PairedAnswers", "PairedSaliency", "comparable", "pair_performance", "pair_saliency"]


@dataclass(frozen=True, slots=True)
class PairedSaliency:
    """Two models under one method and aggregator.

    Attributes:
        variance: Inter-class variance.
        levene: The paper's test of the class means, descriptive.
        signed_rank: Wilcoxon's test of raw m; under the mean only, else None.
        response: How saliency tells wrong answers.
        classes: Mean ink saliency of each true class.
    """

    first: str
    second: str
    method: str
    aggregator: str
    variance: VarianceComparison
    levene: TestedEffect
    signed_rank: SignedRank | None
    response: PairedResponse
    classes: tuple[ClassDifference, ...]


def comparable(tables: Sequence[AuditData]) -> list[tuple[AuditData, AuditData]]:
    """Return the pairs of models under one method that make a comparison.

    Those that differ in more than their training seed: of two cohorts, or brought along; of trainings with
    seeds, those with the same one; or the only two. They have the same classes and pictures in common.
    """
    models = len({one.model for one in tables})
    return [
        (first, second)
        for first, second in combinations(tables, 2)
        if first.method == second.method and first.model != second.model and first.classes == second.classes
        if models == 2
        or (
            (first.cohort != second.cohort or not first.cohort)
            and (first.seed == second.seed or None in {first.seed, second.seed})
        )
        if len(common_pictures(first.image_ids, second.image_ids)[0])
    ]


def pair_saliency(
    pairs: Sequence[tuple[AuditData, AuditData]], entries: Sequence[AuditEntry], *, seed: int
) -> tuple[PairedSaliency, ...]:
    """Compare each pair under both aggregators.

    Args:
        pairs: Of `comparable`.
        entries: Of all tables, whose class means are compared.
        seed: Of the bootstraps, each of which starts anew from it.
    """
    known = {(one.model, one.method, one.aggregator): one for one in entries}
    return tuple(_of(pair, aggregator, known, seed=seed) for pair in pairs for aggregator in Aggregator)


def _of(
    pair: tuple[AuditData, AuditData],
    aggregator: Aggregator,
    entries: dict[tuple[str, str, str], AuditEntry],
    *,
    seed: int,
) -> PairedSaliency:
    first, second = pair
    means = [entries[one.model, one.method, str(aggregator)].classes for one in pair]
    return PairedSaliency(
        first=first.model,
        second=second.model,
        method=first.method,
        aggregator=str(aggregator),
        variance=compare_variance(first, second, aggregator, rng=np.random.default_rng(seed)),
        levene=levene_of_class_means(*means),
        signed_rank=(
            paired_saliency(first, second, rng=np.random.default_rng(seed))
            if aggregator is Aggregator.MEAN
            else None
        ),
        response=paired_response(first, second, aggregator, rng=np.random.default_rng(seed)),
        classes=paired_classes(first, second, aggregator, rng=np.random.default_rng(seed)),
    )


@dataclass(frozen=True, slots=True)
class PairedAnswers:
    """Two models' answers to the same pictures.

    Attributes:
        subsets: On all, inked and uninked pictures.
        confidence: Wilcoxon's test of the largest probability, on inked pictures.
    """

    first: str
    second: str
    subsets: tuple[PairedPerformance, ...]
    confidence: SignedRank


def pair_performance(pairs: Sequence[tuple[AuditData, AuditData]], *, seed: int) -> tuple[PairedAnswers, ...]:
    """Compare the answers of each pair of models once, whatever the methods."""
    once = {(first.model, second.model): (first, second) for first, second in reversed(pairs)}
    return tuple(
        PairedAnswers(
            first=first.model,
            second=second.model,
            subsets=paired_performance(first, second, rng=np.random.default_rng(seed)),
            confidence=paired_confidence(first, second, rng=np.random.default_rng(seed)),
        )
        for first, second in reversed(once.values())
    )
