"""Answers on pictures and their variants: which are asked for, what is stored, and when it is stale."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gsal.errors import GsalError
from gsal.images.geometry import ink_px, resize_image
from gsal.jobs.classifiers.train import TrainClassifier
from gsal.jobs.cohorts.create import CreateCohort
from gsal.jobs.cohorts.cross_validation import fold_parts
from gsal.jobs.cohorts.judged import judged_images, learned_images, table_of_judged
from gsal.jobs.masks.making import load_masks, new_mask, read_picture
from gsal.jobs.models.files import load_classifier
from gsal.jobs.predictions.figures import figures_in
from gsal.jobs.predictions.plan import plan_variant
from gsal.jobs.predictions.predict import Predict
from gsal.jobs.runner import run_job
from gsal.progress import Event, JobCancelled, JobContext, Progress
from gsal.project import Project
from gsal.records import CohortKind, ImageRecord, MaskSet, MaskSource, Side, Variant
from gsal.training.inference import predict_logits
from gsal.variants import ablate

ASK = Predict(("biased",), mask_set=MaskSet.EXACT)


@pytest.fixture
def asked(finished_copy: Path) -> Iterator[Project]:
    with Project.open(finished_copy) as project:
        yield project


def run(project: Project, job: Predict = ASK, said: list[Event] | None = None, **changes: Any) -> Any:
    return run_job(replace(job, **changes), project, JobContext(([] if said is None else said).append))


def stored(project: Project, variant: Variant, model: str = "biased") -> set[int]:
    """The pictures with a row, whatever it rests on."""
    from sqlalchemy import text

    query = text(
        "select p.image_id from prediction p join prediction_run r on p.run_id = r.id "
        "join model m on m.id = r.model_id where r.variant = :variant and m.name = :model"
    )
    with project.store._database.read() as session:
        return set(session.scalars(query, {"variant": str(variant), "model": model}))


def predicted(said: list[Event]) -> dict[str, int]:
    """How many pictures of each variant were predicted, by its stage."""
    stages = [e.stage for e in said if isinstance(e, Progress) and e.stage.startswith("Predicting")]
    return {stage: stages.count(stage) - 1 for stage in stages if stages.count(stage) > 1}


def judged(project: Project) -> list[ImageRecord]:
    return project.store.images.all(side=Side.VALIDATION)


def inked(project: Project) -> set[int]:
    masks = project.store.masks.best(None, MaskSet.EXACT)
    return {i.id for i in judged(project) if masks[i.id].ink_px > project.min_ink_px}


def test_each_variant_is_stored_for_the_pictures_that_have_it(asked: Project) -> None:
    names = tuple(map(str, Variant))
    (model,) = run(asked, variants=names)["models"]
    everything = {image.id for image in judged(asked)}
    with_ink = inked(asked)
    assert 10 < len(with_ink) < len(everything)
    assert stored(asked, Variant.ORIGINAL) == everything
    for variant in (Variant.ABLATED, Variant.ABLATED_ALIKE, Variant.INPAINTED, Variant.BLURRED):
        assert stored(asked, variant) == with_ink, variant
    assert stored(asked, Variant.PASTED) == everything - with_ink
    crops = stored(asked, Variant.CROPPED)
    assert crops <= with_ink
    left_out = model["left_out"]
    assert left_out["ablated"] == {"no ink": len(everything - with_ink)}
    assert left_out["ink-pasted"] == {"ink of its own": len(with_ink)}
    assert left_out["ink-free-crop"].get("no large crop without ink", 0) == len(with_ink - crops)
    figures = figures_in({"models": [model]}, "biased")
    assert figures is not None
    assert {change.variant: change.n for change in figures.changes}["ablated"] == len(with_ink)


def test_the_stored_logits_are_those_of_the_ablated_picture(asked: Project) -> None:
    run(asked)
    model = asked.store.models.get("biased")
    image_id = min(inked(asked))
    image = asked.store.images.get_many([image_id])[0]
    mask = next(load_masks(asked, [asked.store.masks.best([image_id], MaskSet.EXACT)[image_id]]))[1]
    size = model.preprocessing.size
    seen = resize_image(ablate(read_picture(asked, image), mask), height=size, width=size)
    expected = predict_logits(load_classifier(asked, model), seen[None], model.preprocessing)[0]
    plan = plan_variant(asked, model, Variant.ABLATED, JobContext(), mask_set=MaskSet.EXACT)
    assert plan.waiting == ()
    rows = asked.store.predictions.all(
        model.id, variant=Variant.ABLATED, mask_set=MaskSet.EXACT, bases=plan.bases
    )
    np.testing.assert_allclose(rows[image_id].logits, expected, rtol=1e-4, atol=1e-5)


def test_the_figures_are_those_of_the_stored_logits(asked: Project) -> None:
    result = run(asked)
    model = asked.store.models.get("biased")
    rows = asked.store.predictions.all(model.id, variant=Variant.ORIGINAL)
    images = judged(asked)
    hits = np.array([model.classes[int(rows[i.id].logits.argmax())] == i.label for i in images])
    has_ink = np.array([i.id in inked(asked) for i in images])
    (one,) = result["models"]
    assert one["accuracy"] == pytest.approx(hits.mean())
    figures = figures_in(result, "biased")
    assert figures is not None
    assert [p.accuracy for p in figures.performance] == pytest.approx(
        [hits.mean(), hits[has_ink].mean(), hits[~has_ink].mean()]
    )
    assert result["mask_sources"] == {"exact": len(images)}
    assert result["groups"] == []
    assert figures.ablated_training is None
    assert run(asked)["models"] == result["models"], "the same again, and nothing left to do"


def test_what_is_stored_is_not_asked_again_and_a_changed_mask_is(asked: Project) -> None:
    said: list[Event] = []
    run(asked, said=said)
    assert len(predicted(said)) == 3, "saliency has predicted the pictures as they are"
    said.clear()
    run(asked, said=said)
    assert predicted(said) == {}
    image_id = min(inked(asked))
    image = asked.store.images.get_many([image_id])[0]
    mask = np.zeros((image.height, image.width), dtype=np.bool_)
    mask[:20, :20] = True
    assert ink_px(mask) > asked.min_ink_px
    asked.store.masks.add_many([new_mask(image_id, mask, MaskSource.EXACT)])
    before = {image_id: row.logits for image_id, row in _rows(asked).items()}
    assert image_id not in before
    said.clear()
    run(asked, said=said)
    assert set(predicted(said).values()) == {1}
    after = _rows(asked)
    assert set(after) == set(before) | {image_id}
    for other, logits in before.items():
        np.testing.assert_array_equal(after[other].logits, logits)


def _rows(project: Project) -> Any:
    """Ablated rows that rest on the masks of now."""
    model = project.store.models.get("biased")
    plan = plan_variant(project, model, Variant.ABLATED, JobContext(), mask_set=MaskSet.EXACT)
    return project.store.predictions.all(
        model.id, variant=Variant.ABLATED, mask_set=MaskSet.EXACT, bases=plan.bases
    )


def test_another_seed_pastes_other_ink(asked: Project) -> None:
    said: list[Event] = []
    run(asked, variants=("ink-pasted",))
    run(asked, variants=("ink-pasted",), said=said)
    assert predicted(said) == {}
    said.clear()
    run(asked, variants=("ink-pasted",), seed=1, said=said)
    assert set(predicted(said)) == {"Predicting biased, ink pasted"}


def test_a_stopped_job_keeps_its_batches(asked: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gsal.jobs.predictions.predict._BATCH", 4)
    context = JobContext()

    def stop(event: Event) -> None:
        if isinstance(event, Progress) and event.stage.endswith("ablated") and event.done == 5:
            context.cancel.set()

    context.emit = stop
    with pytest.raises(JobCancelled):
        run_job(ASK, asked, context)
    kept = stored(asked, Variant.ABLATED)
    assert len(kept) == 8
    said: list[Event] = []
    run(asked, said=said)
    assert predicted(said)["Predicting biased, ablated"] == len(inked(asked)) - 8
    assert kept < stored(asked, Variant.ABLATED) == inked(asked)


def test_a_network_of_a_fold_is_asked_about_its_own_fold(asked: Project) -> None:
    run_job(CreateCohort("all", cohort_kind=CohortKind.BASELINE, mask_set=MaskSet.EXACT), asked, JobContext())
    train = TrainClassifier("net", cohort="all", recipe="demo", epochs=1, folds=2)
    run_job(train, asked, JobContext())
    result = run(asked, models=("net-fold0", "net-fold1"))
    parts = fold_parts(asked, "all", k=2)
    seen: set[int] = set()
    for part in parts:
        model = asked.store.models.get(f"net-fold{part.fold}")
        assert [i.id for i in judged_images(asked, model)] == list(part.held_out)
        assert table_of_judged(asked, model).ids == tuple(sorted(part.held_out))
        assert learned_images(asked, model) == set(part.training)
        assert stored(asked, Variant.ORIGINAL, model.name) == set(part.held_out)
        seen |= set(part.held_out)
    (group,) = result["groups"]
    assert (group["name"], group["folds"], group["pictures"]) == ("net", 2, len(seen))
    sizes = [len(part.held_out) for part in parts]
    accuracies = [one["accuracy"] for one in result["models"]]
    assert group["accuracy"] == pytest.approx(np.average(accuracies, weights=sizes))
    assert run(asked, models=("net-fold1",))["groups"] == [], "half a cross-validation is none"


def test_a_model_trained_on_ablated_pictures_is_held_against_the_largest_class(asked: Project) -> None:
    run_job(
        CreateCohort("ink", cohort_kind=CohortKind.ABLATED, mask_set=MaskSet.EXACT, minimum_inked=1),
        asked,
        JobContext(),
    )
    run_job(TrainClassifier("ablated", cohort="ink", recipe="demo", epochs=1), asked, JobContext())
    figures = figures_in(run(asked, models=("ablated",)), "ablated")
    assert figures is not None
    test = figures.ablated_training
    assert test is not None
    labels = [i.label for i in judged(asked) if i.id in inked(asked)]
    assert test.accuracy.n == len(labels)
    assert test.chance == pytest.approx(max(labels.count(name) for name in set(labels)) / len(labels))
    assert 0 <= test.p_value <= 1


def test_what_there_is_not_is_refused(asked: Project) -> None:
    with pytest.raises(GsalError, match="ink-free-crop"):
        run(asked, variants=("inverted",))
    with pytest.raises(GsalError, match="mask set"):
        run(asked, mask_set="good")
