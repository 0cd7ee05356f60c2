"""Masking a project's pictures with a network: what is kept, what is left alone, what is said."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from gsal.errors import GsalError
from gsal.images.geometry import working_shape
from gsal.jobs.pictures.import_images import ImportImages
from gsal.jobs.runner import run_job
from gsal.jobs.segmenters.segment import MAX_LONG_SIDE, Segment
from gsal.masks import codec, probabilities
from gsal.models.checkpoints import save_weights
from gsal.models.registry import build_segmenter
from gsal.progress import Event, JobCancelled, JobContext, Progress
from gsal.project import Project
from gsal.records import MaskRecord, MaskSet, ModelKind, ModelRecord, Preprocessing

SIZE, PICTURES = 64, 18


def add_network(project: Project, name: str = "net", *, seed: int = 0) -> ModelRecord:
    """A network that learnt nothing, but whose probabilities differ from pixel to pixel."""
    module = build_segmenter("lraspp", seed=seed).train()
    for part in module.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            part.momentum = None  # the statistics of what it sees at once
    module(torch.randn(2, 3, SIZE, SIZE, generator=torch.Generator().manual_seed(0)))
    record = project.store.models.add(
        name,
        kind=ModelKind.SEGMENTER,
        architecture="lraspp",
        preprocessing=Preprocessing(size=SIZE),
        seed=seed,
        run_card={},
    )
    weights = project.checkpoints / f"model-{record.id}.safetensors"
    sha256 = save_weights(weights, module.deploy())
    relative = str(weights.relative_to(project.folder))
    project.store.models.finish(record.id, weights=relative, weights_sha256=sha256, run_card={})
    return project.store.models.get(name)


@pytest.fixture
def photographs(pool: Path, tmp_path: Path) -> Path:
    """A folder of a few pictures of its own."""
    folder = tmp_path / "photographs"
    folder.mkdir()
    for path in sorted(path for path in pool.rglob("*.png") if "masks" not in path.parts)[:PICTURES]:
        shutil.copy(path, folder / path.name)
    return folder


@pytest.fixture
def network(project: Project, photographs: Path) -> ModelRecord:
    run_job(ImportImages(str(photographs)), project, JobContext())
    return add_network(project)


def heads(project: Project) -> dict[int, MaskRecord]:
    return project.store.masks.best(None, MaskSet.NETWORK)


def run(project: Project, job: Segment, said: list[Event] | None = None) -> dict[str, object]:
    return run_job(job, project, JobContext(([] if said is None else said).append))


def test_every_picture_has_a_mask_that_says_what_made_it(project: Project, network: ModelRecord) -> None:
    result = run(project, Segment("net", threshold=0.1, runtime="torch"))
    expected = {
        "weights_sha256": network.weights_sha256,
        "long_side": SIZE,
        "edges": "guided filter",
        "runtime": "torch",
        "precision": "float32",
    }
    if torch.cpu.get_capabilities().get("avx512_bf16") or torch.cuda.is_available():
        expected["precision"] = "bfloat16"
    assert result["settings"] == expected
    assert (result["pictures"], result["masked"], result["problems"]) == (PICTURES, PICTURES, [])
    found = heads(project)
    assert {mask.settings == expected for mask in found.values()} == {True}
    for image in project.store.images.all():
        shape = working_shape(image.height, image.width)
        head = found[image.id]
        assert codec.decode(project.store.masks.load(head.id)).shape == shape
        kept = project.store.masks.probabilities(head.id)
        assert kept is not None
        assert probabilities.decode(kept).shape == shape
        assert image.uncertainty is not None
        assert 0 <= image.uncertainty <= 1


def test_what_was_masked_before_a_stop_is_not_masked_again(project: Project, network: ModelRecord) -> None:
    context = JobContext()

    def stop(event: Event) -> None:
        # The first batch of 16 is kept by now.
        if isinstance(event, Progress) and event.done == 17:
            context.cancel.set()

    context.emit = stop
    with pytest.raises(JobCancelled):
        run_job(Segment("net"), project, context)
    before = heads(project)
    assert len(before) == 16
    said: list[Event] = []
    run(project, Segment("net"), said)
    after = heads(project)
    assert len(after) == PICTURES
    assert all(after[image_id].id == mask.id for image_id, mask in before.items())
    assert next(event for event in said if isinstance(event, Progress)).done == 16


def test_a_picture_that_cannot_be_read_is_named_and_leaves_the_others_alone(
    project: Project, network: ModelRecord, photographs: Path
) -> None:
    first, second = sorted(photographs.iterdir())[:2]
    first.unlink()
    second.write_bytes(b"no picture")
    result = run(project, Segment("net"))
    problems = result["problems"]
    assert isinstance(problems, list)
    assert {problem["file"] for problem in problems} == {first.name, second.name}
    assert all(problem["reason"] for problem in problems)
    assert result["masked"] == len(heads(project)) == PICTURES - 2


def test_another_long_side_makes_other_masks_also_in_tiles(
    project: Project, network: ModelRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gsal.training.ink_maps.TILE_PX", 96)
    few = tuple(image.id for image in project.store.images.all()[:2])
    small = run(project, Segment("net", image_ids=few))
    before = heads(project)
    large = run(project, Segment("net", image_ids=few, long_side=160))
    after = heads(project)
    assert small["masked"] == large["masked"] == 2
    assert {mask.id for mask in before.values()}.isdisjoint(mask.id for mask in after.values())
    assert {(mask.settings or {})["long_side"] for mask in after.values()} == {160}


@pytest.mark.parametrize("long_side", [-1, 31, MAX_LONG_SIDE + 1])
def test_a_long_side_that_cannot_be_is_refused(
    project: Project, network: ModelRecord, long_side: int
) -> None:
    with pytest.raises(GsalError, match="long side"):
        run(project, Segment("net", long_side=long_side))


def test_a_trial_leaves_masks_and_queue_as_they_were(project: Project, network: ModelRecord) -> None:
    run(project, Segment("net"))
    before = heads(project), project.store.images.all()
    other = add_network(project, "other", seed=1)
    result = run(project, Segment("other", is_trial=True))
    assert result["masked"] == len(project.store.masks.by_model(other.id)) == PICTURES
    assert (heads(project), project.store.images.all()) == before


def test_a_runtime_that_disagrees_is_not_used(
    project: Project, network: ModelRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gsal.runtimes.pytorch import Torch

    honest: Callable[..., np.ndarray] = Torch._run
    monkeypatch.setattr(Torch, "_run", lambda self, pictures: 1 - honest(self, pictures))
    said: list[Event] = []
    result = run(project, Segment("net", runtime="torch"), said)
    assert isinstance(result["settings"], dict)
    assert result["settings"]["runtime"] == "plain torch"
    assert [event for event in said if "torch in float32 was not used" in getattr(event, "text", "")]
