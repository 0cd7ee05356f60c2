"""Watching real jobs: panels that fill before the job ends, stopping, going on, the terminal's figures."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.audit.page import AuditPage
from app.jobs.task import TaskState
from app.settings import Settings
from app.theme import Theme
from app.workspace import Workspace
from gsal.audit import AuditData
from gsal.jobs.audits.audit import RunAudit
from gsal.jobs.runner import run_job
from gsal.jobs.saliency.compute import ComputeSaliency
from gsal.progress import JobCancelled, JobContext, Progress, SaliencyBatch
from gsal.project import Project
from gsal.records import PAPER_METHODS, MaskSet

WAIT_MS = 60_000


@pytest.fixture
def workspace(
    qtbot: QtBot, finished: Path, tmp_path: Path, theme: Theme, settings: Settings
) -> Iterator[Workspace]:
    """A window's content on a project with trained networks."""
    shutil.copytree(finished, tmp_path / "copy")
    made = Workspace(Project.open(tmp_path / "copy"), theme, settings)
    qtbot.addWidget(made)
    made.resize(1280, 720)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.shut_down()


def hold(project: Project, monkeypatch: pytest.MonkeyPatch, *, after: int) -> threading.Event:
    """Make the saliency job wait, after so many batches are kept, for the event that is returned."""
    gate = threading.Event()
    add: Callable[..., None] = project.store.saliency.add
    calls = iter(range(10**6))

    def held(run_id: int, rows: object) -> None:
        if next(calls) == after:
            assert gate.wait(60)
        add(run_id, rows)

    monkeypatch.setattr(project.store.saliency, "add", held)
    return gate


def wait_for_figures(qtbot: QtBot, audit: AuditPage, n: dict[tuple[str, str], int]) -> None:
    qtbot.waitUntil(
        lambda: {(f.model, f.method): f.summary.n for f in audit.source.figures.models} == n, timeout=WAIT_MS
    )


def test_panels_fill_while_the_job_runs_and_end_at_the_terminals_figures(
    qtbot: QtBot, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit, manager = workspace.audit, workspace.manager
    live = audit.view.live
    workspace.show_page(3)
    qtbot.waitUntil(lambda: bool(audit.source.figures.models), timeout=WAIT_MS)
    audit.choosers.mask_set.setCurrentIndex(audit.choosers.mask_set.findData(MaskSet.RULE))
    qtbot.waitUntil(lambda: audit.start.isEnabled() and not audit.source.figures.models)
    gate = hold(workspace.project, monkeypatch, after=1)
    audit.start.click()
    task = manager.current
    assert task is not None
    qtbot.waitUntil(
        lambda: sum(live.global_saliency.points.values()) > 0 and sum(live.response.points.values()) > 0,
        timeout=WAIT_MS,
    )
    assert task.state is TaskState.RUNNING, "both panels show points before the job ends"
    seen = audit.source.figures.models[0].pictures
    with qtbot.waitSignal(manager.idle, timeout=WAIT_MS):
        workspace.header.stop.click()
        gate.set()
    assert str(task.state) == "stopped"
    (stopped,) = [j for j in workspace.project.store.jobs.all() if j.status.is_resumable]
    assert stopped.kind == "saliency"

    with qtbot.waitSignal(manager.idle, timeout=WAIT_MS):
        audit.start.click()
    result = run_job(RunAudit(mask_set=MaskSet.RULE), workspace.project, JobContext())
    for method in PAPER_METHODS:
        audit.choosers.method.setCurrentIndex(audit.choosers.method.findData(method))
        rows = {r["model"]: r for r in result["rows"] if (r["method"], r["aggregator"]) == (method, "mean")}
        wait_for_figures(qtbot, audit, {(model, str(method)): row["n"] for model, row in rows.items()})
        for figures in audit.source.figures.models:
            row = rows[figures.model]
            assert figures.pictures > seen
            assert figures.summary.aurrac == pytest.approx(row["aurrac"], abs=1e-12)
            assert figures.summary.oracle == pytest.approx(row["oracle"], abs=1e-12)
            for shown, expected in zip(figures.classes, row["classes"], strict=True):
                assert (shown.name, shown.n) == (expected["class"], expected["n"])
                for value, key in ((shown.mean, "mean"), (shown.low, "low"), (shown.high, "high")):
                    known = np.nan if expected[key] is None else expected[key]
                    assert value == pytest.approx(known, abs=1e-9, nan_ok=True)


def test_panels_fill_from_the_store_when_a_project_opens(qtbot: QtBot, workspace: Workspace) -> None:
    audit = workspace.audit
    workspace.show_page(3)
    audit.choosers.mask_set.setCurrentIndex(audit.choosers.mask_set.findData(MaskSet.EXACT))
    qtbot.waitUntil(lambda: [f.model for f in audit.source.figures.models] == ["biased", "unbiased"])
    assert audit.stack.currentIndex() == 0
    assert audit.findings.toPlainText()
    audit.choosers.model.setCurrentIndex(audit.choosers.model.findData("biased"))
    qtbot.waitUntil(lambda: [f.model for f in audit.source.figures.models] == ["biased"])
    before = audit.source.figures.models[0].classes
    audit.choosers.scale.setCurrentIndex(1)
    qtbot.waitUntil(lambda: audit.source.figures.models[0].classes != before)
    assert "n" in audit.view.live.global_saliency.getAxis("left").labelText


def test_a_report_of_what_is_complete_names_what_it_leaves_out(qtbot: QtBot, workspace: Workspace) -> None:
    audit = workspace.audit
    workspace.show_page(3)
    audit.choosers.mask_set.setCurrentIndex(audit.choosers.mask_set.findData(MaskSet.EXACT))
    qtbot.waitUntil(audit.report.isEnabled, timeout=WAIT_MS)
    assert "Left out" not in audit.report.toolTip()
    ctx = JobContext()
    ctx.emit = lambda e: ctx.cancel.set() if isinstance(e, Progress) and e.done >= 1 else None
    with pytest.raises(JobCancelled):
        run_job(ComputeSaliency(("biased",), ("gradient",), ("exact",)), workspace.project, ctx)
    audit.source.refresh()
    qtbot.waitUntil(lambda: "Left out" in audit.report.toolTip(), timeout=WAIT_MS)
    assert ": biased, gradient." in audit.report.toolTip()
    assert audit.report.isEnabled()


def test_training_is_watched_stopped_and_goes_on(qtbot: QtBot, workspace: Workspace) -> None:
    page, manager = workspace.training, workspace.manager
    workspace.show_page(2)
    qtbot.waitUntil(lambda: page.panel.classifier.cohort.count() == 2)
    page.panel.name.setText("again")
    page.panel.recipe.setCurrentIndex(page.panel.recipe.findData("demo"))
    qtbot.waitUntil(lambda: bool(page.curves.points))
    assert page.title.text() == max(workspace.project.store.models.all(), key=lambda m: m.id).name
    page.panel.start.click()
    first = manager.current
    assert not page.curves.points, "the curves of another network are gone at once"
    assert first is not None
    assert page.title.text() == first.job.title
    qtbot.waitUntil(lambda: len(page.curves.points.get("loss/validation", ([], []))[0]) >= 1, timeout=WAIT_MS)
    assert page.panel.stop.isVisible()
    with qtbot.waitSignal(manager.idle, timeout=WAIT_MS):
        page.panel.stop.setFocus()
        page.panel.stop.click()
    assert workspace.focusWidget() is page.panel.start
    assert first.state is TaskState.CANCELLED
    done = len(page.curves.points["loss/validation"][0])
    workspace.jobs.refresh()
    (record,) = [j for j in workspace.project.store.jobs.all() if j.status.is_resumable]
    workspace.jobs._resume(record)
    qtbot.waitUntil(lambda: len(page.curves.points["loss/validation"][0]) > done, timeout=WAIT_MS)
    steps = page.curves.points["loss/validation"][0]
    assert steps == list(range(1, len(steps) + 1)), "it went on where it stopped"
    with qtbot.waitSignal(manager.idle, timeout=WAIT_MS):
        manager.cancel_all()


def test_cohorts_and_their_ink_rates_are_shown(qtbot: QtBot, workspace: Workspace) -> None:
    table = workspace.training.cohorts
    qtbot.waitUntil(lambda: table.rowCount() == 2)
    assert table.index(0, 0).data() == "biased"
    assert table.columnCount() == 4 + len(workspace.project.classes)
    assert "%" in table.index(0, 3).data()


def batch(ids: list[int], mean: list[float]) -> AuditData:
    n = len(ids)
    told = SaliencyBatch(
        model="m",
        method="grad-cam",
        image_ids=np.array(ids),
        true_class=np.zeros(n, np.int64),
        predicted=np.zeros(n, np.int64),
        explained=np.zeros(n, np.int64),
        logits=np.zeros((n, 1)),
        mean=np.array(mean),
        peak=np.array(mean),
        map_sum=np.zeros(n),
        map_sum_sq=np.ones(n),
        map_pixels=4,
        inked=np.ones(n, np.bool_),
        ink_px=np.ones(n),
        mask_area=np.ones(n),
        patients=tuple(f"p{i}" for i in ids),
    )
    return AuditData.from_batch(told, ("MEL",))


def test_a_picture_that_comes_again_replaces_what_was_known() -> None:
    one = AuditData.joined([batch([5, 3], [0.5, 0.3]), batch([3, 9], [0.4, 0.9])])
    assert one.image_ids.tolist() == [3, 5, 9]
    assert one.mean.tolist() == [0.4, 0.5, 0.9]
    assert one.patient.tolist() == ["p3", "p5", "p9"]
