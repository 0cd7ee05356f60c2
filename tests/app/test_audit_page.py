"""The audit page: reports only of audits that were done, unfinished saliency, findings, empty states."""

from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from app.audit.collected import Collected
from app.audit.findings_view import CAVEATS, in_order
from app.audit.reporting import Reporting
from app.audit.summary import shortfalls
from app.jobs.manager import JobManager
from gsal.audit import Finding
from gsal.audit.findings.left_out import left_out_texts
from gsal.errors import GsalError
from gsal.jobs.audits.audit import RunAudit
from gsal.jobs.job import Job
from gsal.jobs.reports.write import WriteReport
from gsal.progress import JobCancelled, JobContext


def manager_that(ran: list[Job], error: Exception | None) -> JobManager:
    """Return a manager whose audits end with this error."""

    def run(job: Job, ctx: JobContext) -> dict[str, Any]:
        del ctx
        ran.append(job)
        if error is not None and job.kind == "audit":
            raise error
        return {"audit": 3, "report": "/exports/report.html", "pdf": "/exports/report.pdf", "figures": 7}

    return JobManager(run)


@pytest.mark.parametrize("error", [GsalError("Saliency is missing."), JobCancelled()])
def test_no_report_follows_an_audit_that_was_not_done(qtbot: QtBot, error: Exception) -> None:
    ran: list[Job] = []
    manager = manager_that(ran, error)
    reporting = Reporting(manager)
    qtbot.addWidget(reporting)
    with qtbot.waitSignal(manager.idle):
        reporting.begin("best")
        assert reporting.is_busy
    assert ran == [RunAudit(mask_set="best")]
    assert not reporting.is_busy
    assert reporting.isHidden()


def test_the_report_of_an_audit_can_be_opened(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Job] = []
    manager = manager_that(ran, None)
    reporting = Reporting(manager)
    qtbot.addWidget(reporting)
    with qtbot.waitSignal(manager.idle):
        reporting.begin("best")
    assert ran == [RunAudit(mask_set="best"), WriteReport(audit=3)], "the report is of that very audit"
    assert reporting.line.text() == "Report written: /exports/report.html and report.pdf"
    opened: list[QUrl] = []

    def take(url: QUrl) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", take)
    reporting.open.click()
    reporting.open_pdf.click()
    assert [url.toLocalFile() for url in opened] == ["/exports/report.html", "/exports/report.pdf"]


def test_a_models_sentences_come_first_and_no_caveat_is_lost() -> None:
    found = [Finding("Accuracy", "unbiased is right."), Finding("Accuracy", "biased is right.")]
    found.append(Finding(CAVEATS, "All figures rest on masks."))
    assert in_order(found, None) == found
    assert [f.text for f in in_order(found, "biased")] == [found[i].text for i in (1, 2, 0)]


def test_runs_that_lack_pictures_are_named() -> None:
    lacking = shortfalls(Collected(), [("m", "grad-cam")], {"m": 5, "other": 4})
    assert left_out_texts(lacking) == [
        "Left out, for saliency was computed for 0 of 5 pictures: m, Grad-CAM. Left out, for no saliency was "
        "computed over these masks: other. Compute saliency to go on where it stopped."
    ]
    assert not shortfalls(Collected(), [("m", "grad-cam")], {"m": 0})
