"""Masks: revisions only ever added, pixels kept once, the most trusted one found."""

import uuid

import pytest

from gsal.errors import NotFoundError, ReadOnlyError
from gsal.project import Project
from gsal.records import Decision, MaskSet, MaskSource, ModelKind, Preprocessing, Purpose, ReaderKind, Verdict

from .conftest import REFUSED, NewMaskOf, Outside


def _count(outside: Outside, table: str) -> int:
    return int(outside(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 - test


def test_a_repeated_write_is_no_second_revision(
    project: Project, image_ids: list[int], new_mask: NewMaskOf, outside: Outside
) -> None:
    mask = new_mask(image_ids[0])
    first = project.store.masks.add(mask).result()
    assert project.store.masks.add(mask).result() == first
    assert _count(outside, "mask_revision") == 1


def test_what_a_mask_was_made_with_is_kept_with_it(
    project: Project, image_ids: list[int], new_mask: NewMaskOf
) -> None:
    settings = {"sensitivity": 1.5, "ink_colour": [90, 60, 140], "runtime": None}
    masks = [new_mask(image_ids[0], settings=settings), new_mask(image_ids[1])]
    made, plain = project.store.masks.add_many(masks)
    assert (made.settings, plain.settings) == (settings, None)
    assert project.store.masks.get_many([made.id, plain.id]) == {made.id: made, plain.id: plain}


def test_equal_pixels_are_kept_once(
    project: Project, image_ids: list[int], new_mask: NewMaskOf, outside: Outside
) -> None:
    records = project.store.masks.add_many([new_mask(i) for i in image_ids] + [new_mask(1, content=b"other")])
    assert _count(outside, "mask_blob") == 2
    loaded = project.store.masks.load_many(record.id for record in records)
    assert {mask.data for mask in loaded.values()} == {b"ink", b"other"}
    assert project.store.masks.load(records[-1].id).data == b"other"
    with pytest.raises(NotFoundError):
        project.store.masks.load(12345)


@pytest.mark.parametrize("statement", ["UPDATE mask_revision SET ink_px = 0", "DELETE FROM mask_revision"])
def test_the_database_itself_refuses_to_change_a_revision(
    project: Project, image_ids: list[int], new_mask: NewMaskOf, statement: str, outside: Outside
) -> None:
    project.store.masks.add(new_mask(image_ids[0])).result()
    project.close()
    with pytest.raises(REFUSED, match="never changed"):
        outside(statement)


def test_the_most_trusted_mask_is_best(project: Project, image_ids: list[int], new_mask: NewMaskOf) -> None:
    image, store = image_ids[0], project.store
    model = store.models.add(
        "net", kind=ModelKind.SEGMENTER, architecture="bisenet", preprocessing=Preprocessing(), run_card={}
    )
    reader = store.readers.add("A", ReaderKind.EXPERT)
    added = {}
    for source in (MaskSource.AUTOMATIC_PICK, MaskSource.MODEL):
        added[source] = store.masks.add(
            new_mask(image, source=source, model_id=model.id if source is MaskSource.MODEL else None)
        ).result()
        assert store.masks.best([image])[image] == added[source]
    human = store.masks.add(new_mask(image, source=MaskSource.HUMAN, reader_id=reader.id)).result()
    assert store.masks.best([image])[image] == added[MaskSource.MODEL], "not accepted yet"
    assert store.masks.head(image, reader.id, Purpose.REVIEW) == human
    assert store.masks.head(image, reader.id, Purpose.VALIDATION) is None

    decision = Decision(image, reader.id, Purpose.REVIEW, Verdict.ACCEPTED, human.id, 1.5, "")
    store.decisions.add(decision).result()
    assert store.masks.best([image])[image] == human
    assert store.masks.best(None, MaskSet.NETWORK)[image] == added[MaskSource.MODEL]
    assert store.decisions.status_by_image(reader.id, Purpose.REVIEW) == {image: Verdict.ACCEPTED}

    store.decisions.add(Decision(image, reader.id, Purpose.REVIEW, Verdict.REJECTED, None, 0.5, "")).result()
    assert store.masks.best([image]) == {}, "all masks were refused"
    latest = store.decisions.latest(image, reader.id, Purpose.REVIEW)
    assert latest is not None
    assert latest.verdict is Verdict.REJECTED


def test_proposals_are_the_latest_of_each_rule_then_the_network(
    project: Project, image_ids: list[int], new_mask: NewMaskOf
) -> None:
    store, image = project.store, image_ids[0]
    model = store.models.add(
        "net", kind=ModelKind.SEGMENTER, architecture="bisenet", preprocessing=Preprocessing(), run_card={}
    )
    rules = ("dark", "hue", "lab", "hue")
    added = store.masks.add_many([new_mask(image, source=MaskSource.RULE, rule=rule) for rule in rules])
    store.masks.add(new_mask(image, source=MaskSource.MODEL, model_id=model.id)).result()
    proposals = store.masks.proposals(image)
    assert [p.rule for p in proposals] == ["hue", "lab", "dark", ""]
    assert proposals[0].id == added[-1].id
    assert store.masks.get_many([last.id for last in added])[added[0].id] == added[0]


def test_reading_only_writes_nothing(project: Project, image_ids: list[int], new_mask: NewMaskOf) -> None:
    with (
        Project.open(project.folder, read_only=True) as reading,
        pytest.raises(ReadOnlyError, match="reading only"),
    ):
        reading.store.masks.add(new_mask(image_ids[0]))


def test_masks_of_one_batch_move_their_heads_together(
    project: Project, image_ids: list[int], new_mask: NewMaskOf, outside: Outside
) -> None:
    pick = MaskSource.AUTOMATIC_PICK
    first = [new_mask(i, source=pick) for i in image_ids]
    exact = new_mask(image_ids[0], content=b"exact")
    project.store.masks.add_many([*first, exact, exact])
    second = project.store.masks.add_many([new_mask(i, content=b"b", source=pick) for i in image_ids])
    best = project.store.masks.best()
    assert best[image_ids[0]].uuid == exact.uuid
    assert [best[i] for i in image_ids[1:]] == second[1:]
    assert _count(outside, "mask_revision") == 2 * len(image_ids) + 1
    assert _count(outside, "mask_head WHERE version = 2") == 2 * len(image_ids) - 1


def test_a_mask_kept_beside_does_not_take_the_place_of_what_its_reader_goes_on_with(
    project: Project, image_ids: list[int], new_mask: NewMaskOf
) -> None:
    store, reader = project.store, project.store.readers.add("A", ReaderKind.EXPERT)
    first = new_mask(image_ids[0], source=MaskSource.HUMAN, reader_id=reader.id)
    kept = store.masks.add(first).result()
    second = new_mask(image_ids[0], source=MaskSource.HUMAN, reader_id=reader.id, is_current=False)
    beside = store.masks.add(second).result()
    assert store.masks.head(image_ids[0], reader.id, Purpose.REVIEW) == kept
    assert store.masks.find(second.uuid) == beside
    assert store.masks.find(str(uuid.uuid4())) is None
