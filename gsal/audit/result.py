"""An audit of several models: its figures, comparisons and findings, and how it is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Self

import numpy as np

from gsal.audit import plain
from gsal.audit.comparison import VarianceComparison, compare_variance
from gsal.audit.data import AuditData
from gsal.audit.entry import AuditEntry, entries_of
from gsal.audit.findings import Finding, find
from gsal.audit.performance import Performance, performance
from gsal.records import Aggregator

__all__ = ["DEFAULT_SEED", "AuditResult", "audit"]

DEFAULT_SEED = 0
"""Of the bootstraps, so that an audit of the same rows gives the same intervals."""


@dataclass(frozen=True, slots=True)
class AuditResult:
    """All figures of an audit; equal to itself after being stored.

    Attributes:
        entries: For each model x method x aggregator, in the order given.
        performance: For each model, on all, inked and uninked pictures.
        comparisons: For each comparable pair of models x method x aggregator.
        findings: In words.
        seed: Of the bootstraps.
    """

    entries: tuple[AuditEntry, ...]
    performance: tuple[Performance, ...]
    comparisons: tuple[VarianceComparison, ...]
    findings: tuple[Finding, ...]
    seed: int

    def to_json(self) -> list[dict[str, Any]]:
        """Return the rows of `gsal audit --json`; undefined figures are None."""
        return [entry.to_row() for entry in self.entries]

    def to_stored(self) -> dict[str, Any]:
        """Return everything as plain data for a JSON column: "result", and the printed "rows" beside it."""
        return {"rows": self.to_json(), "result": plain.encode(self)}

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """Return the result that `to_stored` was called on."""
        return plain.decode(cls, stored["result"])


def _comparable(first: AuditData, second: AuditData, *, models: int) -> bool:
    """Whether two make a pair: one method, and models of different cohorts and one seed, or the only two."""
    if first.method != second.method or first.model == second.model or first.classes != second.classes:
        return False
    return models == 2 or (first.cohort != second.cohort and first.seed == second.seed)


def _compare(data: Sequence[AuditData], seed: int) -> tuple[VarianceComparison, ...]:
    models = len({item.model for item in data})
    return tuple(
        compare_variance(first, second, aggregator, rng=np.random.default_rng(seed))
        for first, second in combinations(data, 2)
        if _comparable(first, second, models=models)
        for aggregator in Aggregator
    )


def audit(
    data: Sequence[AuditData], *, ink_rates: Mapping[str, float] | None = None, seed: int = DEFAULT_SEED
) -> AuditResult:
    """Audit several trained models on the same validation pictures.

    Args:
        data: One per model and method, each with all validation pictures.
        ink_rates: By model, the share of inked pictures in its training set, where known; a finding says when
            compared models differ in it.
        seed: Of the bootstraps.

    Raises:
        ValueError: The same model and method twice.
    """
    if len({(item.model, item.method) for item in data}) != len(data):
        raise ValueError("a model and method were given twice")
    entries = tuple(entry for item in data for entry in entries_of(item, seed=seed))
    first_of_model = {item.model: item for item in reversed(data)}
    models = dict.fromkeys(item.model for item in data)
    figures = tuple(
        row for model in models for row in performance(first_of_model[model], rng=np.random.default_rng(seed))
    )
    comparisons = _compare(data, seed)
    findings = find(entries, figures, comparisons, ink_rates=ink_rates or {})
    return AuditResult(entries, figures, comparisons, findings, seed)
