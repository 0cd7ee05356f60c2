"""Importing a model in the window: a question before code is run, a report, and no import unchecked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.audit.method_choice import MethodChoice
from app.jobs.background import Background
from app.training.model_dialog import ModelDialog
from app.training.run_card import sections_of
from gsal.errors import ModelError
from gsal.jobs.job import Job
from gsal.jobs.models.import_model import ImportModel
from gsal.jobs.runner import run_job
from gsal.models.registry import build_classifier
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import SaliencyMethod
from tests.models.made_files import Classes, write_exported

LEFT = Qt.MouseButton.LeftButton
SIZE = 32
WAIT_MS = 60_000


@pytest.fixture
def dialog(qtbot: QtBot, project: Project) -> Iterator[ModelDialog]:
    checking = Background("model")
    made = ModelDialog(project, checking)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    checking.shut_down()


@pytest.fixture
def program(tmp_path: Path) -> Path:
    return write_exported(tmp_path / "lab.pt2", Classes(2).eval(), torch.zeros(2, 3, SIZE, SIZE))


def checked(qtbot: QtBot, dialog: ModelDialog) -> str:
    QTest.mouseClick(dialog.check, LEFT)
    qtbot.waitUntil(lambda: "imported" in dialog.report.toPlainText(), timeout=WAIT_MS)
    return dialog.report.toPlainText()


def chosen_by(qtbot: QtBot, dialog: ModelDialog) -> Job:
    with qtbot.waitSignal(dialog.chosen) as caught:
        QTest.mouseClick(dialog.start, LEFT)
    (job,) = caught.args
    assert isinstance(job, ImportModel)
    return job


def test_weights_are_checked_and_then_imported(
    qtbot: QtBot, dialog: ModelDialog, project: Project, tmp_path: Path
) -> None:
    path = tmp_path / "lab.pt"
    torch.save(build_classifier("densenet-small", 2, seed=0).state_dict(), path)
    path.with_suffix(".toml").write_text('architecture = "densenet-small"\nsize = 64\n')
    assert not dialog.check.isEnabled()
    dialog.file.setText(str(path))
    assert dialog.card.text() == "lab.toml, beside the file"
    assert not dialog.question.isVisible()
    assert not dialog.start.isEnabled(), "what was not checked is not imported"
    report = checked(qtbot, dialog)
    assert "tensors fit densenet-small; 2 classes: MEL, NV." in report
    assert "✓ Grad-CAM: Works, on layer norm5, whose maps are 8 x 8." in report
    assert report.endswith("It can be imported.")
    QTest.keyClicks(dialog.form.classes, "NV")
    assert not dialog.start.isEnabled(), "another setting has to be checked anew"
    assert "× Network:" in checked(qtbot, dialog)
    assert not dialog.start.isEnabled()
    dialog.form.classes.setText("NV, MEL")
    checked(qtbot, dialog)
    run_job(chosen_by(qtbot, dialog), project, JobContext())
    model = project.store.models.get("lab")
    assert model.classes == ("NV", "MEL")
    assert dict(dict(sections_of(model))["Brought along"])["File"] == "lab.pt"


def test_a_program_is_opened_only_after_the_question_was_answered(
    qtbot: QtBot, dialog: ModelDialog, project: Project, program: Path
) -> None:
    dialog.file.setText(str(program))
    assert dialog.question.isVisible()
    assert "runs code of whoever made it" in dialog.question.text()
    assert not dialog.check.isEnabled()
    assert dialog.check.toolTip() == "Answer the question above first"
    dialog.form.size.setValue(SIZE)
    QTest.mouseClick(dialog.trust, LEFT, pos=QPoint(8, dialog.trust.height() // 2))
    report = checked(qtbot, dialog)
    assert "• Grad-CAM: Not possible. Inner layers have to be watched" in report
    dialog.file.setText(str(program.with_name("other.pt2")))
    dialog.file.setText(str(program))
    assert not dialog.trust.isChecked(), "the answer was for one file"
    QTest.mouseClick(dialog.trust, LEFT, pos=QPoint(8, dialog.trust.height() // 2))
    checked(qtbot, dialog)
    job = chosen_by(qtbot, dialog)
    program.write_bytes(program.read_bytes() + b"\0")
    with pytest.raises(ModelError, match="changed after it was checked"):
        run_job(job, project, JobContext())
    assert project.store.models.all() == []


def test_numbers_that_are_none_are_named(qtbot: QtBot, dialog: ModelDialog, program: Path) -> None:
    dialog.file.setText(str(program))
    dialog.trust.setChecked(True)
    dialog.form.mean.setText("a, b, c")
    QTest.mouseClick(dialog.check, LEFT)
    assert "expected three numbers with commas between, got a, b, c" in dialog.report.toPlainText()
    dialog.form.mean.setText("1, 2, 3")
    QTest.mouseClick(dialog.check, LEFT)
    qtbot.waitUntil(lambda: "mean: expected numbers from 0 to 1" in dialog.report.toPlainText())
    assert not dialog.start.isEnabled()


def test_methods_that_cannot_explain_a_model_are_grey_and_say_why(qtbot: QtBot) -> None:
    cam, competitive = SaliencyMethod.GRAD_CAM, SaliencyMethod.COMPETITIVE
    choice = MethodChoice()
    qtbot.addWidget(choice)

    def shown() -> tuple[SaliencyMethod, tuple[SaliencyMethod, ...], list[bool]]:
        items = choice.model()
        assert isinstance(items, QStandardItemModel)
        return choice.chosen, choice.to_compute, [items.item(row).isEnabled() for row in range(3)]

    def tip(method: SaliencyMethod) -> str:
        return str(choice.itemData(choice.findData(method), Qt.ItemDataRole.ToolTipRole))

    assert choice.count() == len(SaliencyMethod)
    assert shown() == (cam, (), [True, True, True])
    assert tip(cam) == "1 forward pass a picture, as for predicting"
    assert "about 230 times as long as predicting" in tip(SaliencyMethod.OCCLUSION)
    choice.show_refused({cam: "It hides its layers."})
    assert shown() == (competitive, (), [False, True, True])
    assert tip(cam) == "It hides its layers."
    possible = {SaliencyMethod.OCCLUSION, SaliencyMethod.RANDOM, SaliencyMethod.SOBEL}
    choice.show_refused(
        {method: "It has no gradients." for method in SaliencyMethod if method not in possible}
    )
    assert shown() == (SaliencyMethod.OCCLUSION, (SaliencyMethod.OCCLUSION,), [False, False, False])
    choice.show_refused({})
    assert shown() == (SaliencyMethod.OCCLUSION, (SaliencyMethod.OCCLUSION,), [True, True, True])


def test_the_start_panel_leads_there(qtbot: QtBot, project: Project) -> None:
    from app.training.start_panel import StartPanel

    panel = StartPanel()
    qtbot.addWidget(panel)
    button = panel.findChild(QAbstractButton, "importModel")
    assert button is not None
    with qtbot.waitSignal(panel.model_asked):
        button.click()
    panel.show_cohorts([], is_read_only=True)
    assert not button.isEnabled()
