"""Training again after reviews: names, what both are judged on, the comparison, whose masks stay in use."""

import math
from pathlib import Path
from typing import Any

import pytest

from gsal.errors import ModelError
from gsal.jobs.evaluation.evaluate import EvaluateSegmenter
from gsal.jobs.masks.making import load_masks, new_mask
from gsal.jobs.runner import run_job
from gsal.jobs.segmenters.compare import compare, judged_pictures
from gsal.jobs.segmenters.retrain import Masking, RetrainSegmenter, reviews_since
from gsal.jobs.segmenters.segment import Segment
from gsal.jobs.segmenters.train import TrainSegmenter
from gsal.progress import JobCancelled, JobContext, Notice
from gsal.project import Project
from gsal.records import MaskSet, MaskSource, ModelKind, ReaderKind, ValidationMember


def review(project: Project, image_ids: list[int]) -> None:
    """Let a simulated reader, called so, accept the exact masks of pictures."""
    reader = project.store.readers.add("simulated", ReaderKind.DEVELOPER)
    records = project.store.masks.best(image_ids, MaskSet.EXACT).values()
    masks = [
        new_mask(record.image_id, mask, MaskSource.HUMAN, reader_id=reader.id)
        for record, mask in load_masks(project, records)
    ]
    project.store.decisions.accept_many(masks, reader_id=reader.id)


def unseen(project: Project) -> list[int]:
    """Return pictures of patients that the first network never saw."""
    model = project.store.models.get("bisenet")
    patients = project.store.images.patients()
    card = model.run_card
    known = {patients[i] for i in (*card["training_images"], *card["validation_images"])}
    return [image.id for image in project.store.images.all() if patients[image.id] not in known]


@pytest.fixture
def project(finished_copy: Path) -> Any:
    with Project.open(finished_copy) as opened:
        yield opened


def test_a_retrained_network_is_measured_on_locked_pictures_that_neither_saw(project: Project) -> None:
    ids = unseen(project)
    members, learnable = ids[: len(ids) // 2], ids[len(ids) // 2 :]
    review(project, ids)
    reader = project.store.readers.add("simulated", ReaderKind.DEVELOPER)
    chosen = [ValidationMember(image_id, "", place) for place, image_id in enumerate(members)]
    project.store.validation.choose(n_wanted=len(members), seed=0, members=chosen)
    project.store.validation.lock(reader.id)
    locked = project.store.validation.locked_images()
    old = project.store.models.get("bisenet")
    assert reviews_since(project, old) == len(
        [i for i in learnable if i not in locked and project.store.images.get(i).side != "validation"]
    )
    in_use = project.store.masks.best(None, MaskSet.NETWORK)
    result = run_job(RetrainSegmenter(masking=Masking.NEVER), project, JobContext())

    assert (result["old"], result["model"], result["is_masking"]) == ("bisenet", "bisenet-2", False)
    new = project.store.models.get("bisenet-2")
    assert new.run_card["follows"] == "bisenet"
    assert new.run_card["mask_set"] == "best"
    for key in ("recipe", "max_pictures"):
        assert new.run_card[key] == old.run_card[key]
    seen = {*new.run_card["training_images"], *new.run_card["validation_images"]}
    assert not seen & locked
    judged = judged_pictures(project, (old, new))
    assert {image.id for image in judged.images} <= set(members)
    assert result["pictures"] == len(judged.images) > 0
    assert "locked validation set" in result["judged_on"]
    assert project.store.masks.best(None, MaskSet.NETWORK) == in_use, "a trial moves no mask in use"
    assert set(project.store.masks.by_model(new.id)) == {image.id for image in judged.images}
    for metric, difference in result["difference"].items():
        before, after = (result[side][metric] for side in ("before", "after"))
        if difference["estimate"] is not None:
            assert difference["estimate"] == pytest.approx(after["estimate"] - before["estimate"])
            assert difference["low"] is None or difference["low"] <= difference["high"]


def test_a_network_compared_with_itself_does_not_differ(project: Project) -> None:
    model = project.store.models.get("bisenet")
    judged = judged_pictures(project, (model, model))
    assert judged.images
    assert "exact masks" in judged.words, "people have masked nothing here"
    found = compare(project, judged, model, model, JobContext())
    measured = EvaluateSegmenter("bisenet", against=MaskSet.EXACT).run(JobContext(), project)["summary"]
    for metric in ("dice", "nsd", "sensitivity", "specificity"):
        assert found["before"][metric] == found["after"][metric]
        assert found["difference"][metric]["estimate"] in {None, 0.0}
        known, value = found["before"][metric]["estimate"], measured[metric]
        assert math.isclose(known, value) if known is not None else value is None


def test_it_goes_on_with_the_network_it_began(project: Project) -> None:
    review(project, unseen(project)[:4])
    job = RetrainSegmenter()
    ctx = JobContext()

    def stop_at_masking(event: object) -> None:
        if "Masking" in getattr(event, "stage", ""):
            ctx.cancel.set()

    ctx.emit = stop_at_masking
    with pytest.raises(JobCancelled):
        run_job(job, project, ctx)
    names = [m.name for m in project.store.models.all(ModelKind.SEGMENTER)]
    assert names == ["bisenet", "bisenet-2"]
    result = run_job(job, project, JobContext())
    assert result["model"] == "bisenet-2"
    assert len(project.store.models.all(ModelKind.SEGMENTER)) == 2


def test_a_worse_network_does_not_take_over_unless_asked(project: Project) -> None:
    job, old = RetrainSegmenter(), project.store.models.get("bisenet")
    worse = {"estimate": -0.2, "low": -0.3, "high": -0.1, "n": 9, "method": ""}
    perhaps = worse | {"high": 0.1}
    assert not job._decide(worse, old, old)[0]
    assert job._decide(perhaps, old, old)[0]
    assert job._decide(None, old, old)[0], "nothing is known against it"
    assert RetrainSegmenter(masking=Masking.ALWAYS)._decide(worse, old, old)[0]


def test_without_anything_to_judge_on_it_says_so_and_masks(project: Project) -> None:
    said: list[str] = []
    ctx = JobContext(lambda event: said.append(event.text) if isinstance(event, Notice) else None)
    card = project.store.models.get("bisenet").run_card
    # Exact masks of unseen patients would judge: here everything was learned from.
    everyone = [image.id for image in project.store.images.all()]
    record = project.store.models.get("bisenet")
    project.store.models.finish(
        record.id,
        weights=record.weights,
        weights_sha256=record.weights_sha256,
        run_card=card | {"training_images": everyone},
    )
    result = RetrainSegmenter().run(ctx, project)
    assert not result["judged_on"]
    assert result["before"] == result["difference"] == {}
    assert any("not compared" in text for text in said)
    assert result["is_masking"]
    new = project.store.models.get("bisenet-2")
    assert {m.model_id for m in project.store.masks.best(None, MaskSet.NETWORK).values()} == {new.id}


def test_a_line_without_a_ready_network_is_one_sentence(project: Project) -> None:
    with pytest.raises(ModelError, match="no ready ink network named other"):
        RetrainSegmenter("other").run(JobContext(), project)


def test_a_trial_stays_beside_the_masks_in_use(project: Project) -> None:
    TrainSegmenter("second", recipe="demo", mask_set=MaskSet.RULE, max_pictures=24, epochs=1, seed=4).run(
        JobContext(), project
    )
    before = project.store.masks.best(None, MaskSet.NETWORK)
    some = tuple(sorted(before))[:3]
    done = Segment("second", image_ids=some, is_trial=True).run(JobContext(), project)
    assert (done["pictures"], done["masked"]) == (3, 3)
    assert project.store.masks.best(None, MaskSet.NETWORK) == before
    second = project.store.models.get("second")
    made = project.store.masks.by_model(second.id)
    assert set(made) == set(some)
    Segment("second", image_ids=some, is_trial=True).run(JobContext(), project)
    assert project.store.masks.by_model(second.id) == made, "what is there is not made twice"
