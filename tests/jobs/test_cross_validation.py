"""Folds of the training side: one deal for all cohorts, kept, and what each fold's network learns from."""

from collections.abc import Callable

import pytest

from gsal.errors import CohortError
from gsal.jobs.cohorts.create import CreateCohort
from gsal.jobs.cohorts.cross_validation import fold_parts
from gsal.jobs.cohorts.deal_folds import DealFolds
from gsal.jobs.runner import run_job
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ReaderKind, Side, ValidationMember
from tests.jobs.crowd import fill


def _make(project: Project, *jobs: CreateCohort) -> None:
    for job in jobs:
        run_job(job, project, JobContext())


def test_folds_partition_the_training_side_by_patient_and_judge_all_cohorts_alike(project: Project) -> None:
    fill(project)
    _make(
        project,
        CreateCohort("baseline", "baseline"),
        CreateCohort("unbiased", "unbiased", folds=3),
        CreateCohort("ladder", "rates", rates={"MEL": 0.8, "": 0.2}, folds=3),
    )
    training = {image.id for image in project.store.images.all(side=Side.TRAINING)}
    patients = project.store.images.patients()
    by_cohort = {name: fold_parts(project, name) for name in ("baseline", "unbiased", "ladder")}
    baseline = by_cohort["baseline"]
    assert sorted(i for part in baseline for i in part.held_out) == sorted(training)
    for parts in by_cohort.values():
        assert [part.fold for part in parts] == [0, 1, 2]
        assert [part.held_out for part in parts] == [part.held_out for part in baseline]
        for part in parts:
            assert set(part.training) <= training
            learned = {patients[i] for i in part.training}
            assert not learned & {patients[i] for i in part.held_out}
    for part in baseline:
        assert sorted(part.training + part.held_out) == sorted(training)


def test_parts_of_a_drawn_cohort_keep_its_rule(project: Project) -> None:
    fill(project)
    _make(project, CreateCohort("unbiased", "unbiased", folds=3, minimum_inked=5))
    cohort = project.store.cohorts.get("unbiased")
    for stored, part in zip(cohort.achieved["folds"], fold_parts(project, "unbiased"), strict=True):
        assert tuple(stored["image_ids"]) == part.training
        for name, n in stored["n_by_class"].items():
            inked = stored["inked_by_class"][name]
            assert abs(n - inked - stored["ratio"] * inked) <= 0.5 + 1e-9


def test_a_cohort_drawn_as_a_whole_is_not_cut_into_folds(project: Project) -> None:
    fill(project)
    _make(project, CreateCohort("unbiased", "unbiased"), CreateCohort("five", "unbiased", folds=5))
    with pytest.raises(CohortError, match="--folds 3"):
        fold_parts(project, "unbiased")
    with pytest.raises(CohortError, match="--folds 3"):
        fold_parts(project, "five", k=3)
    assert len(fold_parts(project, "five", k=5)) == 5


def test_folds_stay_when_the_project_is_closed_and_grows(
    project: Project, reopened: Callable[[], Project]
) -> None:
    fill(project)
    _make(project, CreateCohort("baseline", "baseline"))
    before = fold_parts(project, "baseline")
    project = reopened()
    assert fold_parts(project, "baseline") == before
    fill(project, n=60, seed=1)
    _make(project, CreateCohort("grown", "baseline", folds=3))
    patients = project.store.images.patients()
    grown = fold_parts(project, "grown")
    for old, new in zip(before, grown, strict=True):
        assert set(old.held_out) < set(new.held_out)
        assert not {patients[i] for i in new.training} & {patients[i] for i in new.held_out}
    assert [part.training for part in fold_parts(project, "baseline")] == [part.training for part in before]
    assert project.split is not None
    assert project.split["validation_share"] == 0.1


def test_classes_left_out_do_not_judge_and_locked_pictures_neither_learn_nor_judge(project: Project) -> None:
    ids = fill(project)
    reader = project.store.readers.add("AW", ReaderKind.EXPERT)
    members = [ValidationMember(i, "ink", n) for n, i in enumerate(ids[:12])]
    project.store.validation.choose(n_wanted=12, seed=0, members=members)
    project.store.validation.lock(reader.id)
    locked = project.store.validation.locked_images()
    _make(project, CreateCohort("two", "baseline", classes=("MEL", "NV"), folds=3))
    labels = {image.id: image.label for image in project.store.images.all()}
    for part in fold_parts(project, "two"):
        assert {labels[i] for i in part.held_out} == {"MEL", "NV"}
        assert not locked & {*part.held_out, *part.training}


def test_a_part_that_cannot_be_formed_names_its_fold_and_keeps_nothing(project: Project) -> None:
    fill(project, n=60)
    with pytest.raises(CohortError, match=r"Without fold 1 of 3 the cohort cannot be formed. Too few inked"):
        _make(project, CreateCohort("u", "unbiased", folds=3, minimum_inked=5))
    assert project.split is None
    assert not project.store.cohorts.all()


def test_dealing_is_a_job_of_its_own(project: Project) -> None:
    fill(project)
    result = run_job(DealFolds(4), project, JobContext())
    assert [fold["fold"] for fold in result["folds"]] == [0, 1, 2, 3]
    training = project.store.images.all(side=Side.TRAINING)
    assert sum(fold["n"] for fold in result["folds"]) == len(training)
    rates = [fold["ink_rate_by_class"]["MEL"] for fold in result["folds"]]
    assert max(rates) - min(rates) < 0.15, "ink is spread evenly"
    assert run_job(DealFolds(4), project, JobContext())["folds"] == result["folds"]
    with pytest.raises(CohortError, match="at least 2"):
        run_job(DealFolds(1), project, JobContext())
