"""What a segmenter learns from: which pictures, and what is known of their ink."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gsal.jobs.masks.making import new_mask
from gsal.jobs.pictures.import_images import ImportImages
from gsal.jobs.runner import run_job
from gsal.jobs.segmenters.data import TrainingMasks, choose_training_masks
from gsal.jobs.segmenters.pictures import read_pictures
from gsal.progress import Event, JobContext, Notice
from gsal.project import Project
from gsal.records import Decision, InkRule, MaskSet, MaskSource, Purpose, ReaderKind, Verdict
from gsal.training.windows import INK, LOOK_ALIKE, NO_INK, UNKNOWN

SHAPE = (60, 90)
N = 12


def mask(*, strokes: int = 0) -> np.ndarray:
    drawn = np.zeros(SHAPE, np.bool_)
    for stroke in range(strokes):
        drawn[10 + 15 * stroke : 20 + 15 * stroke, 10:80] = True
    return drawn


@pytest.fixture
def photographed(project: Project, tmp_path: Path) -> list[int]:
    """Pictures that differ, each of its own patient."""
    folder = tmp_path / "photos" / "MEL"
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    for number in range(N):
        Image.fromarray(rng.integers(0, 256, (*SHAPE, 3), dtype=np.uint8)).save(folder / f"{number:02}.png")
    run_job(ImportImages(str(folder.parent)), project, JobContext())
    return [image.id for image in sorted(project.store.images.all(), key=lambda image: image.path)]


def propose(project: Project, image_id: int, votes: int) -> None:
    """Let so many rules find two strokes, of which the pick takes the first; the others find none."""
    for number, rule in enumerate(InkRule):
        found = mask(strokes=2 if number < votes else 0)
        project.store.masks.add(new_mask(image_id, found, MaskSource.RULE, rule=str(rule))).result()
    pick = mask(strokes=1 if votes > 1 else 0)
    project.store.masks.add(new_mask(image_id, pick, MaskSource.AUTOMATIC_PICK)).result()


def judge(project: Project, image_id: int, verdict: Verdict, *, strokes: int) -> None:
    reader = project.store.readers.add("Ada", ReaderKind.EXPERT)
    drawn = new_mask(image_id, mask(strokes=strokes), MaskSource.HUMAN, reader_id=reader.id)
    record = project.store.masks.add(drawn).result()
    decision = Decision(image_id, reader.id, Purpose.REVIEW, verdict, record.id, 1.0, "")
    project.store.decisions.add(decision).result()


def chosen_of(project: Project, mask_set: MaskSet, events: list[Event]) -> TrainingMasks:
    return choose_training_masks(project, mask_set, JobContext(events.append), max_pictures=0, seed=0)


def learned_from(chosen: TrainingMasks) -> set[int]:
    return {image.id for image, _ in chosen.training + chosen.validation}


def test_pictures_on_which_the_rules_are_split_teach_nothing(
    project: Project, photographed: list[int]
) -> None:
    for number, image_id in enumerate(photographed):
        propose(project, image_id, votes=2 if number < 3 else 3 if number < 7 else 1)
    events: list[Event] = []
    chosen = chosen_of(project, MaskSet.RULE, events)
    assert learned_from(chosen) == set(photographed[3:])
    assert chosen.n_split == 3
    assert any("3 pictures that only two" in e.text for e in events if isinstance(e, Notice))
    card = chosen.to_card()
    assert TrainingMasks.from_card(project, card) == chosen


def test_a_reader_settles_what_the_rules_are_split_about(project: Project, photographed: list[int]) -> None:
    for image_id in photographed:
        propose(project, image_id, votes=2)
    for image_id in photographed[:9]:
        judge(project, image_id, Verdict.ACCEPTED, strokes=1)
    chosen = chosen_of(project, MaskSet.BEST, [])
    assert learned_from(chosen) == set(photographed[:9])
    assert chosen.sources == {"human": 9}


def test_too_few_sure_pictures_are_better_than_none(project: Project, photographed: list[int]) -> None:
    for image_id in photographed:
        propose(project, image_id, votes=2)
    chosen = chosen_of(project, MaskSet.RULE, [])
    assert learned_from(chosen) == set(photographed)
    assert chosen.n_split == 0


def test_no_rules_mask_is_learned_that_a_reader_refused(project: Project, photographed: list[int]) -> None:
    for image_id in photographed:
        propose(project, image_id, votes=3)
    judge(project, photographed[0], Verdict.REJECTED, strokes=0)
    assert learned_from(chosen_of(project, MaskSet.BEST, [])) == set(photographed[1:])


def test_what_is_known_of_the_ink(project: Project, photographed: list[int]) -> None:
    for number, image_id in enumerate(photographed):
        propose(project, image_id, votes=1 if number < 4 else 3)
    judge(project, photographed[-1], Verdict.ACCEPTED, strokes=1)
    chosen = chosen_of(project, MaskSet.BEST, [])
    data = read_pictures(project, chosen, long_side=90, ctx=JobContext())
    images = [image.id for image, _ in chosen.training + chosen.validation]
    targets = dict(zip(images, [*data.targets, *data.validation_targets], strict=True))
    first, second = mask(strokes=1), mask(strokes=2) & ~mask(strokes=1)
    free, picked, drawn = (targets[photographed[n]] for n in (0, 5, -1))
    assert set(free[first | second]) == {LOOK_ALIKE}, "one rule alone on a picture without ink"
    assert set(picked[first]) == {INK}
    assert set(picked[second]) == {UNKNOWN}, "nobody has looked, and a rule may be right"
    assert set(drawn[first]) == {INK}
    assert set(drawn[second]) == {LOOK_ALIKE}, "a person has looked, and it is none"
    assert all(set(target[~(first | second)]) == {NO_INK} for target in targets.values())


def test_pictures_are_read_at_the_networks_long_side(project: Project, photographed: list[int]) -> None:
    for image_id in photographed:
        propose(project, image_id, votes=3)
    data = read_pictures(project, chosen_of(project, MaskSet.RULE, []), long_side=180, ctx=JobContext())
    assert {picture.shape for picture in data.pictures} == {(120, 180, 3)}
    assert {target.shape for target in data.targets} == {(120, 180)}
