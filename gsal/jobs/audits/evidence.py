"""From what is stored to everything an audit rests on: tables, placebos, answers with ink and without."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from gsal.arrays import FloatArray
from gsal.audit.answers import Answers
from gsal.audit.counterfactual import Pairs
from gsal.audit.data import AuditData
from gsal.audit.evidence import Evidence
from gsal.jobs.audits.placebo import placebo_of
from gsal.jobs.audits.rows import audit_data
from gsal.jobs.pictures.variants import basis_of
from gsal.project import Project
from gsal.records import MaskSet, ModelKind, Variant

__all__ = ["evidence_of"]

_CHANGED = (Variant.ABLATED, Variant.INPAINTED)
"""Variants of which the answers are part of an audit: all but the ink taken away, and the ink."""


def evidence_of(project: Project, names: Iterable[str], *, mask_set: str) -> Evidence:
    """Return what is stored of these models over a mask set; what was not computed is left out.

    Args:
        project: Whose.
        names: Of classifiers; all that are ready if empty.
        mask_set: The masks the figures rest on.

    Raises:
        GsalError: Saliency was not computed yet, or for some pictures only.
    """
    tables = tuple(audit_data(project, names, mask_set=mask_set))
    masks = project.store.masks.hashes(MaskSet(mask_set))
    placebos = {
        (one.model, one.method): placebo
        for one in tables
        if (placebo := placebo_of(project, one, masks)) is not None
    }
    first = {one.model: one for one in reversed(tables)}
    changed = {
        model: {variant: _changed(project, table, variant, masks) for variant in _CHANGED}
        for model, table in first.items()
    }
    return Evidence(
        tables=tables,
        placebos=placebos,
        pairs={
            model: _pairs(*of_model[Variant.INPAINTED])
            for model, of_model in changed.items()
            if of_model[Variant.INPAINTED][0].n
        },
        answers={
            model: {
                Variant.ORIGINAL: _answers(first[model], first[model].logits),
                **{variant: _answers(table, logits) for variant, (table, logits) in of_model.items()},
            }
            for model, of_model in changed.items()
        },
        groups=_groups(project),
        ink_rates=_ink_rates(project),
    )


def _changed(
    project: Project, table: AuditData, variant: Variant, masks: Mapping[int, str]
) -> tuple[AuditData, FloatArray]:
    """Return the inked pictures of which the answer to a variant is stored and current, and its logits."""
    model = project.store.models.get(table.model)
    bases = {i: basis_of(variant, masks[i]) for i in table.image_ids[table.inked].tolist() if i in masks}
    stored = project.store.predictions.all(model.id, variant=variant, mask_set=table.mask_set, bases=bases)
    kept = table.kept(np.isin(table.image_ids, list(stored)))
    logits = [stored[i].logits for i in kept.image_ids.tolist()]
    return kept, np.reshape(logits, kept.logits.shape).astype(np.float64)


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
