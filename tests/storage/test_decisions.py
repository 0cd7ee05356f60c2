"""Verdicts: each purpose moves its own masks, only its own reader takes one back, and none is kept twice."""

import uuid
from dataclasses import replace

import pytest

from gsal.errors import NotFoundError
from gsal.project import Project
from gsal.records import (
    Decision,
    MaskRecord,
    MaskSet,
    MaskSource,
    NewReading,
    Purpose,
    Reader,
    ReaderKind,
    Verdict,
)

from .conftest import REFUSED, NewMaskOf, Outside

BLIND = [Purpose.SECOND_READING, Purpose.REPEAT, Purpose.ADJUDICATION]


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


def test_many_masks_are_kept_and_accepted_in_one_transaction(
    project: Project, image_ids: list[int], new_mask: NewMaskOf, readers: tuple[Reader, Reader]
) -> None:
    first, second = readers
    masks = [new_mask(i, source=MaskSource.HUMAN, reader_id=first.id) for i in image_ids[:3]]
    known = project.store.masks.add(masks[2]).result()
    records = project.store.decisions.accept_many(masks[:2], reader_id=first.id, known=[known])
    assert [record.uuid for record in records] == [mask.uuid for mask in masks[:2]]
    assert _human(project) == {record.image_id: record for record in (*records, known)}
    accepted = dict.fromkeys(image_ids[:3], Verdict.ACCEPTED)
    assert project.store.decisions.status_by_image(first.id, Purpose.REVIEW) == accepted
    assert project.store.masks.heads(image_ids, first.id, Purpose.REVIEW) == _human(project)
    assert project.store.masks.heads(image_ids, second.id, Purpose.REVIEW) == {}
    with pytest.raises(NotFoundError):
        project.store.decisions.accept_many(
            [
                new_mask(image_ids[4], source=MaskSource.HUMAN, reader_id=first.id),
                replace(masks[0], uuid=str(uuid.uuid4()), reading_uuid="none"),
            ],
            reader_id=first.id,
        )
    assert len(_human(project)) == 3
    assert image_ids[4] not in project.store.masks.heads(image_ids, first.id, Purpose.REVIEW)


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


def test_a_validation_reading_gives_way_to_another_readers_mask(
    project: Project, image_ids: list[int], new_mask: NewMaskOf, readers: tuple[Reader, Reader]
) -> None:
    image, masks = image_ids[0], []
    for n, reader in enumerate(readers):
        mask = new_mask(image, content=bytes([n]), source=MaskSource.HUMAN, reader_id=reader.id)
        masks.append(project.store.masks.add(replace(mask, purpose=Purpose.VALIDATION)).result())
    first, second = readers
    _decide(project, image, first, Purpose.VALIDATION, Verdict.ACCEPTED, masks[0].id)
    assert _human(project) == {image: masks[0]}
    _decide(project, image, second, Purpose.VALIDATION, Verdict.ACCEPTED, masks[1].id)
    _decide(project, image, second, Purpose.VALIDATION, Verdict.REJECTED)
    assert _human(project) == {image: masks[0]}
    assert project.store.masks.head(image, second.id, Purpose.VALIDATION) == masks[1]
    _decide(project, image, first, Purpose.VALIDATION, Verdict.CANNOT_JUDGE)
    assert _human(project) == {}
    _decide(project, image, second, Purpose.VALIDATION, Verdict.ACCEPTED, masks[1].id)
    assert _human(project) == {image: masks[1]}


def test_a_validation_reading_takes_no_reviewed_mask_back(
    project: Project, accepted: MaskRecord, readers: tuple[Reader, Reader]
) -> None:
    _decide(project, accepted.image_id, readers[0], Purpose.VALIDATION, Verdict.CANNOT_JUDGE)
    assert _human(project) == {accepted.image_id: accepted}


def test_an_adjudicated_mask_waits_for_its_decision(
    project: Project, accepted: MaskRecord, new_mask: NewMaskOf, readers: tuple[Reader, Reader]
) -> None:
    image, reader = accepted.image_id, readers[1]
    mask = new_mask(image, content=b"third", source=MaskSource.ADJUDICATED, reader_id=reader.id)
    third = project.store.masks.add(replace(mask, purpose=Purpose.ADJUDICATION)).result()
    assert project.store.masks.head(image, reader.id, Purpose.ADJUDICATION) == third
    assert project.store.masks.best() == {image: accepted}
    _decide(project, image, reader, Purpose.ADJUDICATION, Verdict.ACCEPTED, third.id)
    assert project.store.masks.best() == project.store.masks.best(None, MaskSet.ADJUDICATED) == {image: third}
    assert _human(project) == {image: accepted}
    _decide(project, image, readers[0], Purpose.ADJUDICATION, Verdict.REJECTED)
    assert project.store.masks.best() == {}, "nobody knows"
    assert _human(project) == {image: accepted}


def test_a_decision_that_is_written_twice_is_one(
    project: Project, accepted: MaskRecord, readers: tuple[Reader, Reader]
) -> None:
    image, reader = accepted.image_id, readers[0]
    one = Decision(image, reader.id, Purpose.REVIEW, Verdict.REJECTED, None, 2.0, "", uuid=str(uuid.uuid4()))
    kept = project.store.decisions.add(one).result()
    _decide(project, image, reader, Purpose.REVIEW, Verdict.ACCEPTED, accepted.id)
    assert project.store.decisions.add(one).result() == kept
    latest = project.store.decisions.latest(image, reader.id, Purpose.REVIEW)
    assert latest is not None
    assert (latest.verdict, latest.id) == (Verdict.ACCEPTED, (kept.id or 0) + 1)
    assert _human(project) == {image: accepted}, "the repeated write takes nothing back"


def test_a_decision_says_which_reading_it_ended(
    project: Project, image_ids: list[int], readers: tuple[Reader, Reader]
) -> None:
    new = NewReading(str(uuid.uuid4()), image_ids[0], readers[0].id, Purpose.REVIEW, None, 30, 40)
    reading = project.store.readings.add(new).result()
    decision = Decision(image_ids[0], readers[0].id, Purpose.REVIEW, Verdict.FLAGGED, None, 1.0, "")
    kept = project.store.decisions.add(replace(decision, reading_uuid=new.uuid)).result()
    assert kept.reading_id == reading.id
    with pytest.raises(NotFoundError, match="never saved"):
        project.store.decisions.add(replace(decision, reading_uuid="lost")).result()


def test_the_last_decision_of_each_reader_and_purpose_is_listed(
    project: Project, image_ids: list[int], readers: tuple[Reader, Reader]
) -> None:
    first, second = readers
    for image, reader, purpose, verdict in (
        (image_ids[0], first, Purpose.VALIDATION, Verdict.ACCEPTED),
        (image_ids[0], second, Purpose.SECOND_READING, Verdict.REJECTED),
        (image_ids[1], first, Purpose.VALIDATION, Verdict.FLAGGED),
        (image_ids[0], first, Purpose.VALIDATION, Verdict.CANNOT_JUDGE),
        (image_ids[0], first, Purpose.REPEAT, Verdict.ACCEPTED),
    ):
        _decide(project, image, reader, purpose, verdict)
    found = project.store.decisions.latest_by_reader(image_ids[0])
    assert [(d.reader_id, d.purpose, d.verdict) for d in found] == [
        (second.id, Purpose.SECOND_READING, Verdict.REJECTED),
        (first.id, Purpose.VALIDATION, Verdict.CANNOT_JUDGE),
        (first.id, Purpose.REPEAT, Verdict.ACCEPTED),
    ]
    blind = project.store.decisions.latest_for([Purpose.VALIDATION, Purpose.SECOND_READING])
    assert [(d.image_id, d.reader_id) for d in blind] == [
        (image_ids[0], second.id),
        (image_ids[1], first.id),
        (image_ids[0], first.id),
    ]


@pytest.mark.parametrize("statement", ["UPDATE decision SET verdict = 'accepted'", "DELETE FROM decision"])
def test_the_database_itself_refuses_to_change_a_decision(
    project: Project, accepted: MaskRecord, statement: str, outside: Outside
) -> None:
    project.close()
    with pytest.raises(REFUSED, match="decisions are never changed"):
        outside(statement)


def test_only_its_reader_takes_a_human_mask_back(
    project: Project, accepted: MaskRecord, readers: tuple[Reader, Reader]
) -> None:
    first, second = readers
    _decide(project, accepted.image_id, second, Purpose.REVIEW, Verdict.REJECTED)
    assert _human(project) == {accepted.image_id: accepted}
    _decide(project, accepted.image_id, first, Purpose.REVIEW, Verdict.REJECTED)
    assert _human(project) == {}


@pytest.mark.parametrize("verdict", [Verdict.REJECTED, Verdict.CANNOT_JUDGE, Verdict.FLAGGED])
def test_no_programs_mask_is_best_where_a_review_refused_them_all(
    project: Project,
    image_ids: list[int],
    new_mask: NewMaskOf,
    readers: tuple[Reader, Reader],
    verdict: Verdict,
) -> None:
    image_id, reader = image_ids[0], readers[0]
    rule = new_mask(image_id, source=MaskSource.AUTOMATIC_PICK)
    project.store.masks.add(rule).result()
    _decide(project, image_id, reader, Purpose.REVIEW, verdict)
    network = new_mask(image_id, content=b"net", source=MaskSource.MODEL)
    project.store.masks.add(network).result()
    assert project.store.masks.refused() == {image_id}
    assert project.store.masks.best() == {}, "also not one that comes later"
    assert project.store.masks.best(None, MaskSet.RULE)[image_id].uuid == rule.uuid, "asked for, it is there"

    drawn = new_mask(image_id, content=b"drawn", source=MaskSource.HUMAN, reader_id=reader.id)
    record = project.store.masks.add(drawn).result()
    _decide(project, image_id, reader, Purpose.REVIEW, Verdict.ACCEPTED, record.id)
    assert project.store.masks.refused() == set()
    assert project.store.masks.best()[image_id].uuid == drawn.uuid


def test_an_adjudication_without_a_mask_leaves_none(
    project: Project, image_ids: list[int], accepted: MaskRecord, readers: tuple[Reader, Reader]
) -> None:
    image_id = accepted.image_id
    _decide(project, image_id, readers[1], Purpose.ADJUDICATION, Verdict.CANNOT_JUDGE, accepted.id)
    assert project.store.masks.best() == {}
    _decide(project, image_id, readers[1], Purpose.ADJUDICATION, Verdict.ACCEPTED, accepted.id)
    assert project.store.masks.best()[image_id].id == accepted.id
