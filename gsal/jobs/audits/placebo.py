"""The placebo of an audit: the same masks over the same pictures, their ink painted over."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from gsal.audit.data import AuditData
from gsal.project import Project
from gsal.records import COLUMNS, PredictionRow, SaliencyRun

__all__ = ["placebo_of"]


def placebo_of(
    project: Project,
    data: AuditData,
    *,
    runs: Sequence[SaliencyRun],
    answers: Mapping[int, PredictionRow],
) -> AuditData | None:
    """Return what an audit of one model and method would rest on without any ink; None where none is current.

    Only pictures with ink are in it, each with the answer and the map that the network gives without it.
    Pictures whose placebo is missing, or older than their mask, are left out.

    Args:
        project: Whose.
        data: Of the pictures as they are.
        runs: The model's placebos that audits rest on.
        answers: The model's current ones to pictures whose ink is painted over.
    """
    run = next((one for one in runs if one.settings.method == data.method), None)
    if run is None or not run.rows or not answers:
        return None
    rows = project.store.saliency.table(run.id)
    stored = dict(zip(rows.image_ids.tolist(), rows.mask_sha256, strict=True))
    current = [i for i, answer in answers.items() if stored.get(i) == answer.basis]
    kept = data.kept(np.isin(data.image_ids, current))
    if not kept.n:
        return None
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
