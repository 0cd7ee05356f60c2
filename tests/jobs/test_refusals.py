"""What a job was not asked for it does not pass off as done, and what it cannot do it leaves no trace of."""

from pathlib import Path

import numpy as np
import pytest

from gsal.errors import CohortError, GsalError, ModelError
from gsal.jobs.audits.audit import RunAudit
from gsal.jobs.classifiers.train import TrainClassifier
from gsal.jobs.cohorts.create import CreateCohort
from gsal.jobs.masks.import_masks import ImportMasks
from gsal.jobs.masks.making import new_mask
from gsal.jobs.pictures.import_images import ImportImages
from gsal.jobs.runner import run_job
from gsal.jobs.segmenters.segment import Segment
from gsal.jobs.segmenters.train import TrainSegmenter
from gsal.masks import codec, probabilities
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import MaskSet, MaskSource


@pytest.mark.parametrize(
    ("job", "other"),
    [
        (TrainClassifier("biased", cohort="biased", recipe="demo", epochs=2, seed=99), "seed"),
        (TrainClassifier("biased", cohort="biased", recipe="demo", epochs=3), "recipe"),
        (TrainClassifier("biased", cohort="unbiased", recipe="demo", epochs=2), "cohort"),
        (TrainSegmenter("biased", recipe="demo"), "kind"),
        (TrainSegmenter("bisenet", recipe="demo", mask_set="exact", max_pictures=24, epochs=1), "mask_set"),
    ],
)
def test_a_name_made_with_other_settings_is_refused(
    finished_copy: Path, job: TrainClassifier | TrainSegmenter, other: str
) -> None:
    with (
        Project.open(finished_copy) as project,
        pytest.raises(ModelError, match=f"already a model .* another .*{other}"),
    ):
        run_job(job, project, JobContext())


def test_another_threshold_makes_other_masks(
    finished_copy: Path,
) -> None:
    with Project.open(finished_copy) as project:
        before = project.store.masks.best(None, MaskSet.NETWORK)
        result = run_job(Segment("bisenet", threshold=0.01), project, JobContext())
        after = project.store.masks.best(None, MaskSet.NETWORK)
        assert result["masked"] == len(after) == len(before)
        assert {mask.threshold for mask in after.values()} == {0.01}
        assert sum(m.ink_px for m in after.values()) > sum(m.ink_px for m in before.values())
        for head in list(after.values())[:5]:
            kept = project.store.masks.probabilities(head.id)
            assert kept is not None
            steps = probabilities.decode(kept)
            at_half = codec.decode(project.store.masks.load(before[head.image_id].id))
            np.testing.assert_array_equal(probabilities.at_threshold(steps, 0.5), at_half)
            at_hundredth = codec.decode(project.store.masks.load(head.id))
            assert not (probabilities.at_threshold(steps, 0.05) & ~at_hundredth).any()
        assert result["probability_bytes_per_picture"] > 0
        for threshold in (0.0, 7.0, float("nan")):
            with pytest.raises(GsalError, match="between 0 and 1"):
                run_job(Segment("bisenet", threshold=threshold), project, JobContext())


def test_an_audit_over_masks_that_have_changed_is_refused(finished_copy: Path) -> None:
    with Project.open(finished_copy) as project:
        image = next(iter(project.store.saliency.rows(project.store.saliency.runs()[0].id)))
        old = codec.decode(project.store.masks.load(project.store.masks.best([image])[image].id))
        project.store.masks.add_many([new_mask(image, ~old, MaskSource.EXACT)])
        with pytest.raises(GsalError, match=r"older than the mask, for 1 of the \d+ pictures that judge it"):
            run_job(RunAudit(), project, JobContext())


def test_a_cohort_that_cannot_be_formed_settles_no_split(project: Project, pool: Path) -> None:
    with Project.create(project.folder.parent / "seven") as seven:
        run_job(ImportImages(str(pool), labels=str(pool / "labels.csv")), seven, JobContext())
        run_job(ImportMasks(str(pool / "masks")), seven, JobContext())
        for settings, reason in (
            ({"minimum_inked": 5000}, "Too few inked"),
            ({"validation_share": 7.0}, "between 0 and 1"),
            ({"seed": -1}, "seed"),
        ):
            with pytest.raises(CohortError, match=reason):
                run_job(CreateCohort("a", cohort_kind="unbiased", **settings), seven, JobContext())
            assert seven.split is None
        run_job(CreateCohort("a", cohort_kind="baseline", validation_share=0.4), seven, JobContext())
        assert seven.split is not None
        assert seven.split["validation_share"] == 0.4
