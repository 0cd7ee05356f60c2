"""The cohort dialog: its table follows the settings, warns, and says why a cohort cannot be formed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.theme import Theme
from app.training.cohort_dialog import CohortDialog
from app.training.cohort_trial import Trials
from app.widgets.latest import Latest
from gsal.jobs.cohorts.create import CreateCohort
from gsal.jobs.runner import run_job
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import CohortKind
from tests.jobs.crowd import fill

LEFT = Qt.MouseButton.LeftButton
Opener = Callable[[], CohortDialog]


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "crowd", classes=("MEL", "NV", "BCC")) as made:
        fill(made)
        yield made


@pytest.fixture
def opened(qtbot: QtBot, crowd: Project, theme: Theme) -> Iterator[Opener]:
    trying = Latest("cohort")

    def open_dialog() -> CohortDialog:
        dialog = CohortDialog(crowd.classes, Trials(crowd), trying, is_split=crowd.split is not None)
        qtbot.addWidget(dialog)
        with qtbot.waitExposed(dialog):
            dialog.show()
        return dialog

    yield open_dialog
    trying.shut_down()


def rows(dialog: CohortDialog) -> list[list[str]]:
    table = dialog.view.table
    return [
        [str(table.index(row, column).data()) for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def settle(qtbot: QtBot, dialog: CohortDialog, heading: str) -> None:
    qtbot.waitUntil(lambda: heading in dialog.view.heading.text(), timeout=20_000)


def choose(dialog: CohortDialog, kind: CohortKind) -> None:
    dialog.form.kind.setFocus()
    QTest.keyClick(dialog.form.kind, Qt.Key.Key_Home)
    for _ in range(dialog.form.kind.findData(kind)):
        QTest.keyClick(dialog.form.kind, Qt.Key.Key_Down)


def test_the_table_follows_the_settings_and_is_what_is_created(
    qtbot: QtBot, crowd: Project, opened: Opener
) -> None:
    dialog = opened()
    settle(qtbot, dialog, "training pictures")
    assert "Ink goes with the class" in dialog.view.warning.text()
    assert not dialog.start.isEnabled(), "it has no name"
    choose(dialog, CohortKind.UNBIASED)
    qtbot.waitUntil(lambda: "does not go with the class" in dialog.view.finding.text())
    assert not dialog.view.warning.isVisible()
    QTest.keyClicks(dialog.form.name, "fair")
    shown = rows(dialog)
    with qtbot.waitSignal(dialog.chosen) as chosen:
        QTest.mouseClick(dialog.start, LEFT)
    assert chosen.args is not None
    (job,) = chosen.args
    assert isinstance(job, CreateCohort)
    result = run_job(job, crowd, JobContext())
    assert [(name, int(n)) for name, n, *_ in shown] == list(result["n_by_class"].items())
    inked = crowd.store.cohorts.get("fair").achieved["inked_by_class"]
    assert [(name, int(ink)) for name, _, ink, *_ in shown] == list(inked.items())


def test_a_cohort_that_cannot_be_formed_shows_why_and_from_what(qtbot: QtBot, opened: Opener) -> None:
    dialog = opened()
    QTest.keyClicks(dialog.form.name, "few")
    choose(dialog, CohortKind.UNBIASED)
    dialog.form.least.setValue(5_000)
    settle(qtbot, dialog, "cannot be formed from these pictures")
    assert "5000 per class are needed" in dialog.view.problem.text()
    assert [row[0] for row in rows(dialog)] == ["MEL", "NV", "BCC"]
    assert not dialog.start.isEnabled()
    dialog.form.least.setValue(5)
    settle(qtbot, dialog, "training pictures")
    assert dialog.start.isEnabled()


def test_a_class_without_pictures_is_left_out_at_first(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    trying = Latest("cohort")
    with Project.create(tmp_path / "four", classes=("MEL", "NV", "BCC", "Other")) as project:
        fill(project)
        dialog = CohortDialog(project.classes, Trials(project), trying, is_split=False)
        qtbot.addWidget(dialog)
        dialog.form.name.setText("all")
        settle(qtbot, dialog, "training pictures")
        boxes = dialog.form.filter.classes
        assert {name: box.isChecked() for name, box in boxes.items()} == {
            "MEL": True,
            "NV": True,
            "BCC": True,
            "Other": False,
        }
        assert dialog.start.isEnabled()
        boxes["Other"].setChecked(True)
        settle(qtbot, dialog, "cannot be formed")
        assert boxes["Other"].isChecked(), "asked for, it stays"
        trying.shut_down()


def test_filters_are_offered_as_the_project_has_them(qtbot: QtBot, opened: Opener) -> None:
    dialog = opened()
    settle(qtbot, dialog, "training pictures")
    chosen = dialog.form.filter
    assert not chosen.source.isVisible()
    QTest.mouseClick(chosen.is_filtered, LEFT, pos=QPoint(8, chosen.is_filtered.height() // 2))
    assert chosen.source.isVisible()
    chosen.source.setCurrentIndex(chosen.source.findData("photos/dermoscopic"))
    chosen.column.setCurrentIndex(chosen.column.findData("site"))
    assert [chosen.value.itemText(i) for i in range(chosen.value.count())] == ["empty", "arm", "leg"]
    chosen.column.setCurrentIndex(0)
    QTest.keyClicks(chosen.patients, "-p0-3, -p0-5")
    box = chosen.classes["BCC"]
    QTest.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
    qtbot.waitUntil(lambda: [row[0] for row in rows(dialog)] == ["MEL", "NV"])
    qtbot.waitUntil(lambda: "without 2 of the patients" in dialog.view.notes.text())
    job = dialog.form.job()
    assert (job.sources, job.exclude, job.columns) == (("photos/dermoscopic",), ("BCC",), None)
    assert job.without_patients == ("p0-3", "p0-5")


def test_rates_and_folds_are_asked_for(qtbot: QtBot, opened: Opener) -> None:
    dialog = opened()
    choose(dialog, CohortKind.RATES)
    assert dialog.form.rates["MEL"].isVisible()
    dialog.form.rates["MEL"].setValue(0.8)
    dialog.form.folds.setValue(3)
    settle(qtbot, dialog, "training pictures")
    qtbot.waitUntil(lambda: bool(rows(dialog)) and rows(dialog)[0][3].startswith("0.8"))
    job = dialog.form.job()
    assert (job.rates, job.folds) == ({"MEL": 0.8, "NV": 0.3, "BCC": 0.3}, 3)


def test_a_rate_can_be_kept_in_place_of_every_inked_picture(qtbot: QtBot, opened: Opener) -> None:
    dialog = opened()
    choose(dialog, CohortKind.UNBIASED)
    assert dialog.form.ratio.isVisible()
    dialog.form.keep.setCurrentIndex(1)
    assert dialog.form.rate.isVisible()
    assert not dialog.form.ratio.isVisible()
    dialog.form.rate.setValue(0.8)
    settle(qtbot, dialog, "training pictures")
    qtbot.waitUntil(lambda: {row[3][:4] for row in rows(dialog)} <= {"0.79", "0.80", "0.81"})
    assert dialog.form.job().target_rate == 0.8
    choose(dialog, CohortKind.BASELINE)
    assert dialog.form.job().target_rate is None


def test_the_share_of_a_split_that_is_made_cannot_be_chosen(
    qtbot: QtBot, crowd: Project, opened: Opener
) -> None:
    for name, share in (("first", 0.1), ("second", None)):
        dialog = opened()
        dialog.form.name.setText(name)
        assert dialog.form.share.isVisible() is (share is not None)
        with qtbot.waitSignal(dialog.chosen) as chosen:
            dialog.accept()
        assert chosen.args is not None
        assert chosen.args[0].validation_share == share
        run_job(chosen.args[0], crowd, JobContext())
