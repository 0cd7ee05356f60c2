"""A segmenter against people's masks, apart by what those began from."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gsal.jobs.evaluate_segmenter import EvaluateSegmenter
from gsal.jobs.mask_making import new_mask
from gsal.jobs.mask_starts import Start, starts_of
from gsal.jobs.runner import run_job
from gsal.masks.proportions import wilson
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import (
    Decision,
    MaskRecord,
    MaskSet,
    MaskSource,
    ModelKind,
    NewImage,
    NewMask,
    Preprocessing,
    Purpose,
    Reader,
    ReaderKind,
    Verdict,
)

SHAPE = (64, 64)


@pytest.fixture
def ada(project: Project) -> Reader:
    return project.store.readers.add("Ada", ReaderKind.EXPERT)


def add_pictures(project: Project, count: int) -> list[int]:
    new = [NewImage(f"{n}.png", f"{n:064x}", 1, 1, SHAPE[1], SHAPE[0]) for n in range(count)]
    return project.store.images.add(new, folder=Path("/pictures"))


def add_model(project: Project) -> int:
    card: dict[str, Any] = {"training_images": [], "validation_images": []}
    made = project.store.models.add(
        "bisenet",
        kind=ModelKind.SEGMENTER,
        architecture="bisenet",
        preprocessing=Preprocessing(),
        seed=0,
        run_card=card,
    )
    return project.store.models.finish(made.id, weights="w", weights_sha256="0", run_card=card).id


def bar(width: int) -> np.ndarray:
    mask = np.zeros(SHAPE, np.bool_)
    mask[10:50, 5 : 5 + width] = True
    return mask


def keep(project: Project, mask: NewMask) -> MaskRecord:
    return project.store.masks.add(mask).result()


def accept(project: Project, mask: NewMask) -> MaskRecord:
    record = keep(project, mask)
    purpose = Purpose.ADJUDICATION if mask.source is MaskSource.ADJUDICATED else Purpose.REVIEW
    decision = Decision(mask.image_id, mask.reader_id or 0, purpose, Verdict.ACCEPTED, record.id, 1.0, "")
    project.store.decisions.add(decision).result()
    return record


def human(image_id: int, reader: Reader, width: int, parent: MaskRecord | None = None) -> NewMask:
    mask = new_mask(image_id, bar(width), MaskSource.HUMAN, reader_id=reader.id)
    return replace(mask, parent_id=None if parent is None else parent.id)


def test_the_start_of_a_mask_is_found_through_its_forebears(project: Project, ada: Reader) -> None:
    ids = add_pictures(project, 8)
    rule = keep(project, new_mask(ids[1], bar(3), MaskSource.RULE, rule="hue"))
    pick = keep(project, new_mask(ids[2], bar(3), MaskSource.AUTOMATIC_PICK, rule="hue"))
    made = keep(project, new_mask(ids[3], bar(3), MaskSource.MODEL, model_id=add_model(project)))
    exact = keep(project, new_mask(ids[4], bar(3), MaskSource.EXACT))
    first = keep(project, human(ids[5], ada, 3, made))
    second = keep(project, human(ids[5], ada, 4, first))
    adjudicated = new_mask(ids[7], bar(3), MaskSource.ADJUDICATED, reader_id=ada.id)
    masks = [
        keep(project, human(ids[0], ada, 3)),
        *(keep(project, human(one.image_id, ada, 4, one)) for one in (rule, pick, made, exact)),
        keep(project, human(ids[5], ada, 5, second)),
        keep(project, replace(human(ids[6], ada, 4), tool="import")),
        keep(project, adjudicated),
        rule,
    ]
    expected = [Start.BLANK, Start.RULE, Start.RULE, Start.NETWORK, Start.OTHER, Start.NETWORK]
    assert starts_of(project, masks) == dict(zip(ids, [*expected, Start.OTHER, Start.OTHER], strict=True))


def test_results_are_split_by_start(project: Project, ada: Reader) -> None:
    """Masks begun blank differ from the network's, those begun from it do not: the split shows it."""
    ids = add_pictures(project, 5)
    model_id = add_model(project)
    for number in ids:
        keep(project, new_mask(number, bar(20), MaskSource.MODEL, model_id=model_id))
    made = project.store.masks.best(None, MaskSet.NETWORK)
    accept(project, human(ids[0], ada, 10))
    accept(project, human(ids[1], ada, 0))
    accept(project, human(ids[2], ada, 20, made[ids[2]]))
    accept(project, human(ids[3], ada, 20, made[ids[3]]))
    keep(project, new_mask(ids[4], bar(20), MaskSource.EXACT))
    result = run_job(EvaluateSegmenter(against="human"), project, JobContext())
    assert list(result["by_start"]) == ["blank", "network"]
    blank, network = result["by_start"]["blank"], result["by_start"]["network"]
    assert (blank["n"], network["n"]) == (2, 2)
    assert blank["dice"] == {"mean": pytest.approx(1 / 3), "n": 2, "undefined": 0}
    assert network["dice"]["mean"] == 1
    share = wilson(1, 2)
    assert blank["same_decision"]["estimate"] == 0.5
    assert (blank["same_decision"]["low"], blank["same_decision"]["high"]) == (share.low, share.high)
    assert (network["same_decision"]["estimate"], network["same_decision"]["n"]) == (1, 2)
    exact = run_job(EvaluateSegmenter(against="exact"), project, JobContext())
    assert (exact["summary"]["n"], exact["by_start"]) == (1, {})
