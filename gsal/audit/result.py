"""An audit of several models: its figures, comparisons and findings, and how it is kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from gsal.audit import plain
from gsal.audit.ablation import Change, changed
from gsal.audit.comparison import VarianceComparison
from gsal.audit.data import AuditData
from gsal.audit.entry import AuditEntry, entries_of
from gsal.audit.evidence import Evidence
from gsal.audit.findings.find import find
from gsal.audit.findings.finding import Finding
from gsal.audit.footing import Footing
from gsal.audit.ink_effect import InkEffect, ink_effect
from gsal.audit.model_pairs import (
    PairedAnswers,
    PairedSaliency,
    comparable,
    pair_performance,
    pair_saliency,
)
from gsal.audit.performance import Performance, performance
from gsal.audit.placebo_entry import PlaceboEntry, placebo_entries
from gsal.audit.replicate_entry import ReplicateEntry, ReplicatePair, replicate_entries
from gsal.audit.shortfall import Shortfall
from gsal.errors import GsalError
from gsal.records import Variant

__all__ = ["DEFAULT_SEED", "AuditResult", "ModelChanges", "audit"]

DEFAULT_SEED = 0
"""Of the bootstraps, so that an audit of the same rows gives the same intervals."""


@dataclass(frozen=True, slots=True)
class ModelChanges:
    """What becomes of one model's answers to inked pictures under each variant that was predicted."""

    model: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class AuditResult:
    """All figures of an audit, the same after being stored.

    Attributes:
        entries: For each model x method x aggregator, in the order given.
        performance: For each model, on all, inked and uninked pictures.
        placebos: For each entry that has one.
        effects: For each model whose inked pictures were predicted without their ink.
        changes: For each model of which variants were predicted.
        saliency_pairs: For each comparable pair of models x method x aggregator.
        answer_pairs: For each comparable pair of models.
        replicates: For each group of trainings that differ in their seed alone x method x aggregator.
        replicate_pairs: For each pair of such groups.
        findings: In words.
        seed: Of the bootstraps.
        shortfalls: What was left out, for it is not complete, and what covers some of the pictures only.
        footings: The pictures and masks of each model; none in what earlier versions kept.
    """

    entries: tuple[AuditEntry, ...]
    performance: tuple[Performance, ...]
    placebos: tuple[PlaceboEntry, ...]
    effects: tuple[InkEffect, ...]
    changes: tuple[ModelChanges, ...]
    saliency_pairs: tuple[PairedSaliency, ...]
    answer_pairs: tuple[PairedAnswers, ...]
    replicates: tuple[ReplicateEntry, ...]
    replicate_pairs: tuple[ReplicatePair, ...]
    findings: tuple[Finding, ...]
    seed: int
    shortfalls: tuple[Shortfall, ...] = ()
    footings: tuple[Footing, ...] = ()

    @property
    def comparisons(self) -> tuple[VarianceComparison, ...]:
        """The inter-class variances of pairs of models."""
        return tuple(one.variance for one in self.saliency_pairs)

    def to_json(self) -> list[dict[str, Any]]:
        """Return the rows of `gsal audit --json`; undefined figures are None."""
        return [entry.to_row() for entry in self.entries]

    def to_stored(self) -> dict[str, Any]:
        """Return everything as plain data for a JSON column: "result", and the printed "rows" beside it."""
        return {"rows": self.to_json(), "result": plain.encode(self)}

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """Return the result that `to_stored` was called on.

        Raises:
            GsalError: An earlier version of the program kept it, with fewer figures.
        """
        try:
            return plain.decode(cls, stored["result"])
        except (KeyError, ValueError):
            raise GsalError(
                "This audit was kept by an earlier version of the program, with fewer figures. Audit again."
            ) from None


def audit(
    evidence: Evidence,
    *,
    seed: int = DEFAULT_SEED,
    track: Callable[[Sequence[AuditData]], Iterable[AuditData]] = iter,
) -> AuditResult:
    """Audit several trained models.

    Args:
        evidence: What is known of them.
        seed: Of the bootstraps and permutations, each of which starts anew from it.
        track: Passes the tables on one by one, where somebody waits and may stop in between.
    """
    tables = evidence.tables
    entries = tuple(entry for item in track(tables) for entry in entries_of(item, seed=seed))
    figures = tuple(
        row
        for item in evidence.first_of_model.values()
        for row in performance(item, rng=np.random.default_rng(seed))
    )
    placebos = tuple(
        entry
        for item in tables
        if (placebo := evidence.placebos.get((item.model, item.method))) is not None
        for entry in placebo_entries(item, placebo, seed=seed)
    )
    effects = tuple(
        ink_effect(evidence.pairs[model]) for model in evidence.first_of_model if model in evidence.pairs
    )
    pairs = comparable(tables)
    saliency_pairs = pair_saliency(pairs, entries, seed=seed)
    answer_pairs = pair_performance(pairs, seed=seed)
    replicates, replicate_pairs = replicate_entries(evidence.groups, entries, figures)
    return AuditResult(
        entries=entries,
        performance=figures,
        placebos=placebos,
        effects=effects,
        changes=_changes(evidence),
        saliency_pairs=saliency_pairs,
        answer_pairs=answer_pairs,
        replicates=replicates,
        replicate_pairs=replicate_pairs,
        findings=find(
            entries,
            figures,
            placebos=placebos,
            effects=effects,
            saliency_pairs=saliency_pairs,
            answer_pairs=answer_pairs,
            replicate_pairs=replicate_pairs,
            ink_rates=evidence.ink_rates,
            shortfalls=evidence.shortfalls,
        ),
        seed=seed,
        shortfalls=evidence.shortfalls,
        footings=evidence.footings,
    )


def _changes(evidence: Evidence) -> tuple[ModelChanges, ...]:
    """Return what each variant that was predicted does to the answers of each model."""
    return tuple(
        ModelChanges(
            model,
            tuple(
                changed(answers[Variant.ORIGINAL], after, variant=str(variant))
                for variant, after in answers.items()
                if variant is not Variant.ORIGINAL and after.n
            ),
        )
        for model in evidence.first_of_model
        if (answers := evidence.answers.get(model))
    )
