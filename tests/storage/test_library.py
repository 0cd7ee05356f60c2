"""The library's list: found and sorted in SQL, rows in the order asked for."""

import pytest

from gsal.project import Project
from gsal.records import (
    Decision,
    ImageRecord,
    LibraryColumn,
    LibraryRequest,
    MaskSource,
    Purpose,
    ReaderKind,
    Verdict,
)
from tests.storage.conftest import NewMaskOf


@pytest.fixture
def images(project: Project, image_ids: list[int], new_mask: NewMaskOf) -> list[ImageRecord]:
    """Nine pictures: the first three with ever more ink, the fourth with a mask and hardly any ink."""
    for place, ink_px in enumerate((150.0, 300.0, 900.0, 20.0)):
        mask = new_mask(image_ids[place], ink_px=ink_px, source=MaskSource.EXACT)
        project.store.masks.add(mask).result()
    return project.store.images.get_many(image_ids)


def listed(project: Project, **settings: object) -> list[int]:
    return project.store.library.ids(LibraryRequest(**settings))  # type: ignore[arg-type]


def test_all_pictures_come_in_the_order_of_import(project: Project, images: list[ImageRecord]) -> None:
    assert listed(project) == [image.id for image in images]


@pytest.mark.parametrize(("inked", "places"), [(True, [0, 1, 2]), (False, [3])])
def test_ink_is_judged_by_the_best_mask_and_the_projects_bound(
    project: Project, images: list[ImageRecord], inked: bool, places: list[int]
) -> None:
    assert listed(project, inked=inked) == [images[place].id for place in places]


def test_text_is_sought_in_path_patient_and_status_in_either_case(
    project: Project, images: list[ImageRecord]
) -> None:
    assert listed(project, text="NV/1") == [i.id for i in images if i.path == "NV/1.png"]
    assert listed(project, text="p1") == [i.id for i in images if i.patient_id == "P1"]
    assert listed(project, text="no mask") == [i.id for i in images[4:]]
    assert listed(project, text="%") == [], "what is typed is no pattern"


@pytest.mark.parametrize("is_descending", [False, True])
def test_ink_sorts_by_its_amount_with_pictures_without_mask_as_least(
    project: Project, images: list[ImageRecord], is_descending: bool
) -> None:
    found = listed(project, order=LibraryColumn.INK, is_descending=is_descending)
    with_mask = [images[place].id for place in (3, 0, 1, 2)]
    assert (found[:4] == with_mask[::-1]) if is_descending else (found[-4:] == with_mask)


def test_a_status_is_the_readers_own_last_verdict_of_a_review(
    project: Project, images: list[ImageRecord]
) -> None:
    readers = [project.store.readers.add(name, ReaderKind.EXPERT).id for name in ("AW", "BX")]
    for verdict, purpose in (
        (Verdict.ACCEPTED, Purpose.REVIEW),
        (Verdict.CANNOT_JUDGE, Purpose.REVIEW),
        (Verdict.ACCEPTED, Purpose.VALIDATION),
    ):
        decision = Decision(images[0].id, readers[0], purpose, verdict, None, 1.0, "")
        project.store.decisions.add(decision).result()
    own, others = (project.store.library.rows([images[0].id], reader)[0] for reader in readers)
    assert (own.verdict, own.status) == (Verdict.CANNOT_JUDGE, "cannot judge")
    assert (others.verdict, others.status) == (None, "to review")
    assert listed(project, text="cannot", reader_id=readers[0]) == [images[0].id]
    assert listed(project, text="cannot", reader_id=readers[1]) == []


def test_rows_come_in_the_order_asked_for_and_what_is_gone_is_left_out(
    project: Project, images: list[ImageRecord]
) -> None:
    wanted = [images[2].id, 4711, images[0].id]
    rows = project.store.library.rows(wanted, None)
    assert [row.image for row in rows] == [images[2], images[0]]
    assert [row.ink_px for row in rows] == [900.0, 150.0]
