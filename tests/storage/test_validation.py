"""The validation set: it changes until it is locked, and then never; its patients are locked with it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gsal.errors import GsalError, LockedError, NotFoundError
from gsal.files import sha256_of_bytes
from gsal.project import Project
from gsal.records import NewImage, Reader, ReaderKind, ReviewSettings, ValidationMember

from .conftest import REFUSED, Outside


@pytest.fixture
def reader(project: Project) -> Reader:
    return project.store.readers.add("Ada", ReaderKind.EXPERT)


@pytest.fixture
def locked(project: Project, image_ids: list[int], reader: Reader) -> Project:
    """The project, with its first picture locked."""
    members = [ValidationMember(image_ids[0], "ink, MEL, high", 0)]
    project.store.validation.choose(n_wanted=1, seed=3, members=members)
    project.store.validation.lock(reader.id)
    return project


def test_it_is_chosen_changed_by_hand_and_chosen_anew(project: Project, image_ids: list[int]) -> None:
    validation = project.store.validation
    assert (validation.get(), validation.members()) == (None, [])
    with pytest.raises(NotFoundError, match="no validation set"):
        validation.add([image_ids[0]])
    members = [ValidationMember(image_ids[2], "a", 0), ValidationMember(image_ids[1], "b", 1)]
    validation.choose(n_wanted=2, seed=7, members=members)
    assert validation.members() == members
    chosen = validation.get()
    assert chosen is not None
    assert (chosen.n_wanted, chosen.seed, chosen.locked, chosen.locked_by) == (2, 7, None, None)
    validation.add([image_ids[1], image_ids[5], image_ids[5]])
    assert validation.members() == [*members, ValidationMember(image_ids[5], "", 2)]
    validation.remove([image_ids[2], image_ids[8]])
    assert [m.image_id for m in validation.members()] == [image_ids[1], image_ids[5]]
    validation.choose(n_wanted=1, seed=8, members=members[:1])
    assert validation.members() == members[:1]
    assert validation.locked_images() == set()


def test_an_empty_set_cannot_be_locked(project: Project, reader: Reader) -> None:
    project.store.validation.choose(n_wanted=4, seed=1, members=[])
    with pytest.raises(GsalError, match="no pictures"):
        project.store.validation.lock(reader.id)


def test_a_locked_set_stays_as_it_is(locked: Project, image_ids: list[int], reader: Reader) -> None:
    validation = locked.store.validation
    before = validation.get(), validation.members()
    assert before[0] is not None
    assert (before[0].locked is not None, before[0].locked_by) == (True, reader.id)
    changes: tuple[Callable[[], None], ...] = (
        lambda: validation.add([image_ids[4]]),
        lambda: validation.remove([image_ids[0]]),
        lambda: validation.choose(n_wanted=9, seed=9, members=[]),
        lambda: validation.lock(reader.id),
    )
    for change in changes:
        with pytest.raises(LockedError, match="locked since"):
            change()
    assert (validation.get(), validation.members()) == before


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO validation_member VALUES (5, '', 9)",
        "UPDATE validation_member SET position = 4",
        "DELETE FROM validation_member",
        "UPDATE validation_set SET locked = NULL",
        "DELETE FROM validation_set",
        "INSERT INTO validation_set VALUES (1, 1, 1, '', NULL, NULL) ON CONFLICT (id) DO UPDATE SET seed = 2",
    ],
)
def test_the_database_itself_refuses_to_change_a_locked_set(
    locked: Project, statement: str, outside: Outside
) -> None:
    locked.close()
    with pytest.raises(REFUSED, match="locked"):
        outside(statement)


@pytest.mark.sqlite
def test_a_file_refuses_to_replace_a_locked_set(locked: Project, outside: Outside) -> None:
    locked.close()
    with pytest.raises(REFUSED, match="locked"):
        outside("INSERT OR REPLACE INTO validation_set VALUES (1, 1, 1, '', NULL, NULL)")


def test_a_patient_is_locked_with_the_picture(project: Project, reader: Reader) -> None:
    groups = [("P1", "L1"), ("P1", "L2"), ("", "L1"), ("", "L1"), ("", ""), ("", ""), ("P2", "L1")]
    new = [
        NewImage(f"{n}.png", sha256_of_bytes(bytes([n])), 1, 1, 4, 4, patient_id=patient, lesion_id=lesion)
        for n, (patient, lesion) in enumerate(groups)
    ]
    ids = project.store.images.add(new, folder=Path("/pictures"))
    members = [ValidationMember(ids[n], "", n) for n in (0, 2, 4)]
    project.store.validation.choose(n_wanted=3, seed=1, members=members)
    project.store.validation.lock(reader.id)
    # Pictures 2 and 3 are of P1 or P2, whose lesion they show.
    assert project.store.validation.locked_images() == {ids[n] for n in (0, 1, 2, 3, 4, 6)}
    patients = project.store.images.patients()
    assert len({patients[ids[n]] for n in (0, 1, 2, 3, 6)}) == 1
    assert len({patients[ids[n]] for n in (0, 4, 5)}) == 3


def test_a_lesion_without_a_patient_is_locked_with_the_patient_it_is_of(
    project: Project, reader: Reader
) -> None:
    groups = [("P1", "L1"), ("P1", "L2"), ("", "L1"), ("P2", "L2"), ("", "L3")]
    new = [
        NewImage(f"{n}.png", sha256_of_bytes(bytes([n])), 1, 1, 4, 4, patient_id=patient, lesion_id=lesion)
        for n, (patient, lesion) in enumerate(groups)
    ]
    ids = project.store.images.add(new, folder=Path("/pictures"))
    project.store.validation.choose(n_wanted=1, seed=1, members=[ValidationMember(ids[1], "", 0)])
    assert project.store.validation.locked_images() == set()
    project.store.validation.lock(reader.id)
    assert project.store.validation.locked_images() == {ids[n] for n in (0, 1, 2)}


def test_settings_of_the_review_are_kept(project: Project) -> None:
    assert project.store.review_settings() == ReviewSettings()
    wanted = ReviewSettings(random_share=0.5, blank_share=0, repeat_share=0.25)
    project.store.set_review_settings(wanted)
    assert project.store.review_settings() == wanted
    with pytest.raises(GsalError, match="between 0 and 1"):
        project.store.set_review_settings(ReviewSettings(blank_share=1.5))
    assert project.store.review_settings() == wanted
