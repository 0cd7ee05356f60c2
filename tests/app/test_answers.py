"""A classifier's answers in the window: figures, confusions, calibration, and what a network sees."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QBoxLayout
from pytestqt.qtbot import QtBot

from app.answers.tables import TitledTable
from app.answers.variants_dialog import VariantsDialog
from app.answers.view import AnswersView
from app.jobs.manager import JobManager
from app.theme import Theme
from app.training.page import TrainingPage
from gsal.audit import plain
from gsal.audit.prediction import prediction_figures_of
from gsal.jobs.job import Job, to_settings
from gsal.jobs.predictions.predict import Predict
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import JobStatus, ModelKind, Preprocessing, Variant
from tests.audit.test_prediction import answered

CLASSES = ("MEL", "NV")
LEFT = Qt.MouseButton.LeftButton
VALIDATION = {
    "n": 20,
    "confusion": [[9, 1], [4, 6]],
    "reliability": [
        {"low": 0.5, "high": 0.6, "n": 8, "confidence": 0.55, "accuracy": 0.5},
        {"low": 0.9, "high": 1.0, "n": 12, "confidence": 0.95, "accuracy": 0.75},
    ],
    "calibration_error": 0.14,
}


def classifier(
    project: Project, name: str, *, fold: int | None = None, card: dict[str, Any] | None = None
) -> None:
    """Add a ready classifier without weights."""
    run_card = card or {}
    model = project.store.models.add(
        name,
        kind=ModelKind.CLASSIFIER,
        architecture="densenet-small",
        preprocessing=Preprocessing(size=64),
        seed=0,
        fold=fold,
        classes=CLASSES,
        replicate_group="" if fold is None else "cv",
        run_card=run_card,
    )
    project.store.models.finish(model.id, weights="none", weights_sha256="", run_card=run_card)


def shown(name: str, **more: Any) -> dict[str, Any]:
    """Figures of 24 pictures: 20 inked ones, of which 15 keep their answer without the lesion."""
    true = [0] * 12 + [1] * 12
    before = answered(true, true, classes=CLASSES, inked=range(20), model=name)
    after = answered([1] * 5 + true[5:20], true[:20], ids=range(20), classes=CLASSES)
    figures = prediction_figures_of(
        {Variant.ORIGINAL: before, Variant.ABLATED: after},
        is_ablated_training=False,
        rng=np.random.default_rng(0),
        draws=40,
    )
    left_out = {"ablated": {"no ink": 4}}
    return {"name": name, "left_out": left_out, "figures": plain.encode(figures), **more}


def keep(project: Project, job: Predict, result: dict[str, Any]) -> None:
    number = project.store.jobs.start(job.kind, to_settings(job))
    project.store.jobs.finish(number, JobStatus.DONE, result={"mask_set": "rule", **result})


@pytest.fixture
def ran() -> list[Job]:
    return []


@pytest.fixture
def page(qtbot: QtBot, project: Project, theme: Theme, ran: list[Job]) -> Iterator[TrainingPage]:
    """Three networks: one that was predicted, and a cross-validation of two folds."""
    classifier(project, "net", card={"validation": VALIDATION})
    for fold in (0, 1):
        classifier(project, f"cv-fold{fold}", fold=fold, card={"folds": 2})
    group = shown("cv", folds=2, seed=0)
    keep(project, Predict(("net",)), {"models": [shown("net")], "groups": []})
    keep(project, Predict(("cv-fold0", "cv-fold1")), {"models": [shown("cv-fold0")], "groups": [group]})

    def run(job: Job, ctx: JobContext) -> dict[str, Any]:
        ran.append(job)
        list(ctx.track(range(3), "Predicting net"))
        return {}

    manager = JobManager(run)
    made = TrainingPage(project, manager, theme)
    qtbot.addWidget(made)
    made.resize(1280, 672)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: made.answers.bar.network.count() == 4)
    yield made
    manager.shut_down()
    made.shut_down()


def texts(table: TitledTable) -> list[list[str]]:
    model = table.table
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_a_double_click_leads_to_a_classifiers_answers(qtbot: QtBot, page: TrainingPage) -> None:
    view = page.networks.view
    at = view.visualRect(page.networks.table.index(0, 0)).center()
    QTest.mouseClick(view.viewport(), LEFT, pos=at)
    QTest.mouseDClick(view.viewport(), LEFT, pos=at)
    answers = page.answers
    assert answers.isVisible()
    assert answers.bar.isVisible()
    assert answers.bar.network.currentText() == "net"
    assert [row[1] for row in texts(answers.performance)] == ["24", "20", "4"]
    (ablated,) = texts(answers.changes)
    assert ablated[0] == "all but the ink painted over"
    assert ablated[2].startswith("75")
    assert ablated[3:] == ["NV", "42\N{NO-BREAK SPACE}% [19, 68] of 12"]
    assert texts(answers.recall)[1][2:] == ["not assessable (n = 8)", "not assessable (n = 4)"]
    assert "4 pictures left out (no ink)" in answers.said.text()
    assert "By the rule masks" in answers.about.text()


def test_nothing_can_be_asked_before_a_classifier_is_known(
    qtbot: QtBot, project: Project, theme: Theme
) -> None:
    manager = JobManager(lambda _, __: {})
    view = AnswersView(project, manager, theme)
    qtbot.addWidget(view)
    assert not view.bar.predict.isEnabled()
    assert view.bar.predict.toolTip() == "Train a classifier first"
    qtbot.waitUntil(lambda: view.stack.currentIndex() == 1)
    manager.shut_down()
    view.shut_down()


def test_confusions_and_calibration_are_those_of_the_run_card(page: TrainingPage) -> None:
    page.show_answers("net")
    answers = page.answers
    assert texts(answers.confusion) == [["MEL", "9", "1"], ["NV", "4", "6"]]
    table = answers.confusion.table
    assert table.index(1, 1).data(Qt.ItemDataRole.ToolTipRole) == "4 of 10 NV called MEL, 40 %"
    shade = [table.index(row, 1).data(Qt.ItemDataRole.BackgroundRole).alpha() for row in (0, 1)]
    assert shade[0] > shade[1] > 0
    assert answers.calibration.text() == "Calibration error 0.140, 20 pictures"
    assert answers.reliability.tips[1].startswith("Sure by 0.9 to 1.0: 75 % of 12 right (47 to 91 %)")
    page.show_answers("cv-fold1")
    assert not answers.card.isVisible()
    assert answers.no_card.isVisible()
    assert answers.figures.currentWidget() is answers.unasked


def test_a_cross_validation_is_one_entry_and_its_networks_are_asked_together(
    qtbot: QtBot, page: TrainingPage, ran: list[Job]
) -> None:
    page.show_answers("cv")
    answers = page.answers
    assert answers.bar.network.currentText() == "cv (2 folds)"
    assert texts(answers.performance)[0][1] == "24"
    with qtbot.waitSignal(page._manager.idle):
        QTest.mouseClick(answers.bar.predict, LEFT)
    assert ran == [Predict(("cv-fold0", "cv-fold1"))]
    assert answers.bar.predict.isVisible()


def test_tables_fold_below_each_other_where_there_is_little_room(
    qtbot: QtBot, page: TrainingPage, theme: Theme
) -> None:
    page.show_answers("net")
    halves = page.answers.halves
    assert halves.direction() is QBoxLayout.Direction.LeftToRight
    theme.scale_font(1.6)
    qtbot.waitUntil(lambda: halves.direction() is QBoxLayout.Direction.TopToBottom)
    area = page.answers.area
    qtbot.waitUntil(lambda: not area.horizontalScrollBar().isVisible())
    theme.scale_font(1.0)
    qtbot.waitUntil(lambda: halves.direction() is QBoxLayout.Direction.LeftToRight)


def test_what_a_network_sees_of_pictures_with_and_without_ink(qtbot: QtBot, project: Project) -> None:
    dialog = VariantsDialog(project)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.open()
    tiles = dialog.tiles

    def is_made(variant: Variant) -> bool:
        return not tiles[variant].picture.pixmap().isNull()

    qtbot.waitUntil(lambda: is_made(Variant.ABLATED_ALIKE))
    assert all(is_made(variant) for variant in Variant if variant is not Variant.PASTED)
    assert tiles[Variant.PASTED].picture.text() == "This picture has ink of its own."
    stroke = QPoint(112, 22)  # rows 4 to 8 of 64, on 224
    inked, clean = (
        tiles[variant].picture.pixmap().toImage().pixelColor(stroke)
        for variant in (Variant.ORIGINAL, Variant.INPAINTED)
    )
    assert inked.blue() > inked.red()
    assert clean.red() > clean.blue(), "the skin's colour"
    QTest.mouseClick(dialog.back, LEFT)
    qtbot.waitUntil(lambda: tiles[Variant.INPAINTED].picture.text() == "This picture has no ink.")
    assert is_made(Variant.ORIGINAL)
    qtbot.waitUntil(lambda: is_made(Variant.PASTED))
    pasted = tiles[Variant.PASTED].picture.pixmap().toImage().pixelColor(stroke)
    assert pasted.blue() > pasted.red()
    dialog.reject()


def test_without_masks_the_preview_says_what_to_do(qtbot: QtBot, empty_project: Project) -> None:
    dialog = VariantsDialog(empty_project)
    qtbot.addWidget(dialog)
    dialog.open()
    assert "Propose masks" in dialog.name.text()
    assert not dialog.next.isEnabled()
    dialog.reject()
