"""Pictures: kept once by content, listed by keyset, split once."""

from pathlib import Path

import pytest
from sqlalchemy.dialects import sqlite

from gsal.errors import ConflictError, NotFoundError
from gsal.project import Project
from gsal.records import NewImage, Side
from gsal.storage.images import _by_disagreement

from .conftest import NewMaskOf


def test_content_is_kept_once(project: Project, image_ids: list[int]) -> None:
    first = project.store.images.get(image_ids[0])
    again = NewImage("elsewhere.png", first.sha256, 1, 1, 40, 30, label="NV")
    assert project.store.images.add([again], folder=Path("/other")) == []
    assert project.store.images.get(image_ids[0]) == first
    assert first.extra == {"camera": "phone"}


def test_folders_of_one_name_are_told_apart(project: Project) -> None:
    for n, folder in enumerate(("/a/photos", "/b/photos", "/a/photos")):
        project.store.images.add([NewImage(f"{n}.png", str(n), 1, 1, 4, 4)], folder=Path(folder))
    assert project.store.images.roots() == {"photos": Path("/a/photos"), "photos-2": Path("/b/photos")}
    paths = [project.image_path(image) for image in project.store.images.all()]
    assert paths == [Path("/a/photos/0.png"), Path("/b/photos/1.png"), Path("/a/photos/2.png")]


@pytest.mark.parametrize("order", ["name", "disagreement"])
def test_pages_give_every_picture_once(project: Project, image_ids: list[int], order: str) -> None:
    project.store.images.set_disagreements({image_ids[2]: 0.5, image_ids[5]: 0.9, image_ids[6]: 0.5})
    seen = []
    after = None
    while page := project.store.images.page(after=after, limit=2, order=order):  # type: ignore[arg-type]
        seen += page
        last = page[-1]
        value = -1.0 if last.disagreement is None else last.disagreement
        after = (last.path if order == "name" else value, last.id)
    assert sorted(image.id for image in seen) == image_ids
    if order == "name":
        assert [i.path for i in seen] == sorted(i.path for i in seen)
    else:
        assert [i.id for i in seen[:3]] == [image_ids[5], image_ids[2], image_ids[6]]


def test_pages_filter_by_label_and_ink(project: Project, image_ids: list[int], new_mask: NewMaskOf) -> None:
    project.store.masks.add_many([new_mask(image_ids[0]), new_mask(image_ids[1], ink_px=100.0)])
    assert [i.id for i in project.store.images.page(inked=True)] == [image_ids[0]]
    assert [i.id for i in project.store.images.page(inked=False)] == [image_ids[1]], "others have no mask"
    assert {i.label for i in project.store.images.page(label="NV")} == {"NV"}


def test_the_split_is_stored_with_what_made_it(project: Project, image_ids: list[int]) -> None:
    assert project.split is None
    project.store.images.assign_sides({image_ids[0]: Side.VALIDATION}, split={"seed": 3}, before=None)
    assert project.split == {"seed": 3}
    assert [i.id for i in project.store.images.all(side=Side.VALIDATION)] == [image_ids[0]]


def test_a_split_is_not_made_over_one_that_came_in_between(project: Project, image_ids: list[int]) -> None:
    images = project.store.images
    first, second = image_ids[:2]
    images.assign_sides({first: Side.TRAINING}, split={"seed": 1}, before=None)
    for sides, before in (
        ({second: Side.TRAINING}, None),
        ({first: Side.VALIDATION}, {"seed": 1}),
        ({}, {"seed": 2}),
    ):
        with pytest.raises(ConflictError, match="in between"):
            images.assign_sides(sides, split={"seed": 9}, before=before)
    images.assign_sides({second: Side.VALIDATION}, split={"seed": 1, "folds": {}}, before={"seed": 1})
    assert project.split == {"seed": 1, "folds": {}}
    assert [image.side for image in images.get_many(image_ids[:3])] == [Side.TRAINING, Side.VALIDATION, None]


def test_counts_and_unknown_numbers(project: Project, image_ids: list[int]) -> None:
    assert project.store.images.labels() == {"MEL": 3, "NV": 3, "BCC": 3}
    assert [i.id for i in project.store.images.get_many([image_ids[4], image_ids[1]])] == [
        image_ids[4],
        image_ids[1],
    ]
    with pytest.raises(NotFoundError, match="picture number 999"):
        project.store.images.get(999)


@pytest.mark.sqlite
def test_pages_by_disagreement_walk_along_the_index(project: Project, image_ids: list[int]) -> None:
    database = project.store._database
    for after in (None, (0.5, 3), (-1.0, 3)):
        for query in _by_disagreement(after):
            text = str(query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
            with database.read() as session:
                plan = [row[3] for row in session.connection().exec_driver_sql("EXPLAIN QUERY PLAN " + text)]
            assert any("image USING INDEX ix_image_disagreement_id" in step for step in plan), plan
            assert "USE TEMP B-TREE FOR ORDER BY" not in plan
