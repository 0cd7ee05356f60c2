"""The library's list: found and sorted in SQL, rows in the order asked for."""

from dataclasses import replace
from pathlib import Path

import pytest

from gsal.files import sha256_of_bytes
from gsal.project import Project
from gsal.records import (
    Decision,
    ImageRecord,
    LibraryColumn,
    LibraryRequest,
    MaskSource,
    NewImage,
    Purpose,
    ReaderKind,
    ValidationMember,
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


@pytest.fixture
def readers(project: Project) -> list[int]:
    return [project.store.readers.add(name, ReaderKind.EXPERT).id for name in ("AW", "BX")]


def decide(project: Project, image: ImageRecord, reader: int, purpose: Purpose, verdict: Verdict) -> None:
    decision = Decision(image.id, reader, purpose, verdict, None, 1.0, "")
    project.store.decisions.add(decision).result()


def choose(project: Project, images: list[ImageRecord]) -> None:
    members = [ValidationMember(image.id, "", n) for n, image in enumerate(images)]
    project.store.validation.choose(n_wanted=len(members), seed=1, members=members)


def test_a_status_is_anyones_last_verdict_of_a_review(
    project: Project, images: list[ImageRecord], readers: list[int]
) -> None:
    a, b = readers
    decide(project, images[0], a, Purpose.REVIEW, Verdict.ACCEPTED)
    decide(project, images[0], b, Purpose.REVIEW, Verdict.CANNOT_JUDGE)
    decide(project, images[0], a, Purpose.VALIDATION, Verdict.ACCEPTED)
    for reader in (a, b, None):
        (row,) = project.store.library.rows([images[0].id], reader)
        assert (row.verdict, row.status) == (Verdict.CANNOT_JUDGE, "cannot judge")
        assert listed(project, text="cannot", reader_id=reader) == [images[0].id]


def test_of_the_validation_set_a_reader_sees_only_their_own_verdict(
    project: Project, images: list[ImageRecord], readers: list[int]
) -> None:
    a, b = readers
    choose(project, images[:2])
    decide(project, images[0], a, Purpose.REVIEW, Verdict.FLAGGED)
    decide(project, images[0], a, Purpose.VALIDATION, Verdict.ACCEPTED)
    decide(project, images[1], b, Purpose.SECOND_READING, Verdict.REJECTED)
    numbers = [image.id for image in images[:2]]
    for reader, verdicts in (
        (a, [Verdict.ACCEPTED, None]),
        (b, [None, Verdict.REJECTED]),
        (None, [None, None]),
    ):
        assert [row.verdict for row in project.store.library.rows(numbers, reader)] == verdicts


def test_ink_that_others_found_blind_is_not_shown(
    project: Project, image_ids: list[int], new_mask: NewMaskOf, readers: list[int]
) -> None:
    a, b = readers
    store = project.store
    images = store.images.get_many(image_ids[:4])
    member, flagged, plain, bare = images
    for image in (member, flagged, plain):
        store.masks.add(new_mask(image.id, ink_px=200.0, source=MaskSource.AUTOMATIC_PICK)).result()
    choose(project, [member, bare])
    decide(project, flagged, a, Purpose.REVIEW, Verdict.FLAGGED)
    for image in images:
        purpose = Purpose.VALIDATION if image in (member, bare) else Purpose.REVIEW
        mask = new_mask(image.id, content=b"h", ink_px=7.0, source=MaskSource.HUMAN, reader_id=a)
        kept = store.masks.add(replace(mask, purpose=purpose)).result()
        decision = Decision(image.id, a, purpose, Verdict.ACCEPTED, kept.id, 1.0, "")
        store.decisions.add(decision).result()
    decide(project, flagged, a, Purpose.REVIEW, Verdict.FLAGGED)
    rule = new_mask(flagged.id, content=b"n", ink_px=900.0, source=MaskSource.MODEL, model_id=None)
    store.masks.add(rule).result()
    numbers = [image.id for image in images]
    assert [row.ink_px for row in store.library.rows(numbers, b)] == [200.0, 200.0, 7.0, None]
    assert listed(project, reader_id=b, inked=True) == [member.id, flagged.id]
    assert listed(project, reader_id=b, inked=False) == [plain.id]
    by_ink = listed(project, reader_id=b, order=LibraryColumn.INK, is_descending=True)
    assert by_ink[:3] == [member.id, flagged.id, plain.id]


def test_names_beyond_ascii_are_found_in_either_case(project: Project) -> None:
    new = [
        NewImage(path, sha256_of_bytes(path.encode()), 1, 1, 4, 4, patient_id=patient)
        for path, patient in (
            ("Ärzte/1.png", "P1"),
            ("a\N{COMBINING DIAERESIS}rzte/2.png", "P2"),
            ("b/3.png", "ÄRZTE"),
            ("Arzte/4.png", "P4"),
        )
    ]
    numbers = project.store.images.add(new, folder=Path("/pictures"))
    for text in ("ärzte", "ÄRZTE", "Ärzte"):
        assert listed(project, text=text) == numbers[:3]


def test_rows_come_in_the_order_asked_for_and_what_is_gone_is_left_out(
    project: Project, images: list[ImageRecord]
) -> None:
    wanted = [images[2].id, 4711, images[0].id]
    rows = project.store.library.rows(wanted, None)
    assert [row.image for row in rows] == [images[2], images[0]]
    assert [row.ink_px for row in rows] == [900.0, 150.0]
