"""One picture explained to be looked at: the figures are those of the run, and nothing is stored."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gsal.errors import ImageError, ModelError
from gsal.images.geometry import resize_image
from gsal.jobs.masks.making import read_picture
from gsal.jobs.models.files import load_classifier
from gsal.jobs.saliency.look import Explainer, PictureMap, explain_picture
from gsal.models.preprocessing import to_tensor
from gsal.progress import Event, JobCancelled, JobContext, Progress
from gsal.project import Project
from gsal.records import (
    COLUMNS,
    PAPER_METHODS,
    BroughtModel,
    ImageRecord,
    MaskSet,
    ModelKind,
    ModelRecord,
    Preprocessing,
    SaliencyMethod,
    Side,
)
from gsal.saliency import autograd
from gsal.saliency.aggregate import peak_count
from gsal.saliency.engine import explain
from gsal.saliency.options import Options

EXACT = MaskSet.EXACT


@pytest.fixture
def opened(finished: Path) -> Iterator[Project]:
    with Project.open(finished, read_only=True) as project:
        yield project


def models(project: Project) -> list[ModelRecord]:
    return project.store.models.all(ModelKind.CLASSIFIER)


def pictures(project: Project) -> list[ImageRecord]:
    return project.store.images.all(side=Side.VALIDATION)


def peak_bounds(made: PictureMap, number: int) -> tuple[float, float]:
    """Return how far n may lie: pixels that tie for the last places but for rounding may be any of them.

    Grad-CAM has such ties: towards the sides of the picture its upsampled maps are flat. A batch of one and
    one of many round differently.
    """
    assert made.coverage is not None
    flat, ink = made.maps[number].ravel(), made.coverage.ravel().astype(np.float64)
    count = peak_count(flat.size)
    threshold, rounding = np.sort(flat)[-count], 1e-5 * np.abs(flat).max()
    sure, near = flat > threshold + rounding, np.abs(flat - threshold) <= rounding
    left = count - int(sure.sum())
    tied = np.sort(ink[near])
    inside = float(ink[sure].sum())
    return (inside + float(tied[:left].sum())) / count, (inside + float(tied[-left:].sum())) / count


@pytest.mark.parametrize("method", PAPER_METHODS)
def test_the_figures_are_the_stored_aggregates(opened: Project, method: SaliencyMethod) -> None:
    explainer = Explainer(opened)
    for model in models(opened):
        (run,) = [r for r in opened.store.saliency.runs(model.id) if r.settings.method is method]
        rows = opened.store.saliency.rows(run.id)
        for image in pictures(opened)[:6]:
            made = explainer.explain(model, image, method, mask_set=EXACT)
            for number in range(len(model.classes)):
                stored = dict(zip(COLUMNS, rows[image.id].values[number], strict=True))
                found = made.figures(number)
                assert found.mean == pytest.approx(stored["mean"], rel=1e-5, abs=1e-9, nan_ok=True)
                if np.isnan(stored["peak"]):
                    assert np.isnan(found.peak)
                else:
                    low, high = peak_bounds(made, number)
                    assert low - 1e-5 <= stored["peak"] <= high + 1e-5
                    assert low - 1e-5 <= found.peak <= high + 1e-5
                assert found.gap == pytest.approx(stored["gap"], rel=1e-5, abs=1e-5)
                assert found.chance == pytest.approx(rows[image.id].mask_area / rows[image.id].map_pixels)
            stored_logits = opened.store.predictions.all(model.id, variant=run.settings.variant)
            assert made.logits == pytest.approx(stored_logits[image.id].logits, abs=1e-5)
            assert made.probabilities.sum() == pytest.approx(1)


def test_m_within_the_picture_is_in_standard_deviations(opened: Project) -> None:
    image = next(i for i in pictures(opened) if i.path.endswith("_ink.png"))
    made = explain_picture(opened, models(opened)[0], image, SaliencyMethod.COMPETITIVE, mask_set=EXACT)
    shown = made.maps[made.predicted].astype(np.float64)
    figures = made.figures(made.predicted)
    assert figures.relative == pytest.approx((figures.mean - shown.mean()) / shown.std())


def test_a_picture_without_a_mask_has_a_map_and_no_figures_of_ink(opened: Project) -> None:
    made = explain_picture(
        opened, models(opened)[0], pictures(opened)[0], SaliencyMethod.GRAD_CAM, mask_set=MaskSet.ADJUDICATED
    )
    figures = made.figures(0)
    assert made.coverage is None
    assert np.isnan([figures.mean, figures.relative, figures.peak, figures.chance]).all()
    assert np.isfinite([figures.gap, figures.logit]).all()


def test_maps_are_made_once_while_there_is_room(opened: Project) -> None:
    model, (first, second) = models(opened)[0], pictures(opened)[:2]
    explainer = Explainer(opened, most_bytes=1)
    method = SaliencyMethod.GRAD_CAM
    made = explainer.explain(model, first, method)
    assert explainer.explain(model, first, method, mask_set=EXACT).maps is made.maps
    explainer.explain(model, second, method)
    again = explainer.explain(model, first, method)
    assert again.maps is not made.maps
    assert (again.maps == made.maps).all()


def test_the_same_weights_at_another_size_are_another_model(opened: Project) -> None:
    model, image = models(opened)[0], pictures(opened)[0]
    smaller = replace(model, id=model.id + 100, name="smaller", preprocessing=Preprocessing(size=48))
    explainer = Explainer(opened)
    sides = [
        explainer.explain(one, image, SaliencyMethod.GRAD_CAM, mask_set=EXACT).maps.shape[-1]
        for one in (model, smaller, model)
    ]
    assert sides == [model.preprocessing.size, 48, model.preprocessing.size]


def test_a_slow_method_tells_how_far_it_is_and_can_be_stopped(opened: Project) -> None:
    model, image = models(opened)[0], pictures(opened)[0]
    events: list[Event] = []
    explainer = Explainer(opened)
    explainer.explain(model, image, SaliencyMethod.OCCLUSION, ctx=JobContext(events.append))
    seen = [event for event in events if isinstance(event, Progress)]
    assert len(seen) > 10
    assert [event.done for event in seen] == sorted(event.done for event in seen)
    assert seen[-1].done <= seen[-1].total

    context = JobContext()
    context.emit = lambda event: context.cancel.set() if event.done > 30 else None  # type: ignore[union-attr]
    started = time.monotonic()
    with pytest.raises(JobCancelled):
        explainer.explain(model, pictures(opened)[1], SaliencyMethod.OCCLUSION, ctx=context)
    assert time.monotonic() - started < 60
    # The network is as it was, and so is the next map.
    plain = explain_picture(opened, model, image, SaliencyMethod.GRAD_CAM)
    assert (explainer.explain(model, image, SaliencyMethod.GRAD_CAM).maps == plain.maps).all()


@pytest.mark.parametrize("method", [SaliencyMethod.SMOOTHGRAD, SaliencyMethod.INTEGRATED_GRADIENTS])
def test_a_densenet_that_is_followed_takes_the_passes_by_hand(
    opened: Project, method: SaliencyMethod, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, image = models(opened)[0], pictures(opened)[0]
    options = Options(samples=3, steps=4)
    network, size = load_classifier(opened, model), model.preprocessing.size
    pixels = resize_image(read_picture(opened, image), height=size, width=size)
    inputs = to_tensor(pixels[None], model.preprocessing)
    by_job = explain(network, inputs, [method], options)[method]
    # With a hook on it, a network goes through automatic differentiation.
    network.register_forward_pre_hook(lambda *_: None)
    by_autograd = explain(network, inputs, [method], options)[method]

    def refuse(*args: object, **more: object) -> None:
        raise AssertionError("automatic differentiation")

    monkeypatch.setattr(autograd, "run", refuse)
    events: list[Event] = []
    made = Explainer(opened).explain(model, image, method, options, ctx=JobContext(events.append))
    assert (made.maps == by_job.maps[0]).all()
    apart = np.linalg.norm(made.maps - by_autograd.maps[0]) / np.linalg.norm(by_autograd.maps[0])
    assert apart < 1e-2  # of float32
    told = [(event.done, event.total) for event in events if isinstance(event, Progress)]
    passes = 1 + (3 if method is SaliencyMethod.SMOOTHGRAD else 4)
    assert told == [(done, passes) for done in range(passes)]


def test_what_cannot_be_explained_says_why(opened: Project) -> None:
    model, image = models(opened)[0], pictures(opened)[0]
    refused = replace(model, brought=BroughtModel(refused={SaliencyMethod.GRAD_CAM: "It is a program."}))
    with pytest.raises(ModelError, match=r"cannot be explained by Grad-CAM\. It is a program\."):
        explain_picture(opened, refused, image, SaliencyMethod.GRAD_CAM)
    with pytest.raises(ModelError, match=r"gone\.safetensors: the file of biased is gone\. Restore it"):
        explain_picture(
            opened, replace(model, weights="checkpoints/gone.safetensors"), image, SaliencyMethod.GRAD_CAM
        )
    with pytest.raises(ImageError, match=r"lost\.png"):
        explain_picture(opened, model, replace(image, path="lost.png"), SaliencyMethod.GRAD_CAM)
