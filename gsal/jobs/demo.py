"""The demo: the whole main job on photographs whose ink is known, from nothing to a report."""

import time
from pathlib import Path
from typing import Any

from gsal.jobs.audits.audit import RunAudit
from gsal.jobs.classifiers.train import TrainClassifier
from gsal.jobs.cohorts.create import CreateCohort
from gsal.jobs.evaluation.evaluate import EvaluateSegmenter
from gsal.jobs.job import Job, to_settings
from gsal.jobs.masks.import_masks import ImportMasks
from gsal.jobs.masks.propose import Propose
from gsal.jobs.pictures.import_images import ImportImages
from gsal.jobs.reports.write import PDF_NAME, REPORT_NAME, WriteReport
from gsal.jobs.runner import run_job
from gsal.jobs.saliency.compute import ComputeSaliency
from gsal.jobs.segmenters.segment import Segment
from gsal.jobs.segmenters.train import TrainSegmenter
from gsal.progress import Event, JobContext, Progress
from gsal.project import DATABASE_NAME, Project
from gsal.records import CohortKind, JobRecord, JobStatus, MaskSet, Variant

__all__ = ["SCENES", "VALIDATION_SCENES", "demo_jobs", "run_demo"]

SCENES = 880
VALIDATION_SCENES = 280
SEED = 1

# The two cohorts share their marginal ink rate: rare ink alone would change the reading (BIAS-LAB).
BIASED = {"MEL": 0.95, "": 0.2}
UNBIASED = {"": 0.305}


def demo_jobs(pictures: Path) -> list[Job]:
    """Return the jobs of the main job in their order, for pictures written by `gsal.synthetic`."""
    labels = pictures / "labels.csv"
    share = VALIDATION_SCENES / SCENES
    cohorts = {"biased": BIASED, "unbiased": UNBIASED}
    return [
        ImportImages(str(pictures), labels=str(labels)),
        ImportMasks(str(pictures / "masks")),
        Propose(),
        TrainSegmenter("bisenet", recipe="demo", mask_set=MaskSet.RULE, max_pictures=640, seed=SEED),
        Segment("bisenet"),
        EvaluateSegmenter("bisenet", against=MaskSet.EXACT),
        *(
            CreateCohort(
                name,
                cohort_kind=CohortKind.RATES,
                rates=rates,
                mask_set=MaskSet.EXACT,
                validation_share=share,
                seed=SEED,
            )
            for name, rates in cohorts.items()
        ),
        *(TrainClassifier(name, cohort=name, recipe="demo", seed=SEED) for name in cohorts),
        # With its placebo, and what the networks say without the ink: no figure is read alone.
        ComputeSaliency(mask_sets=(MaskSet.EXACT,), variants=(Variant.INPAINTED,)),
        RunAudit(mask_set=MaskSet.EXACT),
        WriteReport(),
    ]


def run_demo(folder: Path, ctx: JobContext) -> dict[str, Any]:
    """Build the demo project and run every job that is not done yet.

    Returns:
        "summary" in words, "report" (path), "seconds", and "done" (jobs run now).

    Raises:
        JobCancelled: Stopped; the next call goes on.
    """
    from gsal.synthetic.pool import write_pool
    from gsal.synthetic.settings import SceneSettings

    started = time.monotonic()
    pictures = (folder / "pictures").resolve()
    jobs = demo_jobs(pictures)
    total = 1 + len(jobs)
    write_pool(pictures, scenes=SCENES, settings=SceneSettings(), seed=SEED, ctx=_numbered(ctx, 1, total))
    is_new = not (folder / DATABASE_NAME).exists()
    opened = Project.create(folder, name="Demo", program="gsal demo") if is_new else Project.open(folder)
    with opened as project:
        done = [record for record in project.store.jobs.all() if record.status is JobStatus.DONE]
        waiting = _waiting(project, jobs, done)
        for number, job in waiting:
            run_job(job, project, _numbered(ctx, number, total))
        report = project.exports / REPORT_NAME
    seconds = time.monotonic() - started
    summary = f"Done in {seconds:.0f} s." if waiting else "All is done already."
    return {"summary": summary, "report": str(report), "seconds": seconds, "done": len(waiting)}


def _waiting(project: Project, jobs: list[Job], done: list[JobRecord]) -> list[tuple[int, Job]]:
    """Return the jobs to run, by number; an audit and its report also where anything before them runs."""
    waiting: list[tuple[int, Job]] = []
    for number, job in enumerate(jobs, start=2):
        reads_all = isinstance(job, RunAudit | WriteReport)
        if not _is_done(project, job, done) or (reads_all and waiting):
            waiting.append((number, job))
    return waiting


def _is_done(project: Project, job: Job, done: list[JobRecord]) -> bool:
    settings = to_settings(job)
    written = (REPORT_NAME, PDF_NAME)
    if isinstance(job, WriteReport) and not all((project.exports / name).exists() for name in written):
        return False
    return any(record.kind == job.kind and record.settings == settings for record in done)


def _numbered(ctx: JobContext, number: int, total: int) -> JobContext:
    """Return a context that says which of all steps a stage belongs to."""

    def emit(event: Event) -> None:
        if isinstance(event, Progress):
            stage = f"[{number}/{total}] {event.stage}"
            event = Progress(stage, event.done, event.total, event.eta_s)
        ctx.emit(event)

    return JobContext(emit, cancel=ctx.cancel)
