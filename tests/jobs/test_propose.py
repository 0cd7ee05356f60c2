"""Proposing by the rules: with settings that are kept, again with others, never touching people's work."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from gsal.errors import GsalError
from gsal.images.loader import load_rgb
from gsal.jobs.masks.making import new_mask
from gsal.jobs.masks.propose import Propose, keep_proposals, propose_small
from gsal.jobs.pictures.import_images import ImportImages
from gsal.jobs.runner import run_job
from gsal.masks.agreement import dice
from gsal.masks.codec import decode
from gsal.progress import JobCancelled, JobContext, Progress
from gsal.project import Project
from gsal.records import MaskSet, MaskSource, NewReading, Purpose, ReaderKind

RED = (190, 35, 50)
N = 3


@pytest.fixture
def ink() -> np.ndarray:
    drawn = np.zeros((240, 320), np.uint8)
    cv2.ellipse(drawn, (160, 120), (100, 70), 10, 0, 320, 1, 6)
    return drawn > 0


@pytest.fixture
def inked_project(project: Project, tmp_path: Path, ink: np.ndarray) -> Project:
    """Three pictures of skin with a ring in red pen."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for number in range(N):
        picture = np.full((240, 320, 3), (214, 168, 146)) + rng.normal(0, 3, (240, 320, 3))
        cover = cv2.GaussianBlur(ink.astype(np.float32), (0, 0), 0.8)[..., None] * 0.8
        picture = picture * (1 - cover) + np.array(RED) * cover
        Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(folder / f"{number}.png")
    ImportImages(str(folder)).run(JobContext(), project)
    return project


def picked(project: Project, ink: np.ndarray) -> tuple[int, int, int]:
    picture = load_rgb(project.image_path(project.store.images.get(1)))
    red, green, blue = (int(part) for part in np.median(picture[ink], axis=0))
    return red, green, blue


def n_masks(project: Project) -> int:
    ids = range(1, 1000)
    return len(project.store.masks.get_many(ids))


def test_settings_are_kept_with_every_mask_and_others_propose_anew(
    inked_project: Project, ink: np.ndarray
) -> None:
    project = inked_project
    usual = {"sensitivity": 1.0, "max_pen_width": 0.1, "ink_colour": None}
    assert Propose().run(JobContext(), project) == {"pictures": N, "proposed": N, "problems": []}
    before = project.store.masks.by_rule()
    assert all(mask.settings == usual for rules in before.values() for mask in rules.values())
    assert project.store.masks.best(None, MaskSet.RULE)[1].settings == usual
    assert n_masks(project) == 4 * N
    Propose().run(JobContext(), project)
    assert n_masks(project) == 4 * N, "what is finished is not done twice"
    colour = picked(project, ink)
    assert Propose(ink_colour=colour).run(JobContext(), project)["proposed"] == N
    assert n_masks(project) == 8 * N
    after = project.store.masks.by_rule()
    for image_id, rules in after.items():
        for rule, mask in rules.items():
            assert mask.settings == usual | {"ink_colour": list(colour)}
            assert dice(decode(project.store.masks.load(mask.id)), ink) > 0.8, "red pen is found"
            assert mask.id != before[image_id][rule].id
    Propose(ink_colour=colour).run(JobContext(), project)
    assert n_masks(project) == 8 * N


def test_it_goes_on_where_it_was_stopped(inked_project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gsal.jobs.masks.propose._BATCH", 1)
    Propose().run(JobContext(), inked_project)
    context = JobContext(lambda event: context.cancel.set() if _is_second(event) else None)
    with pytest.raises(JobCancelled):
        Propose(sensitivity=1.5).run(context, inked_project)
    made = n_masks(inked_project) - 4 * N
    assert 0 < made < 4 * N
    assert Propose(sensitivity=1.5).run(JobContext(), inked_project)["proposed"] == N
    assert n_masks(inked_project) == 8 * N


def _is_second(event: object) -> bool:
    return isinstance(event, Progress) and event.done >= 2


def test_people_s_masks_and_readings_stay_as_they_are(inked_project: Project) -> None:
    project, store = inked_project, inked_project.store
    Propose().run(JobContext(), project)
    reader = store.readers.add("Ada", ReaderKind.EXPERT)
    start = store.masks.by_rule()[1]["dark"]
    human = store.masks.add(
        new_mask(1, np.ones((240, 320), np.bool_), MaskSource.HUMAN, reader_id=reader.id)
    ).result()
    new = NewReading("00000000-0000-0000-0000-000000000001", 2, reader.id, Purpose.REVIEW, start.id, 240, 320)
    reading = store.readings.add(new).result()
    Propose(sensitivity=2.0, max_pen_width=0.2).run(JobContext(), project)
    assert store.masks.head(1, reader.id, Purpose.REVIEW) == human
    assert store.readings.latest(2, reader.id, Purpose.REVIEW) == reading
    assert store.masks.get_many([start.id])[start.id] == start
    assert store.masks.by_rule()[1]["dark"].settings == {
        "sensitivity": 2.0,
        "max_pen_width": 0.2,
        "ink_colour": None,
    }


def test_one_picture_proposed_for_is_left_out_of_the_whole_run(
    inked_project: Project, ink: np.ndarray
) -> None:
    project = inked_project
    job = Propose(ink_colour=picked(project, ink))
    picture = load_rgb(project.image_path(project.store.images.get(2)))
    keep_proposals(project, 2, propose_small(picture, job.settings), job)
    kept = project.store.masks.by_rule()[2]
    assert project.store.images.get(2).disagreement is not None
    job.run(JobContext(), project)
    assert project.store.masks.by_rule()[2] == kept
    assert n_masks(project) == 4 * N


def test_the_last_settings_are_those_to_go_on_with(
    inked_project: Project, reopened: Callable[[], Project]
) -> None:
    assert Propose.as_last(inked_project) == Propose()
    job = Propose(1.5, 0.2, (10, 20, 30))
    run_job(job, inked_project, JobContext())
    with pytest.raises(GsalError):
        run_job(Propose(sensitivity=0), inked_project, JobContext())
    assert Propose.as_last(reopened()) == job


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (Propose(sensitivity=0), "sensitivity must be above 0"),
        (Propose(sensitivity=float("nan")), "sensitivity must be above 0"),
        (Propose(max_pen_width=1.5), "share of the picture's long side"),
        (Propose(ink_colour=(0, 0, 300)), "red, green and blue from 0 to 255"),
    ],
)
def test_impossible_settings_are_refused_before_anything_is_done(
    inked_project: Project, job: Propose, words: str
) -> None:
    with pytest.raises(GsalError, match=words):
        job.run(JobContext(), inked_project)
    assert n_masks(inked_project) == 0
