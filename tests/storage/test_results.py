"""Cohorts, models, predictions, saliency, jobs: what goes in comes out, and damage is noticed."""

import numpy as np
import pytest

from gsal.errors import CohortError, ModelError, NotFoundError, ProjectDamaged
from gsal.project import Project
from gsal.records import (
    COLUMNS,
    CohortKind,
    JobStatus,
    ModelKind,
    ModelRecord,
    ModelStatus,
    PredictionRow,
    Preprocessing,
    SaliencyMethod,
    SaliencyRow,
    SaliencyRunSettings,
    Variant,
)

from .conftest import Outside


@pytest.fixture
def model(project: Project) -> ModelRecord:
    return project.store.models.add(
        "baseline",
        kind=ModelKind.CLASSIFIER,
        architecture="densenet-small",
        classes=project.classes,
        preprocessing=Preprocessing(size=64),
        seed=3,
        run_card={"recipe": "demo"},
    )


def _row(image_id: int, seed: int) -> SaliencyRow:
    values = np.random.default_rng(seed).normal(size=(3, len(COLUMNS)))
    values[0, 0] = np.nan
    return SaliencyRow(image_id, 250.0, 12.5, 4096, "abc", values)


def _settings(model: ModelRecord, method: SaliencyMethod) -> SaliencyRunSettings:
    return SaliencyRunSettings(model.id, method, "", "norm5", "float32", 64, Variant.ORIGINAL, "best")


def test_saliency_survives_bit_for_bit_and_is_filled_in_sittings(
    project: Project, image_ids: list[int], model: ModelRecord
) -> None:
    store = project.store.saliency
    run = store.run(_settings(model, SaliencyMethod.GRAD_CAM))
    store.add(run.id, [_row(image_ids[0], 0)])
    again = store.run(_settings(model, SaliencyMethod.GRAD_CAM))
    assert (again.id, again.rows) == (run.id, 1)
    store.add(run.id, [_row(image_ids[1], 1), _row(image_ids[0], 2)])
    rows = store.rows(run.id)
    np.testing.assert_array_equal(rows[image_ids[0]].values, _row(image_ids[0], 2).values)
    assert store.mask_hashes(run.id) == {image_ids[0]: "abc", image_ids[1]: "abc"}
    other = store.run(_settings(model, SaliencyMethod.COMPETITIVE))
    assert [r.id for r in store.runs(model.id)] == [run.id, other.id]
    assert store.runs()[0].settings == _settings(model, SaliencyMethod.GRAD_CAM)


def test_damaged_numbers_are_noticed(
    project: Project, image_ids: list[int], model: ModelRecord, outside: Outside
) -> None:
    run = project.store.saliency.run(_settings(model, SaliencyMethod.GRAD_CAM))
    project.store.saliency.add(run.id, [_row(image_ids[0], 0)])
    project.close()
    outside("UPDATE saliency_value SET data = substr(data, 2)")
    with Project.open(project.folder) as again, pytest.raises(ProjectDamaged, match="damaged"):
        again.store.saliency.rows(run.id)


def test_predictions_by_variant(project: Project, image_ids: list[int], model: ModelRecord) -> None:
    store = project.store.predictions
    store.add(model.id, [PredictionRow(image_ids[0], np.array([0.1, 1 / 3, -2.0]))], variant=Variant.ORIGINAL)
    stored = store.all(model.id, variant=Variant.ORIGINAL)
    assert stored[image_ids[0]].logits.tolist() == [0.1, 1 / 3, -2.0]
    assert store.all(model.id, variant=Variant.ABLATED) == {}


def test_models_are_announced_then_ready(project: Project, model: ModelRecord) -> None:
    store = project.store.models
    assert store.get("baseline") == model
    assert model.status is ModelStatus.TRAINING
    with pytest.raises(ModelError, match="already a model named baseline"):
        store.add(
            "baseline",
            kind=ModelKind.CLASSIFIER,
            architecture="x",
            preprocessing=Preprocessing(),
            run_card={},
        )
    store.set_metrics(model.id, [("loss/training", 1, 0.5), ("loss/training", 0, 0.9)])
    assert store.metrics(model.id) == [("loss/training", 0, 0.9), ("loss/training", 1, 0.5)]
    ready = store.finish(
        model.id, weights="checkpoints/a.safetensors", weights_sha256="f" * 64, run_card={"a": 1}
    )
    assert (ready.status, ready.run_card) == (ModelStatus.READY, {"a": 1})
    with pytest.raises(NotFoundError, match="Models: baseline"):
        store.get("other")


def test_cohorts_never_change(project: Project, image_ids: list[int]) -> None:
    achieved = {"n_by_class": {"MEL": 2, "NV": 1}, "ink_rate_by_class": {"MEL": 0.5, "NV": None}}

    def add() -> None:
        project.store.cohorts.add(
            "b",
            image_ids[:3],
            kind=CohortKind.BASELINE,
            seed=1,
            mask_set="best",
            settings={},
            achieved=achieved,
        )

    add()
    with pytest.raises(CohortError, match="already a cohort named b"):
        add()
    cohort = project.store.cohorts.get("b")
    assert (cohort.n, cohort.ink_rate_by_class) == (3, {"MEL": 0.5, "NV": None})
    assert project.store.cohorts.members("b") == image_ids[:3]
    with pytest.raises(NotFoundError, match="Cohorts: b"):
        project.store.cohorts.members("c")


def test_a_stopped_job_goes_on_under_its_number(project: Project) -> None:
    jobs = project.store.jobs
    first = jobs.start("propose", {"a": [1, 2]})
    jobs.finish(first, JobStatus.CANCELLED, message="stopped")
    assert jobs.start("propose", {"a": [1, 2]}) == first
    jobs.finish(first, JobStatus.DONE, result={"n": 3})
    assert jobs.start("propose", {"a": [1, 2]}) != first
    record = jobs.get(first)
    assert (record.status, record.result) == (JobStatus.DONE, {"n": 3})
    with pytest.raises(NotFoundError):
        jobs.get(99)
