"""From what is stored to everything an audit rests on: tables, placebos, answers with ink and without."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from gsal.arrays import FloatArray
from gsal.audit.answers import Answers
from gsal.audit.counterfactual import Pairs
from gsal.audit.data import AuditData
from gsal.audit.evidence import Evidence
from gsal.audit.footing import Footing, footing_of
from gsal.audit.shortfall import Kind, Shortfall
from gsal.jobs.audits.answers import stored_answers
from gsal.jobs.audits.basis import AuditBasis
from gsal.jobs.audits.placebo import placebo_of
from gsal.jobs.audits.rows import finished_tables
from gsal.project import Project
from gsal.records import ModelKind, PredictionRow, Variant

__all__ = ["evidence_of"]

_CHANGED = (Variant.ABLATED, Variant.INPAINTED)
"""Variants of which the answers are part of an audit: all but the ink taken away, and the ink."""


@dataclass(frozen=True, slots=True, eq=False)
class _OfModel:
    """What is known of one model whatever the method: a table of it, and its answers by variant."""

    table: AuditData
    answers: Mapping[Variant, Mapping[int, PredictionRow]]

    def changed(self, variant: Variant) -> tuple[AuditData, FloatArray]:
        """Return the inked pictures of which the answer to a variant is known, and its logits."""
        known = self.answers[variant]
        kept = self.table.kept(np.isin(self.table.image_ids, list(known)))
        logits = [known[i].logits for i in kept.image_ids.tolist()]
        return kept, np.reshape(logits, kept.logits.shape).astype(np.float64)


def evidence_of(basis: AuditBasis, *, names: Collection[str] = (), methods: Collection[str] = ()) -> Evidence:
    """Return what is stored of the models; what is not complete is left out, and named.

    Args:
        basis: Of the models.
        names: Those of them that were asked for by name.
        methods: Slugs of those that were asked for; all there are if empty.

    Raises:
        GsalError: No saliency is complete, or some that was asked for by name is not.
    """
    tables, left_out = finished_tables(basis, names=names, methods=methods)
    models = {model: _of_model(basis, table) for model, table in _first(tables).items()}
    placebos = {
        (one.model, one.method): placebo
        for one in tables
        if (placebo := _placebo(basis, one, models[one.model])) is not None
    }
    return Evidence(
        tables=tuple(tables),
        placebos=placebos,
        pairs={
            name: _pairs(*model.changed(Variant.INPAINTED))
            for name, model in models.items()
            if model.answers[Variant.INPAINTED]
        },
        answers={name: _all_answers(model) for name, model in models.items()},
        groups=_groups(basis.project),
        ink_rates=_ink_rates(basis.project),
        shortfalls=(
            *left_out,
            *_partial_placebos(tables, placebos),
            *(one for variant in _CHANGED for one in _partial_answers(models, variant)),
        ),
        footings=tuple(_footing(basis, model.table) for model in models.values()),
    )


def _first(tables: Collection[AuditData]) -> dict[str, AuditData]:
    """Return a table of each model, whatever its method."""
    found: dict[str, AuditData] = {}
    for one in tables:
        found.setdefault(one.model, one)
    return found


def _of_model(basis: AuditBasis, table: AuditData) -> _OfModel:
    number = next(model.id for model in basis.models if model.name == table.model)
    return _OfModel(
        table, {v: stored_answers(basis.project, number, [table], v, basis.masks) for v in _CHANGED}
    )


def _placebo(basis: AuditBasis, table: AuditData, model: _OfModel) -> AuditData | None:
    return placebo_of(
        basis.project,
        table,
        runs=basis.audited(table.model, Variant.INPAINTED),
        answers=model.answers[Variant.INPAINTED],
    )


def _partial_placebos(
    tables: Collection[AuditData], placebos: Mapping[tuple[str, str], AuditData]
) -> Iterator[Shortfall]:
    """Yield the placebos that do not cover all inked pictures, where there are any at all."""
    for one in tables if placebos else ():
        placebo, expected = placebos.get((one.model, one.method)), int(one.inked.sum())
        n = placebo.n if placebo is not None else 0
        if n < expected:
            yield Shortfall(Kind.PLACEBO, one.model, one.method, n, expected)


def _partial_answers(models: Mapping[str, _OfModel], variant: Variant) -> Iterator[Shortfall]:
    """Yield the models whose answers to a variant do not cover all inked pictures, where there are any."""
    n = {name: len(model.answers[variant]) for name, model in models.items()}
    for name, model in models.items() if any(n.values()) else ():
        expected = int(model.table.inked.sum())
        if n[name] < expected:
            yield Shortfall(Kind.ANSWERS, name, str(variant), n[name], expected)


def _footing(basis: AuditBasis, table: AuditData) -> Footing:
    ids = table.image_ids.tolist()
    return footing_of(table.model, ids, masks=basis.masks, sources=basis.mask_sources(ids))


def _pairs(table: AuditData, without: FloatArray) -> Pairs:
    return Pairs(
        model=table.model,
        classes=table.classes,
        variant=Variant.INPAINTED,
        image_ids=table.image_ids,
        patient=table.patient,
        true_class=table.true_class,
        before=table.logits,
        after=without,
    )


def _all_answers(model: _OfModel) -> dict[Variant, Answers]:
    return {
        Variant.ORIGINAL: _answers(model.table, model.table.logits),
        **{variant: _answers(*model.changed(variant)) for variant in _CHANGED},
    }


def _answers(table: AuditData, logits: FloatArray) -> Answers:
    return Answers(
        model=table.model,
        classes=table.classes,
        image_ids=table.image_ids,
        patient=table.patient,
        true_class=table.true_class,
        probabilities=replace(table, logits=logits).probabilities,
        inked=table.inked,
        uninked=table.uninked,
    )


def _groups(project: Project) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for model in project.store.models.all(ModelKind.CLASSIFIER):
        if model.replicate_group:
            found.setdefault(model.replicate_group, []).append(model.name)
    return found


def _ink_rates(project: Project) -> dict[str, float]:
    """Return P(ink) of each model's training set."""
    rates = {c.name: c.achieved.get("ink_rate") for c in project.store.cohorts.all()}
    models = project.store.models.all()
    return {m.name: rate for m in models if (rate := rates.get(m.cohort)) is not None}
