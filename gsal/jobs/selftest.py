"""The main job in miniature, to prove that an installed program has all its parts."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gsal.jobs.audits.audit import RunAudit
from gsal.jobs.classifiers.train import TrainClassifier
from gsal.jobs.cohorts.create import CreateCohort
from gsal.jobs.evaluation.evaluate import EvaluateSegmenter
from gsal.jobs.job import Job
from gsal.jobs.masks.import_masks import ImportMasks
from gsal.jobs.masks.propose import Propose
from gsal.jobs.pictures.import_images import ImportImages
from gsal.jobs.reports.write import WriteReport
from gsal.jobs.runner import run_job
from gsal.jobs.saliency.compute import ComputeSaliency
from gsal.jobs.segmenters.segment import Segment
from gsal.jobs.segmenters.train import TrainSegmenter
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import CohortKind, MaskSet, Variant

__all__ = ["Step", "run_in_miniature"]

_SCENES, _SIZE_PX, _SEED = 16, 64, 5


@dataclass(frozen=True, slots=True)
class Step:
    """A step that was done.

    Attributes:
        title: For people.
        seconds: It took.
    """

    title: str
    seconds: float


def _jobs(pool: Path) -> list[Job]:
    """Return the main job, every step real, everything short."""
    return [
        ImportImages(str(pool), labels=str(pool / "labels.csv")),
        ImportMasks(str(pool / "masks")),
        Propose(),
        TrainSegmenter("bisenet", recipe="demo", mask_set=MaskSet.RULE, max_pictures=2, epochs=1),
        Segment("bisenet"),
        EvaluateSegmenter("bisenet"),
        CreateCohort("all", cohort_kind=CohortKind.BASELINE, mask_set=MaskSet.EXACT, validation_share=0.4),
        TrainClassifier("net", cohort="all", recipe="demo", epochs=1),
        ComputeSaliency(mask_sets=(MaskSet.EXACT,), variants=(Variant.INPAINTED,)),
        RunAudit(mask_set=MaskSet.EXACT),
        WriteReport(pictures=2),
    ]


def run_in_miniature(folder: Path, ctx: JobContext) -> Iterator[Step]:
    """Make a project in a new folder and run the main job on it; yield each step when it is done.

    Raises:
        GsalError: A step failed; so may any other exception, for that is what this is to find out.
    """
    from gsal.synthetic.pool import write_pool
    from gsal.synthetic.settings import SceneSettings

    pool = folder / "pictures"
    started = time.monotonic()
    write_pool(pool, scenes=_SCENES, settings=SceneSettings(size=_SIZE_PX), seed=_SEED, ctx=ctx, workers=1)
    yield Step("Drawing pictures", time.monotonic() - started)
    with Project.create(folder / "project", name="Self-test") as project:
        for job in _jobs(pool):
            started = time.monotonic()
            run_job(job, project, ctx)
            yield Step(job.title, time.monotonic() - started)
