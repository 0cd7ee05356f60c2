"""Storing what a batch comes to, in the process that can write, and telling the live panels of it."""

from collections.abc import Iterator, Mapping

import numpy as np

from gsal.distributed import gathered
from gsal.jobs.saliency.explain import Answers
from gsal.jobs.saliency.plan import rests_on
from gsal.jobs.saliency.runs import unusual_text
from gsal.progress import JobContext, SaliencyBatch
from gsal.project import Project
from gsal.records import COLUMNS, ImageRecord, ModelRecord, SaliencyRun

__all__ = ["keep"]


def keep(
    project: Project,
    model: ModelRecord,
    runs: Mapping[int, SaliencyRun],
    images: Mapping[int, ImageRecord],
    answers: Answers,
    ctx: JobContext,
) -> None:
    """Store a batch: each process its own where it can write, else the first those of all.

    Args:
        project: Whose.
        model: That was explained.
        runs: By number.
        images: Of this process's batch, by number.
        answers: Of this process's batch; of other processes' too, which meet here.
        ctx: Where the panels hear of each run's batch, once it is stored.
    """
    if not project.read_only:
        for run_id in _store(project, model, answers):
            ctx.emit(_event(project, model, runs[run_id], images, answers))
    for sent in gathered(answers if project.read_only else None):
        if sent is not None:
            for _ in _store(project, model, sent):
                pass


def _store(project: Project, model: ModelRecord, answers: Answers) -> Iterator[int]:
    """Yield the number of each run, once its rows are kept; predictions are kept before."""
    for (variant, mask_set), predicted in answers.predictions.items():
        rows = list(predicted.values())
        project.store.predictions.add(model.id, rows, variant=variant, mask_set=mask_set)
    for run_id, aggregates in answers.rows.items():
        project.store.saliency.add(run_id, aggregates)
        yield run_id


def _event(
    project: Project,
    model: ModelRecord,
    run: SaliencyRun,
    images: Mapping[int, ImageRecord],
    answers: Answers,
) -> SaliencyBatch:
    settings, rows = run.settings, answers.rows[run.id]
    predictions = answers.predictions[settings.variant, rests_on(settings)]
    seen = [images[row.image_id] for row in rows]
    logits = np.stack([predictions[row.image_id].logits for row in rows])
    predicted = logits.argmax(axis=1).astype(np.int64)
    values = np.stack([row.values for row in rows])[np.arange(len(rows)), predicted]
    of_predicted = dict(zip(COLUMNS, values.T, strict=True))
    return SaliencyBatch(
        model=model.name,
        method=str(settings.method),
        image_ids=np.array([image.id for image in seen], dtype=np.int64),
        true_class=np.array([model.classes.index(image.label or "") for image in seen], dtype=np.int64),
        predicted=predicted,
        explained=predicted,
        logits=logits,
        mean=of_predicted["mean"],
        peak=of_predicted["peak"],
        map_sum=of_predicted["map_sum"],
        map_sum_sq=of_predicted["map_sum_sq"],
        map_pixels=rows[0].map_pixels,
        inked=np.array([row.ink_px > project.min_ink_px for row in rows]),
        ink_px=np.array([row.ink_px for row in rows], dtype=np.float64),
        mask_area=np.array([row.mask_area for row in rows], dtype=np.float64),
        patients=tuple(image.patient for image in seen),
        mask_set=settings.mask_set,
        variant=str(settings.variant),
        settings=unusual_text(settings),
    )
