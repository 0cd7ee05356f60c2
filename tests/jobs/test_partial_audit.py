"""Audits of what is complete: the rest is left out and named, and kept audits can be found again."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from gsal.audit import AuditResult
from gsal.audit.since import TOPIC
from gsal.errors import GsalError, NotFoundError
from gsal.jobs.audits.audit import RunAudit
from gsal.jobs.audits.earlier import as_last_audited, last_audit, last_of_each
from gsal.jobs.audits.export_per_image import ExportPerImage
from gsal.jobs.cohorts.create import CreateCohort
from gsal.jobs.job import Job
from gsal.jobs.reports.content import gather
from gsal.jobs.reports.write import WriteReport
from gsal.jobs.runner import run_job
from gsal.jobs.saliency.compute import ComputeSaliency
from gsal.progress import Event, JobCancelled, JobContext, Notice, Progress
from gsal.project import DATABASE_NAME, Project
from gsal.reports.sections import compose


@pytest.fixture
def project(finished_copy: Path) -> Iterator[Project]:
    with Project.open(finished_copy) as opened:
        yield opened


def run(project: Project, job: Job) -> dict[str, Any]:
    return run_job(job, project, JobContext())


def stop_early(project: Project, job: ComputeSaliency) -> None:
    """Run it for one batch."""
    ctx = JobContext()
    ctx.emit = lambda e: ctx.cancel.set() if isinstance(e, Progress) and e.done >= 1 else None
    with pytest.raises(JobCancelled):
        run_job(job, project, ctx)


def report(project: Project, **settings: Any) -> str:
    return Path(run(project, WriteReport(pictures=0, **settings))["report"]).read_text(encoding="utf-8")


def test_an_unfinished_run_is_left_out_and_named(project: Project, tmp_path: Path) -> None:
    unfinished = ComputeSaliency(("biased",), ("gradient",), ("exact",))
    stop_early(project, unfinished)
    result = run(project, RunAudit(mask_set="exact"))
    assert {row["method"] for row in result["rows"]} == {"grad-cam", "competitive-gradient-input"}
    (text,) = result["left_out"]
    named = r"Left out, for saliency was computed for 32 of \d+ pictures: biased, gradient\. Compute saliency"
    assert re.match(named, text)
    assert text in result["findings"]
    assert report(project).count(text) == 2, "among the findings, and among the limits"
    told: list[Event] = []
    run_job(ExportPerImage(str(tmp_path / "rows.csv"), mask_set="exact"), project, JobContext(told.append))
    assert text in [event.text for event in told if isinstance(event, Notice)]

    for asked in (RunAudit(("biased",), "exact"), RunAudit(mask_set="exact", methods=("gradient",))):
        with pytest.raises(GsalError, match=r"gradient of biased is missing, .*--method gradient` again"):
            run(project, asked)
    chosen = run(project, RunAudit(("biased",), "exact", methods=("grad-cam",)))
    assert {(row["model"], row["method"]) for row in chosen["rows"]} == {("biased", "grad-cam")}
    assert chosen["left_out"] == []
    with pytest.raises(GsalError, match="no saliency method cam"):
        run(project, RunAudit(methods=("cam",)))

    run(project, unfinished)
    whole = run(project, RunAudit(mask_set="exact"))
    assert whole["left_out"] == []
    assert "gradient" in {row["method"] for row in whole["rows"]}


def test_a_model_without_any_saliency_is_named_or_refused(project: Project) -> None:
    with pytest.raises(GsalError, match="No saliency is stored over the mask set 'rule'"):
        run(project, RunAudit(mask_set="rule"))
    run(project, ComputeSaliency(("biased",), ("grad-cam",), ("rule",)))
    result = run(project, RunAudit(mask_set="rule"))
    (text,) = result["left_out"]
    assert text.startswith("Left out, for no saliency was computed over these masks: unbiased.")
    with pytest.raises(GsalError, match="No saliency of unbiased is stored over the mask set 'rule'"):
        run(project, RunAudit(("biased", "unbiased"), "rule"))


def test_a_part_of_the_placebo_is_told(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gsal.jobs.saliency.compute.pictures_at_once", lambda *_, **__: 8)
    job = ComputeSaliency(("biased",), ("grad-cam",), ("exact",), variants=("ink-inpainted",))
    stop_early(project, job)
    placebo, answers = run(project, RunAudit(("biased",), "exact", methods=("grad-cam",)))["left_out"]
    found = re.match(r"The placebo covers (\d+) of (\d+) pictures with ink", placebo)
    assert found is not None
    assert 0 < int(found[1]) < int(found[2])
    assert answers.startswith(f"The answers cover {found[1]} of {found[2]} pictures with ink")
    page = report(project)
    assert f"{found[1]} of {found[2]} pictures with ink" in page
    run(project, job)
    assert run(project, RunAudit(("biased",), "exact", methods=("grad-cam",)))["left_out"] == []


def test_each_model_is_compared_with_its_own_last_audit(project: Project) -> None:
    both = project.store.audits.latest("exact")
    assert both is not None
    first = AuditResult.from_stored(project.store.audits.result(both.id))
    assert TOPIC not in {finding.topic for finding in first.findings}, "there was none before it"
    alone = run(project, RunAudit(("biased",), "exact"))
    run(project, ComputeSaliency(("biased",), ("grad-cam",), ("rule",)))
    run(project, RunAudit(("biased",), "rule", methods=("grad-cam",)))
    assert alone["findings"][-1] == (
        f"The same pictures and masks gave the same figures as in the audit of {both.date}."
    )
    earlier = last_of_each(project, ["biased", "unbiased", "new"], "exact")
    assert {model: {e.model for e in one.result.entries} for model, one in earlier.items()} == {
        "biased": {"biased"},
        "unbiased": {"biased", "unbiased"},
    }
    last = last_audit(project, "exact")
    assert last is not None
    assert {entry.model for entry in last.entries} == {"biased"}
    assert last_audit(project, "human") is None
    shown = as_last_audited(project, ["biased", "unbiased", "new"], "exact")
    assert shown is not None
    of_other = [finding.text for finding in shown.findings if finding.model == "unbiased"]
    assert of_other
    assert all(text.endswith(f"(Audit of {both.date}.)") for text in of_other)
    topics = [topic for topic, _ in groupby(finding.topic for finding in shown.findings)]
    assert len(topics) == len(set(topics)), "what was said of all models stands together"


def test_a_training_set_without_a_class_stands_beside_one_with_all(finished_copy: Path) -> None:
    few = CreateCohort("few", cohort_kind="unbiased", mask_set="exact", exclude=("BCC",), minimum_inked=1)
    with Project.open(finished_copy) as project:
        run(project, few)
        cohort_id = project.store.cohorts.get("few").id
    with closing(sqlite3.connect(finished_copy / DATABASE_NAME)) as connection, connection:
        connection.execute("UPDATE model SET cohort_id = ? WHERE name = 'unbiased'", (cohort_id,))
    with Project.open(finished_copy) as project:
        record = project.store.audits.latest()
        assert record is not None
        content = gather(project, record, pictures=0)
        biased, without = content.cohorts
        assert list(without.n_by_class) == list(biased.n_by_class)
        assert without.n_by_class["BCC"] == 0
        assert without.ink_rate_by_class["BCC"] is None
        assert compose(content).sections


def test_a_report_of_any_audit(project: Project) -> None:
    first = project.store.audits.latest()
    assert first is not None
    run(project, RunAudit(("unbiased",), "exact"))
    before = report(project, audit=first.id)
    assert "which is not the last one" in before
    assert f"number {first.id}, {first.date}" in before
    assert "biased" in before.replace("unbiased", "")
    now = report(project, mask_set="exact")
    assert "which is not the last one" not in now
    date = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC")
    again = report(project, audit=first.id)
    assert date.sub("", again) == date.sub("", before), "the same but for the date"
    with pytest.raises(NotFoundError, match="no audit number 99"):
        run(project, WriteReport(audit=99))
    with pytest.raises(GsalError, match="no audit over the mask set 'rule'"):
        run(project, WriteReport(mask_set="rule"))
