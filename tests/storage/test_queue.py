"""Queues: what each holds, in which order, for whom; blind readers never meet."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.dialects import postgresql

from gsal.files import sha256_of_bytes
from gsal.jobs.reading.validation import status
from gsal.project import Project
from gsal.records import (
    Decision,
    MaskSource,
    NewImage,
    Purpose,
    QueueItem,
    QueueKind,
    QueueOrder,
    QueueRequest,
    Reader,
    ReaderKind,
    ValidationMember,
    Verdict,
)
from gsal.storage.queue import REPEAT_AFTER, _query
from gsal.storage.queue_kinds import kind_of
from gsal.storage.queue_order import order_of

from .conftest import NewMaskOf

N = 200
Decide = Callable[..., None]


@pytest.fixture
def ids(project: Project) -> list[int]:
    """Many pictures, every tenth without a disagreement."""
    new = [
        NewImage(f"Öl{n % 7}/{n:03}_a.png", sha256_of_bytes(str(n).encode()), 1, 1, 4, 4, label="MEL")
        for n in range(N)
    ]
    added = project.store.images.add(new, folder=Path("/pictures"))
    values = {image_id: (n * 37 % N) / N for n, image_id in enumerate(added) if n % 10}
    project.store.images.set_disagreements(values)
    return added


@pytest.fixture
def readers(project: Project) -> tuple[Reader, Reader, Reader]:
    a, b, c = (project.store.readers.add(name, ReaderKind.EXPERT) for name in "ABC")
    return a, b, c


@pytest.fixture
def decide(project: Project) -> Decide:
    def make(image_id: int, reader: Reader, purpose: Purpose, verdict: Verdict = Verdict.ACCEPTED) -> None:
        decision = Decision(image_id, reader.id, purpose, verdict, None, 1.0, "")
        project.store.decisions.add(decision).result()

    return make


def _items(project: Project, kind: QueueKind, reader: Reader | None, **rest: Any) -> list[QueueItem]:
    request = QueueRequest(kind, reader.id if reader else None, **rest)
    items = project.store.queue.items(request)
    numbers = [item.image_id for item in items]
    assert len(set(numbers)) == len(numbers), "a picture is in a queue once"
    if not request.is_pending_only:
        pending = sum(item.verdict is None for item in items)
        assert project.store.queue.count(request) == (pending, len(items))
    return items


def _numbers(project: Project, kind: QueueKind, reader: Reader | None, **rest: Any) -> list[int]:
    return [item.image_id for item in _items(project, kind, reader, **rest)]


def _choose(project: Project, image_ids: list[int]) -> None:
    members = [ValidationMember(image_id, "", n) for n, image_id in enumerate(image_ids)]
    project.store.validation.choose(n_wanted=len(members), seed=1, members=members)


def test_the_review_begins_where_the_rules_differ_most(project: Project, ids: list[int]) -> None:
    images = {image.id: image for image in project.store.images.all()}
    found = _numbers(project, QueueKind.REVIEW, None, random_share=0)
    unknown = [i for i in ids if images[i].disagreement is None]
    known = sorted(set(ids) - set(unknown), key=lambda i: (-(images[i].disagreement or 0), i))
    assert found == known + unknown


def test_a_share_at_random_stands_in_between(project: Project, ids: list[int]) -> None:
    images = {image.id: image for image in project.store.images.all()}
    plain = _numbers(project, QueueKind.REVIEW, None, random_share=0)
    found = _numbers(project, QueueKind.REVIEW, None, random_share=0.25)
    assert sorted(found) == sorted(ids)
    at_random = {i for i in ids if images[i].sha256[:8] < "40000000"}
    assert [i for i in found if i not in at_random] == [i for i in plain if i not in at_random]
    mixed = [i for i in found if i in at_random]
    assert mixed == sorted(at_random, key=lambda i: images[i].sha256)
    for n in range(4, 121, 4):
        assert sum(i in at_random for i in found[:n]) in {n // 4 - 1, n // 4}
    assert _numbers(project, QueueKind.REVIEW, None, random_share=1) == sorted(
        ids, key=lambda i: images[i].sha256
    )


def test_the_least_certain_of_the_network_come_first(project: Project, ids: list[int]) -> None:
    values = {image_id: (n * 73 % N) / N for n, image_id in enumerate(ids) if n % 8}
    assert not project.store.images.has_uncertainties()
    project.store.images.set_uncertainties(values)
    assert project.store.images.has_uncertainties()
    assert project.store.images.get(ids[1]).uncertainty == values[ids[1]]
    images = {image.id: image for image in project.store.images.all()}
    unsure = QueueOrder.UNCERTAINTY
    plain = _numbers(project, QueueKind.REVIEW, None, order=unsure, random_share=0)
    unknown = [i for i in ids if i not in values]
    assert plain == sorted(values, key=lambda i: (-values[i], i)) + unknown
    mixed = _numbers(project, QueueKind.REVIEW, None, order=unsure, random_share=0.25)
    at_random = {i for i in ids if images[i].sha256[:8] < "40000000"}
    assert [i for i in mixed if i not in at_random] == [i for i in plain if i not in at_random]
    other = _numbers(project, QueueKind.REVIEW, None, random_share=0.25)
    assert [i for i in mixed if i in at_random] == [i for i in other if i in at_random], "whatever the order"


def test_no_blind_reader_and_no_adjudicator_learns_what_the_network_is_unsure_of(
    project: Project, ids: list[int], readers: tuple[Reader, ...], decide: Decide
) -> None:
    a, b, c = readers
    members = ids[10:40]
    _choose(project, members)
    for image_id in members:
        decide(image_id, a, Purpose.VALIDATION)
    by_hash = sorted(members, key=lambda i: project.store.images.get(i).sha256)

    def orders() -> list[list[int]]:
        kinds = ((QueueKind.VALIDATION, c), (QueueKind.SECOND_READING, b), (QueueKind.ADJUDICATION, c))
        return [
            _numbers(project, k, of, order=QueueOrder.UNCERTAINTY, random_share=0, repeat_share=0)
            for k, of in kinds
        ]

    before = orders()[:2]
    for image_id in members:
        decide(image_id, b, Purpose.SECOND_READING)
    project.store.images.set_uncertainties({i: n / N for n, i in enumerate(ids)})
    validation, second, adjudication = orders()
    assert (validation, before[0]) == (members, members)
    assert before[1] == by_hash
    assert second == by_hash
    assert adjudication == by_hash


def test_other_orders_and_filters(project: Project, ids: list[int], new_mask: NewMaskOf) -> None:
    images = {image.id: image for image in project.store.images.all()}
    kind = QueueKind.REVIEW
    by_name = _numbers(project, kind, None, order=QueueOrder.NAME)
    assert by_name == sorted(ids, key=lambda i: images[i].path)
    by_hash = _numbers(project, kind, None, order=QueueOrder.RANDOM)
    assert by_hash == sorted(ids, key=lambda i: images[i].sha256)
    project.store.masks.add_many([new_mask(ids[0]), new_mask(ids[1], ink_px=100.0)])
    assert _numbers(project, kind, None, inked=True) == [ids[0]]
    assert _numbers(project, kind, None, inked=False) == [ids[1]], "of those without a mask nobody knows"
    assert _numbers(project, kind, None, label="NV") == []
    assert len(_numbers(project, kind, None, label="MEL")) == N
    assert _numbers(project, kind, None, name_contains="007_A") == [ids[7]]
    assert _numbers(project, kind, None, name_contains="00%") == []
    öl = [image_id for n, image_id in enumerate(ids) if n % 7 == 2]
    for typed in ("öl2", "ÖL2", "Öl2", "o\N{COMBINING DIAERESIS}l2"):
        assert sorted(_numbers(project, kind, None, name_contains=typed)) == öl


def test_a_review_is_done_for_all_once_anyone_decided(
    project: Project, ids: list[int], readers: tuple[Reader, ...], decide: Decide
) -> None:
    a, b, c = readers
    decide(ids[0], a, Purpose.REVIEW, Verdict.REJECTED)
    decide(ids[0], b, Purpose.REVIEW, Verdict.ACCEPTED)
    decide(ids[1], b, Purpose.REVIEW, Verdict.CANNOT_JUDGE)
    decide(ids[2], a, Purpose.VALIDATION)
    found: dict[int, Verdict | None] = {}
    for reader in (a, b, c, None):
        found = {item.image_id: item.verdict for item in _items(project, QueueKind.REVIEW, reader)}
        assert (found[ids[0]], found[ids[1]]) == (Verdict.ACCEPTED, Verdict.CANNOT_JUDGE)
        pending = _numbers(project, QueueKind.REVIEW, reader, is_pending_only=True)
        assert not {ids[0], ids[1]} & set(pending)
    assert found[ids[3]] is None


def test_what_waits_for_a_second_reading_is_not_reviewed(
    project: Project, ids: list[int], readers: tuple[Reader, ...], decide: Decide
) -> None:
    a, b, _ = readers
    decide(ids[0], a, Purpose.REVIEW, Verdict.FLAGGED)
    own = {item.image_id: item.verdict for item in _items(project, QueueKind.REVIEW, a)}
    assert own[ids[0]] is Verdict.FLAGGED
    assert ids[0] not in _numbers(project, QueueKind.REVIEW, b)
    decide(ids[0], b, Purpose.SECOND_READING)
    assert ids[0] not in _numbers(project, QueueKind.REVIEW, b), "what they found is still not for b"
    decide(ids[0], a, Purpose.REVIEW)
    assert ids[0] in _numbers(project, QueueKind.REVIEW, b)


@pytest.mark.parametrize("is_locked", [False, True])
def test_what_others_found_blind_is_in_no_filter(
    project: Project,
    ids: list[int],
    readers: tuple[Reader, ...],
    decide: Decide,
    new_mask: NewMaskOf,
    is_locked: bool,
) -> None:
    a, b, _ = readers
    _choose(project, ids[:3])
    if is_locked:
        project.store.validation.lock(a.id)
    decide(ids[3], a, Purpose.REVIEW, Verdict.FLAGGED)
    rules = [new_mask(i, ink_px=200.0, source=MaskSource.AUTOMATIC_PICK) for i in (ids[0], ids[3], ids[4])]
    project.store.masks.add_many(rules)
    kinds = {
        QueueKind.VALIDATION: [ids[0]],
        QueueKind.SECOND_READING: [ids[3]],
        QueueKind.REVIEW: [ids[4]],
    }

    def listed(inked: bool) -> dict[QueueKind, list[int]]:
        return {kind: _numbers(project, kind, b, inked=inked) for kind in kinds}

    assert listed(True) == kinds
    for image_id in ids[:5]:
        purpose = Purpose.VALIDATION if image_id in ids[:3] else Purpose.REVIEW
        mask = new_mask(image_id, content=b"a", ink_px=0.0, source=MaskSource.HUMAN, reader_id=a.id)
        record = project.store.masks.add(replace(mask, purpose=purpose)).result()
        verdict = Verdict.FLAGGED if image_id == ids[3] else Verdict.ACCEPTED
        decision = Decision(image_id, a.id, purpose, verdict, record.id, 1.0, "")
        project.store.decisions.add(decision).result()
    assert listed(True)[QueueKind.VALIDATION] == [ids[0]]
    assert listed(False)[QueueKind.VALIDATION] == []
    assert listed(True)[QueueKind.REVIEW] == [], "an ordinary picture's ink is that of its best mask"
    assert ids[3] in listed(True)[QueueKind.SECOND_READING]
    assert project.store.images.page(inked=True, reader_id=b.id) == project.store.images.get_many(
        [ids[0], ids[3]]
    )


def test_validation_pictures_are_read_in_their_order_and_not_reviewed(
    project: Project, ids: list[int], readers: tuple[Reader, ...], decide: Decide
) -> None:
    a, b, _ = readers
    _choose(project, [ids[9], ids[3], ids[7]])
    assert not {ids[9], ids[3], ids[7]} & set(_numbers(project, QueueKind.REVIEW, a))
    decide(ids[3], a, Purpose.VALIDATION)
    assert _items(project, QueueKind.VALIDATION, a) == [
        QueueItem(ids[9], Purpose.VALIDATION, None),
        QueueItem(ids[3], Purpose.VALIDATION, Verdict.ACCEPTED),
        QueueItem(ids[7], Purpose.VALIDATION, None),
    ]
    assert all(item.verdict is None for item in _items(project, QueueKind.VALIDATION, b))
    decide(ids[3], b, Purpose.SECOND_READING, Verdict.REJECTED)
    assert _items(project, QueueKind.VALIDATION, b)[1] == QueueItem(
        ids[3], Purpose.SECOND_READING, Verdict.REJECTED
    )


def test_the_queue_and_the_set_agree_on_what_is_read(
    project: Project, ids: list[int], readers: tuple[Reader, ...], decide: Decide
) -> None:
    a, b, _ = readers
    _choose(project, ids[:6])
    decide(ids[0], a, Purpose.VALIDATION)
    decide(ids[1], a, Purpose.VALIDATION)
    decide(ids[0], b, Purpose.SECOND_READING)
    decide(ids[3], b, Purpose.REVIEW)
    decide(ids[4], b, Purpose.ADJUDICATION)
    for reader, done in ((a, set(ids[:2])), (b, {ids[0]})):
        items = _items(project, QueueKind.VALIDATION, reader, repeat_share=0)
        assert {item.image_id for item in items if item.verdict} == done
        assert project.store.decisions.read_blind(reader.id) == done
    found = status(project)
    assert found is not None
    assert [(one.name, one.n) for one in found.read_by] == [("A", 2), ("B", 1)]


def test_locking_the_set_leaves_its_queue(
    project: Project, ids: list[int], readers: tuple[Reader, ...], decide: Decide
) -> None:
    _choose(project, ids[:3])
    project.store.validation.lock(readers[0].id)
    decide(ids[0], readers[0], Purpose.VALIDATION)
    assert _numbers(project, QueueKind.VALIDATION, readers[0]) == ids[:3]
    assert not set(ids[:3]) & set(_numbers(project, QueueKind.REVIEW, readers[0]))


def test_a_flag_stands_until_somebody_reviews_the_picture(
    project: Project, ids: list[int], readers: tuple[Reader, ...], decide: Decide
) -> None:
    a, b, _ = readers
    for image_id in ids[:3]:
        decide(image_id, a, Purpose.REVIEW, Verdict.FLAGGED)
    decide(ids[1], b, Purpose.REVIEW)
    _choose(project, [ids[2]])
    assert _items(project, QueueKind.FLAGGED, b) == [], "it is for b to read a second time, blind"
    assert _items(project, QueueKind.FLAGGED, a) == [QueueItem(ids[0], Purpose.REVIEW, Verdict.FLAGGED)]


def test_a_flagged_picture_is_adjudicated_after_its_second_reading(
    project: Project, ids: list[int], readers: tuple[Reader, ...], decide: Decide
) -> None:
    a, b, c = readers
    decide(ids[0], a, Purpose.REVIEW, Verdict.FLAGGED)
    assert _numbers(project, QueueKind.ADJUDICATION, c) == []
    decide(ids[0], b, Purpose.SECOND_READING)
    assert _numbers(project, QueueKind.ADJUDICATION, c) == [ids[0]]
    decide(ids[0], c, Purpose.ADJUDICATION)
    assert _numbers(project, QueueKind.FLAGGED, a) == []


def test_a_second_reader_gets_what_others_read_blind_or_flagged(
    project: Project, ids: list[int], readers: tuple[Reader, ...], decide: Decide
) -> None:
    a, b, c = readers
    _choose(project, ids[:4])
    decide(ids[0], a, Purpose.VALIDATION)
    decide(ids[1], a, Purpose.VALIDATION)
    decide(ids[1], b, Purpose.VALIDATION)
    decide(ids[5], a, Purpose.REVIEW, Verdict.FLAGGED)
    decide(ids[6], a, Purpose.REVIEW, Verdict.FLAGGED)
    decide(ids[6], b, Purpose.REVIEW)
    decide(ids[7], a, Purpose.REVIEW, Verdict.FLAGGED)
    decide(ids[7], a, Purpose.REVIEW, Verdict.ACCEPTED)
    decide(ids[8], b, Purpose.REVIEW, Verdict.FLAGGED)
    assert set(_numbers(project, QueueKind.SECOND_READING, a)) == {ids[8]}
    assert set(_numbers(project, QueueKind.SECOND_READING, b)) == {ids[0], ids[5]}
    assert set(_numbers(project, QueueKind.SECOND_READING, c)) == {ids[n] for n in (0, 1, 5, 8)}
    decide(ids[0], b, Purpose.SECOND_READING, Verdict.REJECTED)
    found = {item.image_id: item for item in _items(project, QueueKind.SECOND_READING, b)}
    assert found[ids[0]] == QueueItem(ids[0], Purpose.SECOND_READING, Verdict.REJECTED)
    assert found[ids[5]].verdict is None
    assert {item.purpose for item in found.values()} == {Purpose.SECOND_READING}


def test_blind_readers_never_meet(
    project: Project, ids: list[int], readers: tuple[Reader, ...], decide: Decide
) -> None:
    a, b, c = readers
    _choose(project, ids[:20])
    before = _items(project, QueueKind.VALIDATION, c)
    for image_id in ids[:20]:
        decide(image_id, a, Purpose.VALIDATION, Verdict.CANNOT_JUDGE)
        decide(image_id, b, Purpose.SECOND_READING, Verdict.REJECTED)
        decide(image_id, a, Purpose.REPEAT)
    for image_id in ids[20:40]:
        decide(image_id, a, Purpose.REVIEW, Verdict.FLAGGED)
    assert _items(project, QueueKind.VALIDATION, c) == before
    seconds = _items(project, QueueKind.SECOND_READING, c)
    assert len(seconds) == 40
    assert {(item.purpose, item.verdict) for item in seconds} == {(Purpose.SECOND_READING, None)}
    images = {image.id: image for image in project.store.images.all()}
    hashes = [images[item.image_id].sha256 for item in seconds]
    assert hashes == sorted(hashes), "neither disagreement nor who read it shows in the order"


@pytest.mark.parametrize(
    ("kind", "purpose"),
    [
        (QueueKind.VALIDATION, Purpose.VALIDATION),
        (QueueKind.SECOND_READING, Purpose.SECOND_READING),
    ],
)
def test_repeats_hide_among_the_pending_ones(
    project: Project,
    ids: list[int],
    readers: tuple[Reader, ...],
    decide: Decide,
    kind: QueueKind,
    purpose: Purpose,
) -> None:
    a, b, _ = readers
    members = ids[:120]
    _choose(project, members)
    if kind is QueueKind.SECOND_READING:
        for image_id in members:
            decide(image_id, b, Purpose.VALIDATION)
    order = _numbers(project, kind, a)
    read = order[: REPEAT_AFTER + 30]
    for image_id in read:
        decide(image_id, a, purpose)
    images = {image.id: image for image in project.store.images.all()}
    may_repeat = {i for i in read[:-REPEAT_AFTER] if images[i].sha256[8:12] < "4000"}
    assert may_repeat
    items = _items(project, kind, a, repeat_share=0.25)
    repeats = {item.image_id for item in items if item.purpose is Purpose.REPEAT}
    assert repeats == may_repeat
    assert {item.image_id for item in items} == set(order)
    pending = [item for item in items if item.verdict is None]
    assert items[-len(pending) :] == pending
    assert sorted(i.image_id for i in pending) == sorted({*order[len(read) :], *repeats})
    assert pending == _items(project, kind, a, repeat_share=0.25, is_pending_only=True)
    places = [n for n, item in enumerate(pending) if item.purpose is Purpose.REPEAT]
    assert max(places) - min(places) >= len(places), "they do not come in one block"
    assert _numbers(project, kind, a, repeat_share=0) == order
    for image_id in repeats:
        decide(image_id, a, Purpose.REPEAT, Verdict.REJECTED)
    after = {item.image_id: item for item in _items(project, kind, a, repeat_share=0.25)}
    assert {after[i] for i in repeats} == {QueueItem(i, purpose, Verdict.ACCEPTED) for i in repeats}


def test_a_repeat_that_is_due_comes_among_the_next_pictures(
    project: Project, ids: list[int], readers: tuple[Reader, ...], decide: Decide
) -> None:
    a, _, _ = readers
    _choose(project, ids)
    images = {image.id: image for image in project.store.images.all()}
    chosen = {i for i in ids if images[i].sha256[8:12] < "1000"}
    came: list[tuple[int, Purpose]] = []
    reads = 0
    while len(came) < 120:
        # The list is read anew after five decisions, and read on from the picture that is open.
        pending = [i for i in _items(project, QueueKind.VALIDATION, a, repeat_share=1 / 16) if not i.verdict]
        assert pending[0].purpose is Purpose.VALIDATION
        for item in pending[:5]:
            decide(item.image_id, a, item.purpose)
            came.append((item.image_id, item.purpose))
            reads += 1
            request = QueueRequest(QueueKind.VALIDATION, a.id)
            assert project.store.queue.count_read(request) == reads, "a repeat counts as any other"
    place = {one: n for n, one in enumerate(came)}
    first = {i: place[i, Purpose.VALIDATION] for i in chosen if (i, Purpose.VALIDATION) in place}
    again = {i: place[i, Purpose.REPEAT] for i in chosen if (i, Purpose.REPEAT) in place}
    assert {i for i, n in first.items() if n < 80} <= set(again)
    assert len(again) > 3
    assert all(REPEAT_AFTER < again[i] - first[i] < REPEAT_AFTER + 30 for i in again)


def test_repeats_come_when_nothing_else_is_left(
    project: Project, ids: list[int], readers: tuple[Reader, ...], decide: Decide
) -> None:
    _choose(project, ids[:30])
    for image_id in ids[:30]:
        decide(image_id, readers[0], Purpose.VALIDATION)
    items = _items(project, QueueKind.VALIDATION, readers[0], repeat_share=1)
    assert [i.purpose for i in items] == [Purpose.VALIDATION] * 10 + [Purpose.REPEAT] * 20
    assert sorted(i.image_id for i in items[10:]) == ids[:20]


def test_pictures_of_two_blind_readers_are_adjudicated(
    project: Project, ids: list[int], readers: tuple[Reader, ...], decide: Decide
) -> None:
    a, b, c = readers
    decide(ids[0], a, Purpose.VALIDATION)
    decide(ids[0], b, Purpose.SECOND_READING)
    decide(ids[1], a, Purpose.VALIDATION)
    decide(ids[1], a, Purpose.SECOND_READING)
    decide(ids[2], a, Purpose.VALIDATION)
    decide(ids[2], b, Purpose.REVIEW)
    assert _items(project, QueueKind.ADJUDICATION, c) == [QueueItem(ids[0], Purpose.ADJUDICATION, None)]
    decide(ids[0], c, Purpose.ADJUDICATION, Verdict.CANNOT_JUDGE)
    decide(ids[0], b, Purpose.ADJUDICATION)
    for reader in readers:
        found = _items(project, QueueKind.ADJUDICATION, reader)
        assert found == [QueueItem(ids[0], Purpose.ADJUDICATION, Verdict.ACCEPTED)]


@pytest.mark.parametrize("kind", list(QueueKind))
def test_the_queues_are_said_in_the_words_of_postgresql(kind: QueueKind) -> None:
    request = QueueRequest(kind, 1, inked=True, label="MEL", name_contains="a%")
    query = _query(kind_of(kind, 1), request, order_of(request))
    text = str(query.compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
    assert "ifnull" not in text.lower()
    assert "rowid" not in text.lower()
    assert "lower(" not in text.lower(), "that one folds all letters by itself"
