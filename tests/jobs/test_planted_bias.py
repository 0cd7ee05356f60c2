"""A bias planted in the training pictures is learned, and the program's readings show it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gsal.jobs.audits.audit import RunAudit
from gsal.jobs.classifiers.train import TrainClassifier
from gsal.jobs.cohorts.create import CreateCohort
from gsal.jobs.demo import BIASED, SCENES, UNBIASED, VALIDATION_SCENES
from gsal.jobs.job import Job
from gsal.jobs.masks.import_masks import ImportMasks
from gsal.jobs.pictures.import_images import ImportImages
from gsal.jobs.runner import run_job
from gsal.jobs.saliency.compute import ComputeSaliency
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import CohortKind, MaskSet, SaliencyMethod, Side, Variant
from gsal.synthetic import SceneSettings, write_pool

SEEDS = 3


def _jobs(pool: Path) -> list[Job]:
    cohorts = {"biased": BIASED, "unbiased": UNBIASED}
    share = VALIDATION_SCENES / SCENES
    return [
        ImportImages(str(pool), labels=str(pool / "labels.csv")),
        ImportMasks(str(pool / "masks")),
        *(
            CreateCohort(
                name,
                cohort_kind=CohortKind.RATES,
                rates=rates,
                mask_set=MaskSet.EXACT,
                validation_share=share,
            )
            for name, rates in cohorts.items()
        ),
        *(TrainClassifier(name, cohort=name, recipe="demo", seed=10, seeds=SEEDS) for name in cohorts),
        ComputeSaliency(mask_sets=(MaskSet.EXACT,)),
    ]


def _melanoma_by_ink(project: Project, model_id: int) -> float:
    """Return how much adding ink to the same scene raises the logit of MEL against the others."""
    predictions = project.store.predictions.all(model_id, variant=Variant.ORIGINAL)
    contrast: dict[str, dict[str, float]] = {}
    for image in project.store.images.all(side=Side.VALIDATION):
        logits = predictions[image.id].logits
        contrast.setdefault(image.lesion_id, {})[image.extra["twin"]] = logits[0] - logits[1:].mean()
    return float(np.mean([twins["ink"] - twins["clean"] for twins in contrast.values()]))


def _melanoma_reading(rows: Sequence[dict[str, Any]], cohort: str) -> list[float]:
    """Return by seed how far the reading on ink of MEL lies above that of the other classes."""
    chosen = [
        r
        for r in rows
        if (r["cohort"], r["method"], r["aggregator"]) == (cohort, SaliencyMethod.COMPETITIVE, "mean")
    ]
    means = [[entry["mean"] for entry in r["classes"]] for r in sorted(chosen, key=lambda r: r["seed"])]
    return [of_model[0] - float(np.mean(of_model[1:])) for of_model in means]


@pytest.mark.slow
def test_a_planted_ink_bias_is_learned_and_read(tmp_path: Path) -> None:
    pool = tmp_path / "pool"
    write_pool(pool, scenes=SCENES, settings=SceneSettings(), seed=1, ctx=JobContext())
    with Project.create(tmp_path / "project") as project:
        for job in _jobs(pool):
            run_job(job, project, JobContext())
        rows = run_job(RunAudit(), project, JobContext())["rows"]
        by_ink = {
            cohort: [
                _melanoma_by_ink(project, project.store.models.get(f"{cohort}-seed{10 + k}").id)
                for k in range(SEEDS)
            ]
            for cohort in ("biased", "unbiased")
        }
    assert min(by_ink["biased"]) > max(by_ink["unbiased"]), by_ink
    biased, unbiased = (_melanoma_reading(rows, cohort) for cohort in ("biased", "unbiased"))
    assert np.mean(biased) > np.mean(unbiased), (biased, unbiased)
