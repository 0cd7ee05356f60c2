"""Verdicts: only a review moves a picture's human mask, and only its own reader takes it back."""

import pytest

from gsal.project import Project
from gsal.records import Decision, MaskRecord, MaskSet, MaskSource, Purpose, Reader, ReaderKind, Verdict

from .conftest import NewMaskOf

BLIND = [purpose for purpose in Purpose if purpose is not Purpose.REVIEW]


@pytest.fixture
def readers(project: Project) -> tuple[Reader, Reader]:
    return project.store.readers.add("A", ReaderKind.EXPERT), project.store.readers.add(
        "B", ReaderKind.EXPERT
    )


@pytest.fixture
def accepted(
    project: Project, image_ids: list[int], new_mask: NewMaskOf, readers: tuple[Reader, Reader]
) -> MaskRecord:
    """The first reader's mask of the first picture, accepted in a review."""
    mask = new_mask(image_ids[0], source=MaskSource.HUMAN, reader_id=readers[0].id)
    record = project.store.masks.add(mask).result()
    _decide(project, record.image_id, readers[0], Purpose.REVIEW, Verdict.ACCEPTED, record.id)
    return record


def _decide(
    project: Project,
    image_id: int,
    reader: Reader,
    purpose: Purpose,
    verdict: Verdict,
    revision_id: int | None = None,
) -> None:
    decision = Decision(image_id, reader.id, purpose, verdict, revision_id, 1.0, "")
    project.store.decisions.add(decision).result()


def _human(project: Project) -> dict[int, MaskRecord]:
    return project.store.masks.best(None, MaskSet.HUMAN)


@pytest.mark.parametrize("purpose", BLIND)
@pytest.mark.parametrize("who", [0, 1])
def test_a_blind_reading_leaves_the_human_mask(
    project: Project,
    accepted: MaskRecord,
    new_mask: NewMaskOf,
    readers: tuple[Reader, Reader],
    purpose: Purpose,
    who: int,
) -> None:
    image, reader = accepted.image_id, readers[who]
    mask = new_mask(image, content=b"b", source=MaskSource.HUMAN, reader_id=reader.id, purpose=purpose)
    blind = project.store.masks.add(mask).result()
    for verdict in Verdict:
        _decide(project, image, reader, purpose, verdict, blind.id)
        assert _human(project) == {image: accepted}
        latest = project.store.decisions.latest(image, reader.id, purpose)
        assert latest is not None
        assert latest.verdict is verdict


def test_an_accepted_validation_reading_is_no_human_mask(
    project: Project, image_ids: list[int], new_mask: NewMaskOf, readers: tuple[Reader, Reader]
) -> None:
    reader, purpose = readers[0], Purpose.VALIDATION
    mask = new_mask(image_ids[0], source=MaskSource.HUMAN, reader_id=reader.id, purpose=purpose)
    blind = project.store.masks.add(mask).result()
    _decide(project, image_ids[0], reader, purpose, Verdict.ACCEPTED, blind.id)
    assert _human(project) == {}
    assert project.store.masks.best() == {}


def test_only_its_reader_takes_a_human_mask_back(
    project: Project, accepted: MaskRecord, readers: tuple[Reader, Reader]
) -> None:
    first, second = readers
    _decide(project, accepted.image_id, second, Purpose.REVIEW, Verdict.REJECTED)
    assert _human(project) == {accepted.image_id: accepted}
    _decide(project, accepted.image_id, first, Purpose.REVIEW, Verdict.REJECTED)
    assert _human(project) == {}
