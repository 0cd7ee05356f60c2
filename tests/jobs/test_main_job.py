"""The main job, in miniature and for real: what it leaves, and that its figures follow from its rows."""

import csv
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from gsal.arrays import FloatArray
from gsal.jobs.audits.audit import RunAudit
from gsal.jobs.audits.export_per_image import ExportPerImage
from gsal.jobs.classifiers.train import TrainClassifier
from gsal.jobs.cohorts.create import CreateCohort
from gsal.jobs.masks.propose import Propose
from gsal.jobs.predictions.predict import Predict
from gsal.jobs.reports.content import gather
from gsal.jobs.reports.write import WriteReport
from gsal.jobs.runner import run_job
from gsal.jobs.saliency.compute import ComputeSaliency
from gsal.jobs.segmenters.segment import Segment
from gsal.progress import Event, JobCancelled, JobContext, Progress
from gsal.project import Project
from gsal.records import JobStatus, MaskSet, ModelKind, ModelStatus, SaliencyMethod, Side
from gsal.reports import html
from gsal.reports.sections import compose
from tests.conftest import SCENES


def test_it_leaves_everything_behind(finished: Path) -> None:
    with Project.open(finished, read_only=True) as project:
        store = project.store
        assert store.images.count() == 2 * SCENES
        assert {job.status for job in store.jobs.all()} == {JobStatus.DONE}
        assert all(len(store.masks.proposals(image.id)) == 4 for image in store.images.all())
        models = store.models.all()
        assert {m.status for m in models} == {ModelStatus.READY}
        assert [m.name for m in models if m.kind is ModelKind.CLASSIFIER] == ["biased", "unbiased"]
        for model in models:
            assert (finished / model.weights).is_file()
            assert {series for series, _, _ in store.models.metrics(model.id)} >= {"loss/training"}
            assert not (finished / "checkpoints" / f"model-{model.id}.pt").exists()
        validation = {image.id for image in store.images.all(side=Side.VALIDATION)}
        for run in store.saliency.runs():
            assert set(store.saliency.rows(run.id)) == validation
    page = (finished / "exports" / "report.html").read_text(encoding="utf-8")
    assert "Miniature" in page
    assert "biased" in page
    assert "<script src" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_the_same_project_gives_the_same_report_but_for_the_date(finished_copy: Path) -> None:
    exports = finished_copy / "exports"
    with Project.open(finished_copy) as project:
        run_job(WriteReport(pictures=2), project, JobContext())
        latest = project.store.audits.latest()
        assert latest is not None
        gathered = gather(project, latest, pictures=2)
    date = re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", (exports / "report.html").read_text(encoding="utf-8"))
    assert date is not None
    dated = html.render(compose(gathered)).replace(compose(gathered).date, date.group())
    assert dated == (exports / "report.html").read_text(encoding="utf-8")
    assert (exports / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_a_cohort_takes_one_twin_per_scene_at_the_rates_asked(finished: Path) -> None:
    with Project.open(finished, read_only=True) as project:
        exact = project.store.masks.best(None, MaskSet.EXACT)
        training = {i.id: i for i in project.store.images.all(side=Side.TRAINING)}
        validation = {i.patient_id for i in project.store.images.all(side=Side.VALIDATION)}
        for cohort in project.store.cohorts.all():
            members = [training[i] for i in project.store.cohorts.members(cohort.name)]
            assert len({m.lesion_id for m in members}) == len(members) == len(training) // 2
            assert not validation & {m.patient_id for m in members}
            rates = cohort.settings["rates"]
            for label in project.classes:
                inked = [exact[m.id].ink_px > 100 for m in members if m.label == label]
                asked = rates.get(label, rates[""])
                assert sum(inked) == math.floor(asked * len(inked) + 0.5)
                assert cohort.ink_rate_by_class[label] == pytest.approx(sum(inked) / len(inked))


def _events_of(job: object, project: Project) -> list[Progress]:
    events: list[Event] = []
    run_job(job, project, JobContext(events.append))  # type: ignore[arg-type]
    return [event for event in events if isinstance(event, Progress)]


def test_what_is_finished_is_not_done_again(finished: Path) -> None:
    with Project.open(finished) as project:
        for job in (
            Propose(),
            Segment("bisenet"),
            ComputeSaliency(mask_sets=(MaskSet.EXACT,)),
            Predict(variants=()),
        ):
            progress = _events_of(job, project)
            assert progress, job
            assert all(p.done == p.total for p in progress), job
        assert _events_of(TrainClassifier("biased", cohort="biased", recipe="demo", epochs=2), project) == []


def test_saliency_goes_on_where_it_was_stopped_and_comes_to_the_same(finished_copy: Path) -> None:
    job = ComputeSaliency(models=("biased",), mask_sets=(MaskSet.NETWORK,))
    with Project.open(finished_copy) as project:
        ctx = JobContext()
        ctx.emit = lambda e: ctx.cancel.set() if isinstance(e, Progress) and e.done >= 1 else None
        with pytest.raises(JobCancelled):
            run_job(job, project, ctx)
        model = project.store.models.get("biased")
        run = next(
            r
            for r in project.store.saliency.runs(model.id)
            if r.settings.mask_set == MaskSet.NETWORK and r.settings.method is SaliencyMethod.GRAD_CAM
        )
        assert run.rows == 32, "whole batches are kept"
        before = project.store.saliency.rows(run.id)
        progress = _events_of(job, project)
        assert progress[0].done == 32
        rows = project.store.saliency.rows(run.id)
        for image_id, row in before.items():
            np.testing.assert_array_equal(rows[image_id].values, row.values)
        exact = next(
            r
            for r in project.store.saliency.runs(model.id)
            if r.settings.mask_set == MaskSet.EXACT and r.settings.method is SaliencyMethod.GRAD_CAM
        )
        for image_id, row in project.store.saliency.rows(exact.id).items():
            np.testing.assert_allclose(rows[image_id].values[:, 2:], row.values[:, 2:], rtol=1e-4, atol=1e-4)


def test_an_audit_can_be_stopped_and_then_leaves_nothing(finished_copy: Path) -> None:
    with Project.open(finished_copy) as project:
        before = project.store.audits.latest()
        ctx = JobContext()
        ctx.emit = lambda e: ctx.cancel.set() if isinstance(e, Progress) and e.done == 1 else None
        with pytest.raises(JobCancelled):
            run_job(RunAudit(mask_set=MaskSet.EXACT), project, ctx)
        assert project.store.audits.latest() == before


def test_every_figure_follows_from_the_exported_rows(finished_copy: Path, tmp_path: Path) -> None:
    """Plain NumPy on the table, none of the program's own functions."""
    with Project.open(finished_copy) as project:
        reported = run_job(RunAudit(mask_set=MaskSet.EXACT), project, JobContext())["rows"]
        file = tmp_path / "rows.csv"
        run_job(ExportPerImage(str(file), mask_set=MaskSet.EXACT), project, JobContext())
    with file.open(encoding="utf-8", newline="") as opened:
        table = list(csv.DictReader(opened))
    assert len(reported) == 2 * 2 * 2
    for row in reported:
        mine = [r for r in table if r["model"] == row["model"] and r["method"] == row["method"]]
        _check(row, mine)


def _check(row: dict[str, Any], mine: list[dict[str, str]]) -> None:
    inked = [r for r in mine if r["inked"] == "1"]
    column = "m" if row["aggregator"] == "mean" else "n"
    s = np.array([float(r[column]) for r in inked])
    correct = np.array([r["correct"] == "1" for r in inked])
    n = len(s)
    assert row["n"] == n
    assert row["accuracy"] == pytest.approx(correct.mean(), abs=1e-6)
    # Ties share their group's mean: every correctness within a group is replaced by the group's mean.
    shared = np.array([correct[s == value].mean() for value in s])[np.argsort(s, kind="stable")]
    first = math.ceil(0.1 * n)
    accuracy_at = shared.cumsum() / np.arange(1, n + 1)
    assert row["aurrac"] == pytest.approx(accuracy_at[first - 1 :].mean(), abs=1e-6)
    hits = correct.sum()
    best = np.minimum(1, hits / np.arange(first, n + 1)).mean()
    assert row["oracle"] == pytest.approx(best, abs=1e-6)
    normalised = (accuracy_at[first - 1 :].mean() - correct.mean()) / (best - correct.mean())
    assert row["aurrac_normalised"] == pytest.approx(normalised, abs=1e-6)
    wrong, right = s[~correct], s[correct]
    pairs = (wrong[:, None] > right).mean() + 0.5 * (wrong[:, None] == right).mean()
    assert row["failure_auroc"] == pytest.approx(pairs, abs=1e-6)
    ranks = stats.rankdata(s) / n
    assert row["rank_loss"] == pytest.approx((~correct * ranks).mean(), abs=1e-6)
    # Thresholds are the distinct values of s from the first tick on: the ends of groups of ties.
    ordered = np.sort(s)
    ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True)) + 1
    ends = ends[ends >= first]
    tau = stats.kendalltau(ends, accuracy_at[ends - 1]).statistic
    assert row["kendall_tau"] == pytest.approx(tau, abs=1e-6)
    _check_classes(row, mine, inked, s)


def _check_classes(
    row: dict[str, Any], mine: list[dict[str, str]], inked: list[dict[str, str]], s: FloatArray
) -> None:
    if row["aggregator"] == "mean":
        pixels = sum(int(r["map_pixels"]) for r in mine)
        mean = sum(float(r["map_sum"]) for r in mine) / pixels
        square = sum(float(r["map_sum_sq"]) for r in mine) / pixels
        s = (s - mean) / math.sqrt(square - mean**2)
    classes: list[dict[str, Any]] = row["classes"]
    means = []
    for entry in classes:
        values = s[[r["label"] == entry["class"] for r in inked]]
        assert entry["n"] == len(values)
        if len(values) == 0:
            continue
        assert entry["mean"] == pytest.approx(values.mean(), abs=1e-6)
        means.append(values.mean())
        if row["aggregator"] == "mean" and len(values) > 1:
            # One picture per patient here: the cluster-robust interval is the plain t interval.
            half = stats.t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / math.sqrt(len(values))
            assert entry["low"] == pytest.approx(values.mean() - half, abs=1e-6)
            assert entry["high"] == pytest.approx(values.mean() + half, abs=1e-6)
    assert row["inter_class_variance"] == pytest.approx(np.var(means, ddof=1), abs=1e-6)


def test_a_later_cohort_keeps_the_split(finished_copy: Path) -> None:
    with Project.open(finished_copy) as project:
        split = project.split
        events: list[Event] = []
        job = CreateCohort("baseline", cohort_kind="baseline", mask_set="exact", validation_share=0.2)
        run_job(job, project, JobContext(events.append))
        assert project.split == split
        assert any("already split" in getattr(event, "text", "") for event in events)
