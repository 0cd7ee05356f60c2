"""Projects of real photographs: a folder with labels*.csv (columns file, label, patient_id, ink_seen)."""

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gsal.jobs.job import Job
from gsal.jobs.masks.making import load_masks, new_mask
from gsal.jobs.masks.propose import Propose
from gsal.jobs.pictures.import_images import ImportImages
from gsal.jobs.runner import run_job
from gsal.progress import Event, JobContext, MetricPoint, Notice
from gsal.project import Project
from gsal.records import Decision, ImageRecord, MaskSet, MaskSource, Purpose, ReaderKind, Verdict

__all__ = ["INK_SEEN", "judge", "new_project", "run"]

INK_SEEN = "ink_seen"
"""The column that says whether a person saw ink: "yes", "no" or something else."""

_CLASSES = ("MEL", "NV", "BCC", "SCC", "AK", "SK")


def new_project(folder: Path, photos: Path, *, name: str) -> None:
    """Make a project of the photographs with the rules' masks."""
    Project.create(folder, name=name, classes=_CLASSES).close()
    with Project.open(folder) as project:
        for labels in sorted(photos.glob("labels*.csv")):
            run(ImportImages(str(photos), labels=str(labels)), project)
        run(Propose(), project)


def judge(project: Project, images: Sequence[ImageRecord]) -> None:
    """Keep for each picture what a person who only says "ink" or "none" makes of the automatic pick.

    An empty mask where no ink was seen, the pick where ink was seen and found, and nothing otherwise.
    """
    reader = project.store.readers.add("Ink or none", ReaderKind.DEVELOPER)
    by_id = {image.id: image for image in images}
    picks = project.store.masks.best(list(by_id), MaskSet.RULE)
    for record, mask in load_masks(project, picks.values()):
        seen = by_id[record.image_id].extra.get(INK_SEEN)
        is_right = seen == "no" or (seen == "yes" and mask.any())
        drawn = np.zeros_like(mask) if seen == "no" else mask
        made = new_mask(record.image_id, drawn, MaskSource.HUMAN, reader_id=reader.id, tool="proposal")
        kept = project.store.masks.add(made).result()
        verdict = Verdict.ACCEPTED if is_right else Verdict.REJECTED
        decision = Decision(record.image_id, reader.id, Purpose.REVIEW, verdict, kept.id, 0.0, "")
        project.store.decisions.add(decision).result()


def run(job: Job, project: Project) -> None:
    """Run a job, telling what it tells."""

    def tell(event: Event) -> None:
        if isinstance(event, Notice | MetricPoint):
            print(f"  {time.strftime('%H:%M:%S')} {event}", flush=True)

    run_job(job, project, JobContext(tell))
