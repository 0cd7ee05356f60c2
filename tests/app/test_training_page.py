"""The training page: how an ink network is trained, what trained ones do, how they came about."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from app.jobs.manager import JobManager
from app.jobs.task import Task, TaskState
from app.theme import Theme
from app.training.page import TrainingPage
from app.training.run_card import sections_of
from gsal.jobs.job import Job
from gsal.jobs.segmenters.retrain import RetrainSegmenter
from gsal.jobs.segmenters.segment import Segment
from gsal.jobs.segmenters.train import TrainSegmenter
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ModelKind, ModelRecord, ModelStatus, Preprocessing
from tests.app.test_segmenter_view import network, review

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def ran() -> list[Job]:
    return []


@pytest.fixture
def page(qtbot: QtBot, project: Project, theme: Theme, ran: list[Job]) -> Iterator[TrainingPage]:
    """The page of a project with two ready ink networks and three reviewed pictures."""
    network(project)
    network(project, "bisenet-2")
    review(project, 3)

    def run(job: Job, ctx: JobContext) -> dict[str, Any]:
        ran.append(job)
        list(ctx.track(range(4), "Masking ink"))
        ctx.notice("Told in the end.")
        return {"model": "bisenet-2"}

    manager = JobManager(run)
    made = TrainingPage(project, manager, theme)
    qtbot.addWidget(made)
    made.resize(1280, 672)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: made.panel.ink.network.count() == 2)
    yield made
    manager.shut_down()
    made.shut_down()


def choose(box: QComboBox, data: str) -> None:
    row = box.findData(data)
    assert row >= 0, data
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(row):
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.currentData() == data


def test_an_ink_network_is_asked_for_with_all_its_choices(
    qtbot: QtBot, page: TrainingPage, ran: list[Job]
) -> None:
    panel = page.panel
    choose(panel.kind, "segmenter")
    form = panel.segmenter
    assert form.masks.isVisible()
    assert not panel.classifier.cohort.isVisible()
    assert form.synthetic.isChecked(), "the short recipe's choice"
    choose(panel.recipe, "demo")
    assert not form.synthetic.isChecked(), "the demo recipe's choice"
    QTest.mouseClick(form.synthetic, LEFT, pos=QPoint(8, form.synthetic.height() // 2))
    choose(form.architecture, "lraspp")
    choose(form.masks, "human")
    choose(form.loss, "bce")
    form.most.selectAll()
    QTest.keyClicks(form.most, "300")
    QTest.keyClicks(panel.name, "light")
    with qtbot.waitSignal(page._manager.idle):
        QTest.mouseClick(panel.start, LEFT)
    assert ran == [
        TrainSegmenter(
            "light",
            recipe="demo",
            mask_set="human",
            max_pictures=300,
            architecture="lraspp",
            loss="bce",
            synthetic_ink=True,
        )
    ]
    assert "Told in the end." in panel.text.text()


def test_the_form_is_as_wide_as_large_text_needs(qtbot: QtBot, page: TrainingPage, theme: Theme) -> None:
    usual = page.panel.width()
    theme.scale_font(1.6)
    qtbot.waitUntil(lambda: page.panel.width() > usual)
    form = page.panel.classifier.sampler
    right = form.mapTo(page.panel, QPoint(form.width(), 0)).x()
    assert right <= page.panel.viewport().width()
    theme.scale_font(1.0)
    qtbot.waitUntil(lambda: page.panel.width() == usual)


def test_masking_is_started_with_the_chosen_network_and_watched_there(
    qtbot: QtBot, page: TrainingPage, ran: list[Job]
) -> None:
    ink = page.panel.ink
    assert ink.network.currentData() == "bisenet-2", "the newest"
    choose(ink.network, "bisenet")
    seen: list[str] = []
    page._manager.changed.connect(lambda _: seen.append(ink.text.text()))
    with qtbot.waitSignal(page._manager.idle):
        QTest.mouseClick(ink.segment, LEFT)
    assert ran == [Segment("bisenet")]
    assert any(text.startswith("Masking ink 50 %") for text in seen)
    assert ink.text.text() == "Masking ink with bisenet: done. Told in the end."
    assert not ink.stop.isVisible()


def test_one_button_trains_again_and_shows_what_it_brought(
    qtbot: QtBot, page: TrainingPage, ran: list[Job]
) -> None:
    ink = page.panel.ink
    assert ink.again.text() == "Train again (3 new reviews)"
    with qtbot.waitSignal(page._manager.idle):
        QTest.mouseClick(ink.again, LEFT)
    assert ran == [RetrainSegmenter("bisenet-2")]
    assert page.pages.currentWidget() is page.masks
    qtbot.waitUntil(lambda: page.masks.bar.chosen_network == "bisenet-2")


def test_how_good_leads_to_the_networks_measurement(qtbot: QtBot, page: TrainingPage) -> None:
    ink = page.panel.ink
    choose(ink.network, "bisenet")
    QTest.mouseClick(ink.measure, LEFT)
    assert page.pages.currentWidget() is page.masks
    qtbot.waitUntil(lambda: page.masks.bar.chosen_network == "bisenet")
    tab = page.findChild(QAbstractButton, "learnTab")
    assert tab is not None
    QTest.mouseClick(tab, LEFT)
    assert page.panel.isVisible()
    assert not page.masks.bar.isVisible()
    view = page.networks.view
    at = view.visualRect(page.networks.table.index(1, 0)).center()
    QTest.mouseClick(view.viewport(), LEFT, pos=at)
    QTest.mouseDClick(view.viewport(), LEFT, pos=at)
    assert page.pages.currentWidget() is page.masks
    qtbot.waitUntil(lambda: page.masks.bar.chosen_network == "bisenet-2")


CARD = {
    "recipe": {"name": "paper", "epochs": 100, "loss": "bce+dice", "synthetic_ink": False},
    "mask_set": "best",
    "max_pictures": 0,
    "mask_sources": {"human": 12, "automatic-pick": 30},
    "training_images": list(range(36)),
    "training_masks": list(range(36)),
    "validation_images": list(range(6)),
    "validation_masks": list(range(6)),
    "seconds": 3725.4,
    "stopped_early": True,
    "kept_epoch": 61,
    "final": {"loss/validation": 0.25},
    "data_sha256": "ab" * 32,
    "gsal": "1.0",
    "something_new": 4,
}


def test_a_run_card_tells_how_a_network_came_about() -> None:
    model = ModelRecord(
        id=1,
        name="bisenet",
        kind=ModelKind.SEGMENTER,
        status=ModelStatus.READY,
        architecture="bisenet",
        classes=(),
        preprocessing=Preprocessing(size=448),
        cohort="",
        seed=7,
        fold=None,
        replicate_group="",
        weights="checkpoints/model-1.safetensors",
        weights_sha256="cd" * 32,
        run_card=CARD,
    )
    sections = {title: dict(rows) for title, rows in sections_of(model)}
    assert sections["Data"]["To learn from"] == "36 pictures"
    assert sections["Data"]["Masks: automatic pick"] == "30"
    assert sections["Data"]["Pictures at most"] == "all"
    assert sections["Recipe"]["Loss"] == "bce+dice"
    assert (
        sections["Training"]
        | {
            "Seed": "7",
            "Time": "1:02:05",
            "Stopped early": "yes",
            "Weights of epoch": "61",
            "In the end: Loss, validation": "0.25",
        }
        == sections["Training"]
    )
    assert sections["Files and versions"]["SHA-256 of weights"] == "cd" * 32
    assert sections["More"] == {"Something new": "4"}, "nothing of a card is kept back"


def test_headings_of_the_run_card_stay_as_they_were_folded(qtbot: QtBot, page: TrainingPage) -> None:
    card, view = page.networks.card, page.networks.view

    def click(row: int) -> None:
        at = view.visualRect(page.networks.table.index(row, 0)).center()
        QTest.mouseClick(view.viewport(), LEFT, pos=at)

    def headings() -> dict[str, QTreeWidgetItem]:
        found = (card.topLevelItem(n) for n in range(card.topLevelItemCount()))
        return {one.text(0): one for one in found if one is not None}

    def opened() -> set[str]:
        return {title for title, one in headings().items() if one.isExpanded()}

    click(0)
    assert page.networks.title.text() == "Run card: bisenet"
    assert opened() == {"Data"}
    headings()["Training"].setExpanded(True)
    click(1)
    assert page.networks.title.text() == "Run card: bisenet-2"
    assert opened() == {"Data", "Training"}


def test_an_early_stop_is_told_in_words(page: TrainingPage) -> None:
    task = Task(TrainSegmenter("bisenet-3", recipe="paper"), TaskState.RUNNING)
    page._show_task(task)
    task.message = "bisenet-3 stopped after epoch 97 of 100."
    task.state = TaskState.DONE
    page._show_task(task)
    assert page.panel.text.text() == f"Training bisenet-3: done. {task.message}"
