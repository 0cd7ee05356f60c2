"""Cohorts of a project: what is chosen from what, kept, shown whole and made again."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from gsal.cohorts.folds import folds
from gsal.cohorts.picture import Picture
from gsal.errors import CohortError
from gsal.jobs.cohorts.card import cohort_card, compare_again
from gsal.jobs.cohorts.create import CreateCohort
from gsal.jobs.cohorts.cross_validation import Folds
from gsal.jobs.cohorts.pool import Pool
from gsal.jobs.job import from_settings, to_settings
from gsal.jobs.masks.making import new_mask
from gsal.jobs.pictures.labelled import Split
from gsal.jobs.runner import run_job
from gsal.progress import JobContext, Notice
from gsal.project import Project
from gsal.records import CohortKind, MaskSource, Side
from tests.jobs.crowd import fill

_CLASSES = ("MEL", "NV", "BCC")

_jobs = st.builds(
    CreateCohort,
    name=st.just("c"),
    cohort_kind=st.sampled_from([str(kind) for kind in CohortKind]),
    seed=st.integers(0, 3),
    ratio=st.sampled_from((0.2, 0.5, 1.0)),
    target_rate=st.sampled_from((None, 0.5, 0.8)),
    rates=st.sampled_from(({"": 0.3}, {"MEL": 0.8, "": 0.2})),
    minimum_inked=st.just(1),
    exclude=st.sampled_from(((), ("BCC",))),
    sources=st.sampled_from(((), ("dermoscopic",))),
    inked=st.sampled_from((None, None, True)),
)


def _pool(n: int, patients: int, seed: int) -> Pool:
    """Return n pictures of so many patients, at random; one patient in twelve is locked."""
    rng = np.random.default_rng(seed)
    ink_rates = dict(zip(_CLASSES, rng.uniform(0.2, 0.8, 3), strict=True))
    pictures = []
    for i in range(n):
        label, patient = str(rng.choice(_CLASSES)), int(rng.integers(patients))
        is_inked = bool(rng.random() < ink_rates[label])
        source = str(rng.choice(("a/clinical", "a/dermoscopic")))
        pictures.append(Picture(3 * i + 1, label, f"p{patient}", "", is_inked, source))
    free = tuple(picture for picture in pictures if int(picture.patient[1:]) % 12)
    sides = dict.fromkeys((picture.image_id for picture in pictures), Side.TRAINING)
    return Pool(_CLASSES, tuple(pictures), free, n - len(free), Split(sides, sides, {"seed": 0}))


def _is_equal(inked: int, uninked: int, ratio: float) -> bool:
    return abs(uninked - Fraction(ratio).limit_denominator(10_000) * inked) <= Fraction(1, 2)


@given(st.builds(_pool, st.integers(40, 200), st.integers(12, 90), st.integers(0, 10_000)), _jobs)
@settings(max_examples=120)
def test_members_are_free_meet_the_filter_keep_the_rule_and_come_again(pool: Pool, job: CreateCohort) -> None:
    try:
        chosen = job.choose(pool)
        dealt = folds(pool.free, k=3, seed=0)
    except CohortError:
        event("no cohort")
        return
    free = {picture.image_id: picture for picture in pool.free}
    members = [free[i] for i in chosen.image_ids]
    assert all(job.filter.matches(picture) and picture.label not in job.exclude for picture in members)
    assert chosen.inked_ids == tuple(picture.image_id for picture in members if picture.inked)
    _check_rule(job, chosen.table.n_by_class, chosen.table.inked_by_class, chosen.achieved)
    turned = replace(pool, pictures=pool.pictures[::-1], free=pool.free[::-1])
    again = job.choose(turned)
    assert (again.image_ids, again.inked_ids, again.notes) == (
        chosen.image_ids,
        chosen.inked_ids,
        chosen.notes,
    )
    assert from_settings(CreateCohort, to_settings(job)) == job
    parted = Folds(0, tuple(tuple(i for i, at in dealt.items() if at == fold) for fold in range(3)))
    try:
        parts = job.choose_parts(pool, parted)
    except CohortError:
        event("no parts")
        return
    event("parts")
    for part, held_out in zip(parts, parted.members, strict=True):
        patients = {free[i].patient for i in held_out}
        assert not patients & {free[i].patient for i in part.image_ids}
        assert set(part.image_ids) <= set(free)
        _check_rule(job, part.table.n_by_class, part.table.inked_by_class, part.achieved)
        if job.cohort_kind in {CohortKind.BASELINE, CohortKind.INK_ONLY, CohortKind.ABLATED}:
            assert part.image_ids == tuple(i for i in chosen.image_ids if i not in held_out)


def _check_rule(
    job: CreateCohort, n: dict[str, int], inked: dict[str, int], achieved: dict[str, float]
) -> None:
    for name in n:
        if job.cohort_kind == CohortKind.UNBIASED:
            assert _is_equal(inked[name], n[name] - inked[name], achieved["ratio"])
        elif job.cohort_kind == CohortKind.RATES:
            rate = Fraction(str((job.rates or {}).get(name, (job.rates or {})[""])))
            assert abs(inked[name] - rate * n[name]) <= Fraction(1, 2)
        elif job.cohort_kind != CohortKind.BASELINE:
            assert inked[name] == n[name]


def test_a_cohort_is_kept_shown_whole_and_made_again(
    project: Project, reopened: Callable[[], Project]
) -> None:
    fill(project)
    run_job(CreateCohort("u", cohort_kind="unbiased", seed=5, sources=("clinical",)), project, JobContext())
    project = reopened()
    card = cohort_card(project, "u")
    assert [member.image_id for member in card.members] == project.store.cohorts.members("u")
    assert {member.path.split("/")[0] for member in card.members} == {"clinical"}
    for name in project.classes:
        of_class = [member for member in card.members if member.label == name]
        assert len(of_class) == card.record.n_by_class[name]
        assert sum(bool(member.inked) for member in of_class) == card.table.inked_by_class[name]
    assert card.association.cramers_v.estimate == pytest.approx(card.record.achieved["cramers_v"])
    assert card.record.seed == 5
    assert "Only pictures in clinical" in card.notes[0]
    assert compare_again(project, "u").is_same


def test_masks_that_changed_since_are_noticed_and_change_nothing_kept(project: Project) -> None:
    fill(project)
    run_job(CreateCohort("inked", cohort_kind="ink-only"), project, JobContext())
    before = cohort_card(project, "inked").members
    member = before[0]
    bare = new_mask(member.image_id, np.zeros((32, 32), np.bool_), MaskSource.EXACT)
    project.store.masks.add_many([bare])
    assert cohort_card(project, "inked").members == before
    assert compare_again(project, "inked").gone == (member.image_id,)


def test_a_cohort_of_an_older_version_is_shown_without_ink_of_its_members(project: Project) -> None:
    ids = fill(project, n=12)
    counts = {"n_by_class": {"MEL": 4, "NV": 4}, "inked_by_class": {"MEL": 2, "NV": 1}}
    project.store.cohorts.add(
        "old",
        ids[:8],
        kind=CohortKind.BASELINE,
        seed=0,
        mask_set="best",
        settings={"name": "old", "cohort_kind": "baseline"},
        achieved={**counts, "ink_rate_by_class": {"MEL": 0.5, "NV": 0.25}},
    )
    card = cohort_card(project, "old")
    assert {member.inked for member in card.members} == {None}
    assert card.table.ink_rate == 3 / 8


def test_names_in_a_filter_that_fit_nothing_settle_no_split(project: Project) -> None:
    fill(project)
    for slip, message in (
        ({"sources": ("derm",)}, "lies in derm"),
        ({"columns": {"site": ["hand"]}}, "no value of site hand"),
        ({"classes": ("XY",)}, "no class XY"),
        ({"patients": ("p9999",)}, "no patient p9999"),
    ):
        with pytest.raises(CohortError, match=message):
            run_job(CreateCohort("a", "baseline", **slip), project, JobContext())
    assert project.split is None


def test_a_filter_is_told_and_classes_are_left_out(project: Project) -> None:
    fill(project)
    told: list[str] = []
    ctx = JobContext(lambda event: told.append(event.text) if isinstance(event, Notice) else None)
    job = CreateCohort("arms", "baseline", classes=("MEL",), columns={"site": ["arm"]})
    with pytest.raises(CohortError, match="at least two classes"):
        run_job(job, project, ctx)
    job = CreateCohort("legs", "baseline", classes=("MEL", "NV"), inked=False)
    result = run_job(job, project, ctx)
    assert result["ink_rate_by_class"] == {"MEL": 0.0, "NV": 0.0}
    assert told[0].startswith("Only pictures without ink")
    assert "Class BCC is left out as asked." in told
