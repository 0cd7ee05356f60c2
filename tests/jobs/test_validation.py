"""The validation set from choice to lock, and that nothing learns from it afterwards."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gsal.errors import CohortError, GsalError, LockedError, NotFoundError
from gsal.jobs.classifiers.train import TrainClassifier
from gsal.jobs.cohorts.create import CreateCohort
from gsal.jobs.job import Job
from gsal.jobs.masks.making import new_mask
from gsal.jobs.pictures.import_images import ImportImages
from gsal.jobs.reading.validation import ChooseValidationSet, LockValidationSet, pictures_named, status
from gsal.jobs.runner import run_job
from gsal.jobs.segmenters.data import choose_training_masks
from gsal.jobs.segmenters.train import TrainSegmenter
from gsal.progress import JobCancelled, JobContext, Notice
from gsal.project import Project
from gsal.records import (
    Decision,
    MaskSet,
    MaskSource,
    ModelKind,
    NewImage,
    NewMask,
    Preprocessing,
    Purpose,
    ReaderKind,
    Side,
    Verdict,
)

N = 60
PER_PATIENT = 3


@pytest.fixture
def read(project: Project, tmp_path: Path) -> Project:
    """A project of 60 pictures of 20 patients, each with a rule's mask, every other one inked."""
    folder = tmp_path / "photos"
    folder.mkdir()
    rng = np.random.default_rng(0)
    lines = ["file,label,patient_id"]
    for i in range(N):
        name = f"{i:02d}.png"
        Image.fromarray(rng.integers(0, 255, (16, 16, 3), dtype=np.uint8)).save(folder / name)
        lines.append(f"{name},{('MEL', 'NV', 'BCC')[i % 3]},p{i // PER_PATIENT}")
    (folder / "labels.csv").write_text("\n".join(lines), encoding="utf-8")
    run(project, ImportImages(str(folder), labels=str(folder / "labels.csv")))
    images = project.store.images.all()
    project.store.masks.add_many([_mask(image.id, is_inked=i % 2 == 0) for i, image in enumerate(images)])
    project.store.images.set_disagreements({image.id: image.id / N for image in images})
    return project


def _mask(image_id: int, *, is_inked: bool) -> NewMask:
    return new_mask(image_id, np.full((16, 16), is_inked), MaskSource.AUTOMATIC_PICK, rule="hue")


def run(project: Project, job: Job, emit: Callable[[object], None] = lambda _: None) -> dict[str, Any]:
    return run_job(job, project, JobContext(emit))


def lock(project: Project, *numbers: int) -> set[int]:
    """Lock a set of these pictures; return what is locked out with them."""
    run(project, ChooseValidationSet(1))
    project.store.validation.remove([member.image_id for member in project.store.validation.members()])
    project.store.validation.add(numbers)
    project.store.readers.add("Ada", ReaderKind.EXPERT)
    run(project, LockValidationSet("Ada"))
    return project.store.validation.locked_images()


def notices(events: list[object]) -> str:
    return "\n".join(event.text for event in events if isinstance(event, Notice))


def test_a_choice_is_kept_in_its_order_and_can_be_made_again(read: Project) -> None:
    result = run(read, ChooseValidationSet(12, seed=3, inked_share=0.25))
    assert (result["n_members"], result["patients"]) == (12, 12)
    assert sum(count for name, count in result["strata"].items() if name.startswith("ink,")) == 3
    first = read.store.validation.members()
    assert [member.position for member in first] == list(range(12))
    run(read, ChooseValidationSet(12, seed=4))
    assert read.store.validation.members() != first
    run(read, ChooseValidationSet(12, seed=3, inked_share=0.25))
    assert read.store.validation.members() == first


def test_pictures_without_a_mask_are_not_chosen_from(read: Project, tmp_path: Path) -> None:
    Image.fromarray(np.full((16, 16, 3), 7, np.uint8)).save(tmp_path / "photos" / "new.png")
    (tmp_path / "photos" / "more.csv").write_text("file,label\nnew.png,MEL\n", encoding="utf-8")
    run(read, ImportImages(str(tmp_path / "photos"), labels=str(tmp_path / "photos" / "more.csv")))
    events: list[object] = []
    assert run(read, ChooseValidationSet(100), events.append)["n_members"] == N
    assert "1 pictures have no mask yet" in notices(events)
    assert f"only {N} pictures" in notices(events)
    with pytest.raises(CohortError):
        run(read, ChooseValidationSet(5, inked_share=2.0))


def test_pictures_that_a_review_refused_are_chosen_from_too(read: Project) -> None:
    reader = read.store.readers.add("Ada", ReaderKind.EXPERT)
    hard = read.store.images.all()[0].id
    refusal = Decision(hard, reader.id, Purpose.REVIEW, Verdict.CANNOT_JUDGE, None, 1.0, "")
    read.store.decisions.add(refusal).result()
    events: list[object] = []
    run(read, ChooseValidationSet(N, inked_share=0.5), events.append)
    assert hard in {member.image_id for member in read.store.validation.members()}
    assert "no mask yet" not in notices(events)


def test_status_says_who_has_read_how_much(read: Project) -> None:
    assert status(read) is None
    run(read, ChooseValidationSet(10))
    members = [member.image_id for member in read.store.validation.members()]
    outside = next(image.id for image in read.store.images.all() if image.id not in members)
    readers = [read.store.readers.add(name, ReaderKind.EXPERT) for name in ("Ada", "Bo", "Cy")]
    for reader, numbers in zip(readers, (members[:3], members[2:7], [outside]), strict=True):
        for number in numbers:
            verdict = Decision(number, reader.id, Purpose.VALIDATION, Verdict.CANNOT_JUDGE, None, 1.0, "")
            read.store.decisions.add(verdict).result()
    read.store.decisions.add(
        Decision(members[9], readers[0].id, Purpose.REVIEW, Verdict.CANNOT_JUDGE, None, 1.0, "")
    ).result()
    found = status(read)
    assert found is not None
    assert [(one.name, one.n) for one in found.read_by] == [("Bo", 5), ("Ada", 3)]
    assert (found.n_read, found.n_members, found.n_wanted) == (7, 10, 10)
    assert (found.locked, found.locked_by, found.locked_out) == (None, "", 0)
    run(read, LockValidationSet("Bo"))
    found = status(read)
    assert found is not None
    assert found.locked
    assert found.locked_by == "Bo"
    patients = {image.patient for image in read.store.images.get_many(members)}
    assert found.locked_out == len(patients) * PER_PATIENT


def test_a_locked_set_stays_as_it_is(read: Project) -> None:
    with pytest.raises(NotFoundError, match="no reader named Ada"):
        run(read, LockValidationSet("Ada"))
    lock(read, 1, 2)
    for job in (ChooseValidationSet(5), LockValidationSet("Ada")):
        with pytest.raises(LockedError, match="locked since"):
            run(read, job)
    assert [member.image_id for member in read.store.validation.members()] == [1, 2]


def test_nothing_is_locked_while_a_network_learns(read: Project) -> None:
    run(read, ChooseValidationSet(5))
    read.store.readers.add("Ada", ReaderKind.EXPERT)
    read.store.jobs.start(TrainSegmenter.kind, {})
    with pytest.raises(GsalError, match="learning now"):
        run(read, LockValidationSet("Ada"))
    assert read.store.validation.locked_images() == set()


def test_a_segmenter_chooses_without_the_set_and_its_patients_and_says_how_many(read: Project) -> None:
    events: list[object] = []
    before = choose_training_masks(read, MaskSet.RULE, JobContext(), max_pictures=0, seed=0)
    out = lock(read, 1, 5)
    assert out == {1, 2, 3, 4, 5, 6}
    after = choose_training_masks(read, MaskSet.RULE, JobContext(events.append), max_pictures=0, seed=0)
    chosen = {image.id for image, _ in after.training + after.validation}
    assert {image.id for image, _ in before.training + before.validation} - chosen == out
    assert "6 pictures of the locked validation set" in notices(events)


def test_a_segmenter_begun_before_the_lock_does_not_go_on(read: Project) -> None:
    job = TrainSegmenter("early", recipe="demo", mask_set=MaskSet.RULE)
    record = _begun(read, job)
    lock(read, record.run_card["training_images"][0])
    with pytest.raises(LockedError, match=f"of the {N} pictures that early would learn from.*another name"):
        run(read, job)
    assert read.store.jobs.all()[-1].message.startswith("3 of the")


def test_what_only_steered_a_segmenter_counts_as_learned_from(read: Project) -> None:
    job = TrainSegmenter("early", recipe="demo", mask_set=MaskSet.RULE)
    record = _begun(read, job)
    lock(read, record.run_card["validation_images"][0])
    with pytest.raises(LockedError):
        run(read, job)


def _begun(project: Project, job: TrainSegmenter) -> Any:
    """Leave a training as one that was stopped before its first epoch."""
    from gsal.jobs.recipes import segmenter_recipe

    chosen = choose_training_masks(
        project, MaskSet(job.mask_set), JobContext(), max_pictures=0, seed=job.seed
    )
    recipe = segmenter_recipe(job.recipe)
    return project.store.models.add(
        job.name,
        kind=ModelKind.SEGMENTER,
        architecture=job.architecture,
        preprocessing=Preprocessing(size=recipe.size),
        seed=job.seed,
        run_card={
            "recipe": recipe.to_json() | {"name": job.recipe},
            "mask_set": job.mask_set,
            "max_pictures": job.max_pictures,
        }
        | chosen.to_card(),
    )


def test_lock_and_status_name_networks_that_have_learned_from_these_patients(read: Project) -> None:
    _begun(read, TrainSegmenter("early", recipe="demo", mask_set=MaskSet.RULE))
    run(read, ChooseValidationSet(4))
    read.store.readers.add("Ada", ReaderKind.EXPERT)
    events: list[object] = []
    run(read, LockValidationSet("Ada"), events.append)
    found = status(read)
    assert found is not None
    assert found.learned_by == {"early": found.locked_out}
    assert f"early learned from {found.locked_out} pictures" in notices(events)


def test_classifiers_that_have_learned_from_these_patients_are_named_too(read: Project) -> None:
    run(read, CreateCohort("all", cohort_kind="baseline", mask_set=MaskSet.RULE, validation_share=0.2))
    members = read.store.cohorts.members("all")
    for name, cohort in (("net", read.store.cohorts.get("all").id), ("brought along", None)):
        read.store.models.add(
            name,
            kind=ModelKind.CLASSIFIER,
            architecture="densenet-small",
            preprocessing=Preprocessing(),
            seed=0,
            cohort_id=cohort,
            run_card={},
        )
    watched = read.store.images.all(side=Side.VALIDATION)[0].id
    events: list[object] = []
    run(read, ChooseValidationSet(1))
    read.store.validation.remove([member.image_id for member in read.store.validation.members()])
    read.store.validation.add([members[0], watched])
    read.store.readers.add("Ada", ReaderKind.EXPERT)
    run(read, LockValidationSet("Ada"), events.append)
    found = status(read)
    assert found is not None
    assert found.learned_by == {"net": PER_PATIENT}
    assert f"net learned from {PER_PATIENT} pictures of these patients" in notices(events)


def test_a_cohort_leaves_the_set_and_its_patients_out_and_says_how_many(read: Project) -> None:
    job = CreateCohort("before", cohort_kind="baseline", mask_set=MaskSet.RULE, validation_share=0.2)
    run(read, job)
    side = {image.id for image in read.store.images.all(side=Side.TRAINING)}
    out = lock(read, *sorted(side)[:2]) & side
    result = run(read, replace(job, name="after", validation_share=None))
    before, after = (set(read.store.cohorts.members(name)) for name in ("before", "after"))
    assert before - after == out
    assert [f"{len(out)} pictures of the locked validation set" in note for note in result["notes"]] == [True]


def test_the_split_keeps_a_lesion_without_a_patient_with_its_patient(
    project: Project, tmp_path: Path
) -> None:
    """Of each patient one picture has no patient id; it is on the patient's side all the same."""
    new = [
        NewImage(
            f"{n}.png",
            f"{n:064x}",
            1,
            1,
            16,
            16,
            label=("MEL", "NV")[n // 2 % 2],
            patient_id="" if n % 2 else f"P{n}",
            lesion_id=f"L{n // 2}",
        )
        for n in range(40)
    ]
    ids = project.store.images.add(new, folder=tmp_path)
    project.store.masks.add_many([_mask(number, is_inked=number % 4 < 2) for number in ids])
    job = CreateCohort("all", cohort_kind="baseline", mask_set=MaskSet.RULE, validation_share=0.3)
    run(project, replace(job, exclude=("BCC",)))
    sides = {image.id: image.side for image in project.store.images.all()}
    assert set(sides.values()) == set(Side)
    assert all(sides[ids[n]] is sides[ids[n + 1]] for n in range(0, 40, 2))
    chosen = choose_training_masks(project, MaskSet.RULE, JobContext(), max_pictures=0, seed=0)
    lesions = [{image.lesion_id for image, _ in part} for part in (chosen.training, chosen.validation)]
    assert lesions[0].isdisjoint(lesions[1])


def test_a_classifier_of_a_cohort_with_locked_pictures_is_refused(read: Project) -> None:
    run(read, CreateCohort("all", cohort_kind="baseline", mask_set=MaskSet.RULE, validation_share=0.2))
    members = read.store.cohorts.members("all")
    lock(read, members[0])
    job = TrainClassifier("net", cohort="all", recipe="demo")
    with pytest.raises(LockedError, match=r"networks of cohort all would learn from.*cohort anew"):
        run(read, job)
    assert read.store.models.find("net") is None


def test_a_classifier_is_not_steered_by_locked_pictures(
    read: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(read, CreateCohort("all", cohort_kind="baseline", mask_set=MaskSet.RULE, validation_share=0.2))
    watched = [image.id for image in read.store.images.all(side=Side.VALIDATION)]
    out = lock(read, watched[0])
    assert out < set(watched)
    seen: list[int] = []

    def decode(project: Project, wanted: list[Any], *_: object, **__: object) -> None:
        seen.extend(one.image.id for one in wanted)
        raise JobCancelled

    monkeypatch.setattr("gsal.jobs.classifiers.data.decoded_pictures", decode)
    events: list[object] = []
    with pytest.raises(JobCancelled):
        run(read, TrainClassifier("net", cohort="all", recipe="demo"), events.append)
    assert out.isdisjoint(seen)
    assert set(watched) - out < set(seen)
    assert f"{len(out)} pictures of the locked validation set" in notices(events)


def test_with_every_watched_picture_locked_a_classifier_is_refused(read: Project) -> None:
    run(read, CreateCohort("all", cohort_kind="baseline", mask_set=MaskSet.RULE, validation_share=0.2))
    lock(read, *[image.id for image in read.store.images.all(side=Side.VALIDATION)])
    with pytest.raises(LockedError, match="watched on"):
        run(read, TrainClassifier("net", cohort="all", recipe="demo"))


def test_pictures_are_found_by_path_or_name(read: Project) -> None:
    assert pictures_named(read, ["photos/01.png", "03.png"]) == [2, 4]
    with pytest.raises(NotFoundError, match=r"No picture is named zz\.png"):
        pictures_named(read, ["zz.png"])
