"""Two and three readers of one project, their repeats, and how well they agree."""

import math
import uuid
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gsal.arrays import Mask
from gsal.errors import NotFoundError
from gsal.jobs.masks.making import new_mask
from gsal.jobs.pictures.import_images import ImportImages
from gsal.jobs.reading.agreement import read_agreement, read_kappa, read_pair
from gsal.jobs.runner import run_job
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import Decision, MaskSource, Purpose, Reader, ReaderKind, Verdict

SHAPE = 64, 80
SECOND, REPEAT = Purpose.SECOND_READING, Purpose.REPEAT


def square(top: int, left: int, side: int) -> Mask:
    mask = np.zeros(SHAPE, np.bool_)
    mask[top : top + side, left : left + side] = True
    return mask


ONE, TWO, NOTHING = square(10, 10, 30), square(20, 20, 30), np.zeros(SHAPE, np.bool_)


class Room:
    """A project of eight pictures and three readers."""

    def __init__(self, project: Project, folder: Path) -> None:
        self.project = project
        folder.mkdir()
        rng = np.random.default_rng(0)
        for i in range(8):
            Image.fromarray(rng.integers(0, 255, (*SHAPE, 3), dtype=np.uint8)).save(folder / f"{i}.png")
        run_job(ImportImages(str(folder)), project, JobContext())
        self.images = project.store.images.all()
        add = project.store.readers.add
        self.anna, self.bert, self.cleo = (add(name, ReaderKind.EXPERT) for name in ("Anna", "Bert", "Cleo"))

    def leave(
        self,
        picture: int,
        reader: Reader,
        mask: Mask | None,
        purpose: Purpose = Purpose.VALIDATION,
        verdict: Verdict = Verdict.ACCEPTED,
    ) -> None:
        image_id = self.images[picture].id
        revision_id = None
        if mask is not None:
            new = new_mask(image_id, mask, MaskSource.HUMAN, reader_id=reader.id)
            revision_id = self.project.store.masks.add(new).result().id
        decision = Decision(
            image_id, reader.id, purpose, verdict, revision_id, 1.0, "", uuid=str(uuid.uuid4())
        )
        self.project.store.decisions.add(decision).result()


@pytest.fixture
def room(project: Project, tmp_path: Path) -> Room:
    return Room(project, tmp_path / "photos")


def test_kappa_counts_each_doubly_read_picture_once(room: Room) -> None:
    """Ink by reader: yes/yes, yes/no, no/no, no/no and one that was not judged: kappa (.75 - .5) / .5."""
    for picture, (anna, bert) in enumerate([(ONE, TWO), (ONE, NOTHING), (NOTHING, NOTHING), (NOTHING, None)]):
        room.leave(picture, room.anna, anna)
        room.leave(picture, room.bert, bert, SECOND)
    room.leave(4, room.anna, ONE)
    room.leave(4, room.bert, ONE, SECOND, Verdict.CANNOT_JUDGE)
    room.leave(5, room.anna, ONE)
    room.leave(2, room.anna, ONE, REPEAT)
    kappa = read_kappa(room.project)
    assert (kappa.n, kappa.left_out, kappa.n_pictures) == (4, 1, 4)
    assert kappa.value == pytest.approx(0.5)
    room.leave(1, room.bert, ONE, SECOND)
    assert read_kappa(room.project).value == pytest.approx(1.0), "the last reading counts"


def test_kappa_takes_every_two_of_three_readers(room: Room) -> None:
    """One picture: ink for Anna and Bert only; another: none for anybody. One of six pairs differs twice."""
    for reader, mask, purpose in (
        (room.anna, ONE, Purpose.VALIDATION),
        (room.bert, ONE, SECOND),
        (room.cleo, NOTHING, SECOND),
    ):
        room.leave(0, reader, mask, purpose)
        room.leave(1, reader, NOTHING, purpose)
    kappa = read_kappa(room.project)
    assert (kappa.n, kappa.n_pictures) == (6, 2)
    # Pairs: 1/1, 1/0, 1/0 and three times 0/0: agreed 4/6, by chance .5 * 1/6 + .5 * 5/6.
    assert kappa.value == pytest.approx((4 / 6 - 0.5) / 0.5)


def test_kappa_of_many_pictures_is_few_queries(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    for picture in range(4):
        room.leave(picture, room.anna, ONE)
        room.leave(picture, room.bert, TWO, SECOND)

    def refuse(image_id: int) -> list[Decision]:
        raise AssertionError(f"picture {image_id} is asked for on its own")

    monkeypatch.setattr(room.project.store.decisions, "latest_by_reader", refuse)
    assert read_kappa(room.project).n == 4


def test_a_pair_is_of_the_two_who_read_last(room: Room) -> None:
    room.leave(0, room.anna, ONE)
    with pytest.raises(NotFoundError, match="fewer than two readers"):
        read_pair(room.project, room.images[0])
    room.leave(0, room.bert, TWO, SECOND)
    room.leave(0, room.cleo, NOTHING, SECOND)
    room.leave(0, room.anna, ONE | TWO, REPEAT)
    pair = read_pair(room.project, room.images[0])
    assert pair.n_readings == 3
    masks = {mask.tobytes() for mask in (pair.first.mask, pair.second.mask) if mask is not None}
    assert masks == {TWO.tobytes(), NOTHING.tobytes()}
    room.leave(0, room.anna, ONE)
    pair = read_pair(room.project, room.images[0])
    masks = {mask.tobytes() for mask in (pair.first.mask, pair.second.mask) if mask is not None}
    assert masks == {ONE.tobytes(), NOTHING.tobytes()}, "Anna has read it again"


def test_every_two_readers_are_compared(room: Room) -> None:
    room.leave(0, room.anna, ONE)
    room.leave(0, room.bert, TWO, SECOND)
    room.leave(1, room.anna, NOTHING)
    room.leave(1, room.bert, None, SECOND)
    room.leave(2, room.anna, ONE)
    room.leave(2, room.bert, ONE, SECOND, Verdict.REJECTED)
    room.leave(0, room.cleo, ONE, SECOND)
    found = read_agreement(room.project, JobContext())
    by_names = {(one.first, one.second): one for one in found.between}
    assert list(by_names) == [("Anna", "Bert"), ("Anna", "Cleo"), ("Bert", "Cleo")]
    of_two = by_names["Anna", "Bert"]
    assert (of_two.left_out, of_two.overall.n, of_two.overall.n_same) == (1, 2, 2)
    assert of_two.overall.kappa == 1.0
    assert of_two.overall.dice.mean == pytest.approx(2 * 400 / 1800)
    assert (of_two.overall.dice.n, of_two.overall.dice.undefined) == (1, 1), "two empty masks have no Dice"
    assert by_names["Anna", "Cleo"].overall.dice.mean == 1.0
    assert math.isnan(by_names["Anna", "Cleo"].overall.kappa), "one picture is no kappa"
    assert found.within == ()


def test_a_reader_is_compared_with_themselves(room: Room) -> None:
    """First look and repeat: the same, ink and none, none and none; the fourth has no first look."""
    for picture, (first, again) in enumerate([(ONE, ONE), (ONE, NOTHING), (NOTHING, NOTHING)]):
        room.leave(picture, room.anna, first)
        room.leave(picture, room.anna, again, REPEAT)
    room.leave(3, room.anna, ONE, REPEAT)
    room.leave(0, room.bert, TWO, SECOND)
    found = read_agreement(room.project, JobContext())
    (anna,) = found.within
    assert (anna.first, anna.second, anna.left_out) == ("Anna", "Anna", 0)
    assert (anna.overall.n, anna.overall.n_same) == (3, 2)
    assert anna.overall.kappa == pytest.approx(0.4)
    assert anna.overall.dice.mean == pytest.approx(0.5)
    assert [(one.first, one.second) for one in found.between] == [("Anna", "Bert")]


def test_masks_of_two_sizes_are_compared(room: Room) -> None:
    room.leave(0, room.anna, ONE)
    room.leave(0, room.bert, np.kron(ONE, np.ones((2, 2), np.bool_)), SECOND)
    (pair,) = read_agreement(room.project, JobContext()).between
    assert pair.overall.dice.mean == 1.0
