"""Groups of classifiers as one job: folds, seeds, what they begin with, and pictures decoded once."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gsal.arrays import RgbImage
from gsal.errors import ModelError
from gsal.jobs.classifiers.train import TrainClassifier
from gsal.jobs.cohorts.create import CreateCohort
from gsal.jobs.cohorts.cross_validation import fold_parts
from gsal.jobs.masks.making import read_picture
from gsal.jobs.pictures.decoded import decoded_pictures
from gsal.jobs.pictures.variants import PictureVariant
from gsal.jobs.runner import run_job
from gsal.models.checkpoints import read_weights, save_weights
from gsal.models.registry import build_classifier
from gsal.progress import Event, JobCancelled, JobContext, MetricPoint, Notice
from gsal.project import Project
from gsal.records import CohortKind, ImageRecord, MaskSet, ModelKind

ONE = TrainClassifier("net", cohort="all", recipe="demo", epochs=1)


@pytest.fixture
def trained(finished_copy: Path) -> Iterator[Project]:
    shutil.rmtree(finished_copy / "cache", ignore_errors=True)
    with Project.open(finished_copy) as project:
        run_job(
            CreateCohort("all", cohort_kind=CohortKind.BASELINE, mask_set=MaskSet.EXACT),
            project,
            JobContext(),
        )
        yield project


def run(project: Project, said: list[Event] | None = None, **changes: Any) -> dict[str, Any]:
    return run_job(replace(ONE, **changes), project, JobContext(([] if said is None else said).append))


def test_a_cross_validation_leaves_out_each_fold_once(trained: Project) -> None:
    said: list[Event] = []
    result = run(trained, said, folds=2, seeds=2)
    names = [f"net-seed{seed}-fold{fold}" for seed in (0, 1) for fold in (0, 1)]
    assert [one["name"] for one in result["models"]] == names
    parts = fold_parts(trained, "all", k=2)
    patients = trained.store.images.patients()
    for name in names:
        model = trained.store.models.get(name)
        part = parts[model.fold or 0]
        assert name.endswith(f"fold{part.fold}")
        assert model.replicate_group == "net"
        assert model.run_card["validation"]["n"] == len(part.held_out) > 0
        assert np.sum(model.run_card["validation"]["confusion"]) == len(part.held_out)
        trained_on = {patients[i] for i in part.training}
        assert trained_on.isdisjoint(patients[i] for i in part.held_out)
    series = {event.series for event in said if isinstance(event, MetricPoint)}
    assert {f"auroc/{name}" for name in trained.store.models.get(names[0]).classes} <= series
    again = run(trained, folds=2, seeds=2)
    assert {one["status"] for one in again["models"]} == {"ready already"}


def test_a_group_that_was_stopped_goes_on_where_it_stopped(trained: Project) -> None:
    context = JobContext()

    def stop(event: Event) -> None:
        # The first network is trained then; the second sees it at its first step.
        if isinstance(event, MetricPoint):
            context.cancel.set()

    context.emit = stop
    with pytest.raises(JobCancelled):
        run_job(replace(ONE, seeds=3), trained, context)
    statuses = [one["status"] for one in run(trained, seeds=3)["models"]]
    assert statuses == ["ready already", "trained", "trained"]


def test_pictures_are_decoded_once_for_all_later_trainings(
    trained: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(trained)
    decoded: list[int] = []

    def counted(project: Project, image: ImageRecord) -> RgbImage:
        decoded.append(image.id)
        return read_picture(project, image)

    monkeypatch.setattr("gsal.jobs.pictures.network_size.read_picture", counted)
    run(trained, name="again", seed=1)
    assert decoded == []
    (first, *_) = sorted((trained.folder / "cache" / "decoded" / "64").glob("*.npy"))
    damaged = bytearray(first.read_bytes())
    damaged[-1] ^= 1
    first.write_bytes(damaged)
    run(trained, name="third", seed=2)
    assert len(decoded) == 1, "only the picture with the flipped bit"


def test_the_cache_gives_what_was_decoded_and_may_be_deleted(trained: Project) -> None:
    images = [PictureVariant(image) for image in trained.store.images.all()[:7]]
    fresh = np.stack(decoded_pictures(trained, images, JobContext(), size=24))
    kept = decoded_pictures(trained, images[::-1], JobContext(), size=24)
    assert np.array_equal(np.stack(kept)[::-1], fresh)
    assert np.array_equal(np.stack(kept[2:4]), np.stack(kept)[2:4])
    shutil.rmtree(trained.folder / "cache" / "decoded")
    assert np.array_equal(np.stack(decoded_pictures(trained, images, JobContext(), size=24)), fresh)


def test_training_begins_with_the_weights_it_is_given(trained: Project, tmp_path: Path) -> None:
    path = tmp_path / "begin.safetensors"
    sha256 = save_weights(path, build_classifier("densenet-small", 3, seed=77))
    run(trained, weights=str(path), epochs=1)
    card = trained.store.models.get("net").run_card
    assert card["initial_weights"] == {"file": "begin.safetensors", "sha256": sha256}
    run(trained, name="random", weights="none")
    assert trained.store.models.get("random").run_card["initial_weights"]["file"] == "random"
    folder = trained.folder
    first, other = (
        read_weights(folder / trained.store.models.get(name).weights) for name in ("net", "random")
    )
    assert any(not np.array_equal(first[key], other[key]) for key in first)
    with pytest.raises(ModelError, match=r"nowhere\.pth"):
        run(trained, name="none", weights="nowhere.pth")


def test_missing_imagenet_weights_are_told_with_their_place(
    trained: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gsal.jobs.models.initial_weights import find_initial_weights

    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    said: list[Event] = []
    assert find_initial_weights("imagenet", "resnet18", JobContext(said.append)).path is None
    (notice,) = said
    assert isinstance(notice, Notice)
    place = tmp_path / "hub" / "checkpoints" / "resnet18-f37072fd.pth"
    assert str(place) in notice.text
    place.parent.mkdir(parents=True)
    place.write_bytes(b"weights")
    assert find_initial_weights("imagenet", "resnet18", JobContext(said.append)).path == place
    assert len(said) == 1
    assert find_initial_weights("imagenet", "densenet-small", JobContext(said.append)).path is None
    assert len(said) == 1, "there are no such weights to miss"


def test_an_unknown_sampler_is_refused(trained: Project) -> None:
    with pytest.raises(ModelError, match="no sampler often"):
        run(trained, sampler="often")
    result = run(trained, sampler="ink-independent-balanced")
    assert result["models"][0]["status"] == "trained"
    recipe = trained.store.models.get("net").run_card["recipe"]
    assert recipe["sampler"] == "ink-independent-balanced"
    assert trained.store.models.all(ModelKind.CLASSIFIER)[-1].name == "net"
