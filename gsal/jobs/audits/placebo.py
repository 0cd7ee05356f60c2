"""The placebo of an audit: the same masks over the same pictures, their ink painted over."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from gsal.audit.data import AuditData
from gsal.jobs.pictures.variants import basis_of
from gsal.jobs.saliency.runs import audited_runs
from gsal.project import Project
from gsal.records import COLUMNS, Variant

__all__ = ["placebo_of"]


def placebo_of(project: Project, data: AuditData, masks: Mapping[int, str]) -> AuditData | None:
    """Return what an audit of one model and method would rest on without any ink; None where none is current.

    Only pictures with ink are in it, each with the answer and the map that the network gives without it.
    Pictures whose placebo is missing, or older than their mask, are left out.

    Args:
        project: Whose.
        data: Of the pictures as they are.
        masks: SHA-256 of the present mask of each picture.
    """
    model = project.store.models.get(data.model)
    runs = audited_runs(project.store.saliency.runs(model.id), data.mask_set, Variant.INPAINTED)
    run = next((one for one in runs if one.settings.method == data.method), None)
    if run is None or not run.rows:
        return None
    inked = data.image_ids[data.inked].tolist()
    bases = {i: basis_of(Variant.INPAINTED, masks[i]) for i in inked if i in masks}
    rows = project.store.saliency.table(run.id)
    stored = dict(zip(rows.image_ids.tolist(), rows.mask_sha256, strict=True))
    current = {i: basis for i, basis in bases.items() if stored.get(i) == basis}
    answers = project.store.predictions.all(
        model.id, variant=Variant.INPAINTED, mask_set=data.mask_set, bases=current
    )
    if not answers:
        return None
    kept = data.kept(np.isin(data.image_ids, list(answers)))
    at = np.searchsorted(rows.image_ids, kept.image_ids)
    logits = np.reshape([answers[i].logits for i in kept.image_ids.tolist()], kept.logits.shape)
    predicted = logits.argmax(axis=1).astype(np.int64)
    values = dict(zip(COLUMNS, rows.values[at, predicted].T, strict=True))
    return replace(
        kept,
        logits=logits,
        predicted=predicted,
        explained=predicted,
        mask_area=rows.mask_area[at],
        map_pixels=rows.map_pixels[at],
        **{name: values[name] for name in ("mean", "peak", "map_sum", "map_sum_sq")},
    )
