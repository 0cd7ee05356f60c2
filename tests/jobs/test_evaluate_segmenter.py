"""A segmenter against people's masks, apart by what those began from."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gsal.errors import ModelError
from gsal.jobs.evaluation.evaluate import EvaluateSegmenter
from gsal.jobs.masks.making import new_mask
from gsal.jobs.masks.starts import Start, starts_of
from gsal.jobs.runner import run_job
from gsal.masks import probabilities
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
    ValidationMember,
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


def measured(project: Project, **settings: Any) -> dict[str, Any]:
    result = run_job(EvaluateSegmenter(**settings), project, JobContext())
    json.dumps(result, allow_nan=False)
    return result


def own(result: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for one in result["figures"] if one["key"] == key)


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
    result = measured(project, against="human")
    blank, network = result["by"]["start"]
    assert (blank["group"], blank["n"], network["group"], network["n"]) == ("blank", 2, "network", 2)
    assert blank["dice"]["estimate"] == pytest.approx(1 / 3)
    assert (blank["dice"]["n"], blank["dice"]["n_patients"]) == (2, 2)
    assert network["dice"]["estimate"] == 1
    share = wilson(0, 1)
    assert blank["specificity"]["high"] == share.high
    assert (own(result, "same_decision")["value"], result["summary"]["n"]) == (0.75, 4)
    assert [one["start"] for one in result["pictures"]] == ["blank", "blank", "network", "network"]
    # The masks of three pictures have ink, whose colour is then looked for in a file that is not there.
    assert "3 pictures could not be read, so their ink has no colour." in result["notes"]
    exact = measured(project, against="exact")
    assert (exact["summary"]["n"], exact["by"]["start"]) == (1, [])


RULES = {"hue": 10, "lab": 14, "dark": 0}
"""Widths of the bars that the rules find; two of three say ink, and agree on 10 columns of it."""


def ruled(project: Project, count: int, *, columns: list[str] | None = None) -> tuple[list[int], int]:
    """Add pictures of two patients each, with masks of a network and of all rules."""
    new = [
        NewImage(
            f"{n}.png",
            f"{n:064x}",
            1,
            1,
            SHAPE[1],
            SHAPE[0],
            label="MEL" if n % 2 else "NV",
            patient_id=f"p{n // 2}",
            extra={} if columns is None else {"ink_seen": columns[n]},
        )
        for n in range(count)
    ]
    ids = project.store.images.add(new, folder=Path("/pictures"))
    model_id = add_model(project)
    for number in ids:
        keep(project, new_mask(number, bar(20), MaskSource.MODEL, model_id=model_id))
        for rule, width in RULES.items():
            keep(project, new_mask(number, bar(width), MaskSource.RULE, rule=rule))
    return ids, model_id


def beside(result: dict[str, Any], subject: str) -> dict[str, Any]:
    return next(one for one in result["beside"] if one["subject"] == subject)


def test_the_rules_and_their_majority_stand_beside_the_network(project: Project, ada: Reader) -> None:
    ids, _ = ruled(project, 6)
    for number in ids:
        accept(project, human(number, ada, 20))
    result = measured(project, against="human")
    assert own(result, "dice")["value"] == 1
    for subject, width in (("hue", 10), ("lab", 14), ("2 of 3", 10), ("automatic pick", 14)):
        one = beside(result, subject)
        expected = 2 * width / (20 + width)
        assert one["dice"]["estimate"] == pytest.approx(expected)
        assert one["difference"]["dice"]["estimate"] == pytest.approx(1 - expected)
        assert one["difference"]["dice"]["n_patients"] == 3
        assert one["sensitivity"]["estimate"] == 1
    assert beside(result, "dark")["sensitivity"]["estimate"] == 0
    assert "bisenet beats the best single rule (lab) by .18 [.18, .18] in Dice." in result["verdicts"]
    assert "bisenet beats the 2-of-3 majority of the rules by .33 [.33, .33] in Dice." in result["verdicts"]
    assert result["human_level"] is None
    assert any("two readers" in note for note in result["notes"])


def test_the_majority_decides_by_votes_and_not_by_common_pixels(project: Project, ada: Reader) -> None:
    """Two rules find ink in different places: no pixel in common, and yet the picture is called inked."""
    (number,), _ = ruled(project, 1)
    other = bar(20)[::-1, ::-1].copy()
    keep(project, new_mask(number, other, MaskSource.RULE, rule="dark"))
    keep(project, new_mask(number, bar(0), MaskSource.RULE, rule="lab"))
    accept(project, human(number, ada, 20))
    one = beside(measured(project, against="human"), "2 of 3")
    assert (one["dice"]["estimate"], one["sensitivity"]["estimate"]) == (0, 1)


def test_judgements_alone_measure_decisions(project: Project) -> None:
    """The network calls all six inked; hue and lab too, dark none; yes, no, and what is neither."""
    ruled(project, 6, columns=["yes", "No ", "unsure", "", "yes", "no"])
    result = measured(project, judgements="ink_seen")
    assert (result["summary"]["n"], result["summary"]["not_judged"], result["summary"]["n_masks"]) == (
        4,
        2,
        0,
    )
    assert (own(result, "sensitivity")["value"], own(result, "specificity")["value"]) == (1, 0)
    assert own(result, "auc")["value"] == 0.5
    assert (own(result, "dice")["value"], own(result, "dice")["n"]) == (None, 0)
    dark = beside(result, "dark")
    assert (dark["sensitivity"]["estimate"], dark["specificity"]["estimate"]) == (0, 1)
    assert dark["difference"]["sensitivity"]["estimate"] == 1
    assert dark["difference"]["dice"]["estimate"] is None
    assert {one["truth_mask"] for one in result["pictures"]} == {None}
    assert any("2 pictures are not judged" in note for note in result["notes"])


def test_masks_and_judgements_each_measure_what_they_know(project: Project, ada: Reader) -> None:
    ids, _ = ruled(project, 4, columns=["no", "yes", "", "yes"])
    accept(project, human(ids[0], ada, 20))
    accept(project, human(ids[2], ada, 20))
    result = measured(project, against="human", judgements="ink_seen")
    assert own(result, "dice")["n"] == 2
    assert (own(result, "sensitivity")["n"], own(result, "specificity")["n"]) == (2, 1)
    assert [one["is_inked"] for one in result["pictures"]] == [False, True, None, True]


def test_the_curve_is_cut_from_what_is_kept(project: Project) -> None:
    ids = add_pictures(project, 3)
    model_id = add_model(project)
    for number, width in zip(ids, (20, 20, 0), strict=True):
        keep(project, new_mask(number, bar(width), MaskSource.EXACT))
    for number, share in zip(ids[:2], (0.32, 0.9), strict=True):
        values = np.where(bar(20), share, 0.0).astype(np.float32)
        made = new_mask(number, values > 0.5, MaskSource.MODEL, model_id=model_id, threshold=0.5)
        keep(project, replace(made, probabilities=probabilities.encode(values)))
    keep(project, new_mask(ids[2], bar(0), MaskSource.MODEL, model_id=model_id))
    result = measured(project)
    found = {point["threshold"]: point["sensitivity"]["estimate"] for point in result["curve"]}
    assert (len(found), found[0.3], found[0.35], found[0.85], found[0.9]) == (19, 1, 0.5, 0.5, 0)
    assert result["curve"][0]["specificity"]["n"] == 0
    assert any("1 pictures are not in the curve" in note for note in result["notes"])


def read_blind(project: Project, reader: Reader, number: int, width: int, purpose: Purpose) -> None:
    record = keep(project, replace(human(number, reader, width), purpose=purpose))
    decision = Decision(number, reader.id, purpose, Verdict.ACCEPTED, record.id, 1.0, "")
    project.store.decisions.add(decision).result()


def test_the_network_is_measured_beside_two_readers(project: Project, ada: Reader) -> None:
    """Readers: alike; with a Dice of 2/3; tied and left out; tied and adjudicated as ink-free; no ink."""
    ben = project.store.readers.add("Ben", ReaderKind.EXPERT)
    ids, _ = ruled(project, 6)
    for number, first, second in zip(ids, (20, 10, 20, 20, 0), (20, 20, 0, 0, 0), strict=False):
        read_blind(project, ada, number, first, Purpose.VALIDATION)
        read_blind(project, ben, number, second, Purpose.SECOND_READING)
    accept(project, new_mask(ids[3], bar(0), MaskSource.ADJUDICATED, reader_id=ben.id))
    result = measured(project, against="human")
    level = result["human_level"]
    assert (level["inked"]["n"], level["inked"]["estimate"]) == (2, 1)
    assert (level["ink_free"]["n"], level["ink_free"]["estimate"]) == (2, 0)
    assert (level["all"]["n"], level["tied"], level["by_adjudication"]) == (4, 1, 1)
    assert [one["image_id"] for one in result["pictures"]] == [ids[0], ids[1], ids[3], ids[4]]
    assert result["summary"]["tied"] == 1
    assert result["pictures"][2]["truth_ink_px"] == 0, "the adjudicated mask stands where readers are tied"
    pair = beside(result, "Ada and Ben")
    assert (pair["n"], pair["dice"]["n"]) == (5, 4)
    # Ada says ink in four of five, Ben in two of these: 3 of 5 alike, by chance .8 x .4 + .2 x .6.
    assert pair["kappa"]["estimate"] == pytest.approx((3 / 5 - 0.44) / (1 - 0.44))
    assert pair["dice"]["estimate"] == pytest.approx((1 + 2 / 3 + 0 + 0) / 4)
    # The network with each reader: 1 and 1, 2/3 and 1, 1 and 0 twice; 0 where neither reader has ink.
    assert pair["model"]["dice"]["estimate"] == pytest.approx((1 + 5 / 6 + 0.5 + 0.5 + 0) / 5)
    assert pair["difference"]["dice"]["estimate"] == pytest.approx(
        pair["model"]["dice"]["estimate"] - pair["dice"]["estimate"]
    )


def test_only_the_locked_set_is_measured_when_asked(project: Project, ada: Reader) -> None:
    ids, _ = ruled(project, 4)
    for number in ids:
        accept(project, human(number, ada, 20))
    with pytest.raises(ModelError, match="not locked"):
        measured(project, against="human", locked_only=True)
    members = [ValidationMember(number, "", place) for place, number in enumerate(ids[1:3])]
    project.store.validation.choose(n_wanted=2, seed=0, members=members)
    with pytest.raises(ModelError, match="gsal validation lock"):
        measured(project, against="human", locked_only=True)
    project.store.validation.lock(ada.id)
    result = measured(project, against="human", locked_only=True)
    assert [one["image_id"] for one in result["pictures"]] == ids[1:3]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"against": "network"}, "no reference; choose exact"),
        ({"against": "human"}, "has a mask of the set 'human'. Review some"),
        ({"judgements": "inked"}, "no column inked; it has ink_seen"),
        ({"judgements": "ink_seen"}, "neither yes nor no"),
    ],
)
def test_what_is_missing_is_said(project: Project, settings: dict[str, str], sentence: str) -> None:
    ruled(project, 2, columns=["unsure", ""])
    with pytest.raises(ModelError, match=sentence):
        measured(project, **settings)


def test_a_network_is_not_measured_on_what_it_learned_from(project: Project) -> None:
    ids = add_pictures(project, 2)
    with_card = {"training_images": ids[:1], "validation_images": ids[1:]}
    made = project.store.models.add(
        "bisenet",
        kind=ModelKind.SEGMENTER,
        architecture="bisenet",
        preprocessing=Preprocessing(),
        seed=0,
        run_card=with_card,
    )
    project.store.models.finish(made.id, weights="w", weights_sha256="0", run_card=with_card)
    with pytest.raises(ModelError, match="learned from every patient"):
        measured(project)
    more = project.store.images.add([NewImage("9.png", "9" * 64, 1, 1, 64, 64)], folder=Path("/pictures"))
    assert len(more) == 1
    with pytest.raises(ModelError, match="gsal segment --model bisenet"):
        measured(project)
