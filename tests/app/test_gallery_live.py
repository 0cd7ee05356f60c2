"""The gallery while a job explains pictures: it is read again, and nothing moves under the reader's hands."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.gallery.card_list import CardList
from app.gallery.listing import Gallery, Request
from app.gallery.live import LivePictures
from app.gallery.making import CardMaking
from app.jobs.manager import JobManager
from app.jobs.task import Task
from app.theme import Theme
from gsal.audit import AuditData
from gsal.jobs.reports.write import WriteReport
from gsal.progress import SaliencyBatch
from gsal.project import Project
from gsal.records import (
    Aggregator,
    MaskSet,
    ModelKind,
    ModelRecord,
    ModelStatus,
    Preprocessing,
    SaliencyMethod,
)
from tests.reports.conftest import made

MODEL = ModelRecord(
    id=1,
    name="biased",
    kind=ModelKind.CLASSIFIER,
    status=ModelStatus.READY,
    architecture="densenet-small",
    classes=("MEL", "NV", "BCC"),
    preprocessing=Preprocessing(size=64),
    cohort="",
    seed=0,
    fold=None,
    replicate_group="",
    weights="",
    weights_sha256="",
    run_card={},
)
REQUEST = Request("biased", SaliencyMethod.GRAD_CAM, Aggregator.MEAN, MaskSet.EXACT)


def gallery(table: AuditData, *, rows: int) -> Gallery:
    """Return the first rows of a table, the most ink-salient first."""
    known = table.kept(np.arange(rows))
    inked = known.kept(np.isfinite(known.mean))
    return Gallery(
        REQUEST,
        (),
        ordered_by=SaliencyMethod.GRAD_CAM,
        table=inked.kept(np.argsort(-inked.mean, kind="stable")),
        inked=inked.n,
    )


@pytest.fixture
def cards(qtbot: QtBot, project: Project, theme: Theme) -> CardList:
    making = CardMaking(project)
    found = CardList("mostSalient", "Pictures", is_descending=True, making=making, theme=theme)
    qtbot.addWidget(found)
    found.resize(700, 500)
    with qtbot.waitExposed(found):
        found.show()
    return found


def top(cards: CardList) -> tuple[int, int]:
    """Return the picture at the top and how far it is from there."""
    index = cards.indexAt(QPoint(1, 1))
    return cards.cards.card(index.row()).image_id, cards.visualRect(index).top()


def test_what_one_has_scrolled_to_stays_though_others_come_before_it(cards: CardList) -> None:
    table = made(0, "biased", "grad-cam", per_class=60)
    cards.show_gallery(gallery(table, rows=80), stays=False)
    cards.setCurrentIndex(cards.cards.index(10))
    current = cards.cards.card(10).image_id
    bar = cards.verticalScrollBar()
    bar.setValue(bar.maximum() // 2 + 7)
    before, value = top(cards), bar.value()
    cards.show_gallery(gallery(table, rows=180), stays=True)
    assert top(cards) == before
    assert bar.value() > value, "others stand before it now"
    assert cards.cards.card(cards.currentIndex().row()).image_id == current


def test_at_the_beginning_the_new_first_one_is_seen_at_once(cards: CardList) -> None:
    table = made(0, "biased", "grad-cam", per_class=60)
    cards.show_gallery(gallery(table, rows=20), stays=False)
    more = gallery(table, rows=180)
    assert more.image_ids[0] != cards.cards.card(0).image_id
    cards.show_gallery(more, stays=True)
    assert top(cards) == (more.image_ids[0], 0)


def test_another_choice_begins_at_the_top(cards: CardList) -> None:
    table = made(0, "biased", "grad-cam", per_class=60)
    cards.show_gallery(gallery(table, rows=80), stays=False)
    cards.verticalScrollBar().setValue(cards.verticalScrollBar().maximum())
    other = gallery(table, rows=60)
    cards.show_gallery(other, stays=False)
    assert top(cards) == (other.image_ids[0], 0)


def test_a_list_is_in_use_until_its_reader_rests(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, project: Project, theme: Theme
) -> None:
    monkeypatch.setattr("app.gallery.card_list._REST_MS", 50)
    making = CardMaking(project)
    cards = CardList("mostSalient", "Pictures", is_descending=True, making=making, theme=theme)
    qtbot.addWidget(cards)
    cards.show()
    assert not cards.is_in_use
    with qtbot.waitSignal(cards.rested):
        QTest.mouseMove(cards.viewport(), QPoint(20, 20))
        QTest.mouseMove(cards.viewport(), QPoint(30, 30))
        qtbot.waitUntil(lambda: cards.is_in_use)
    assert not cards.is_in_use
    QTest.keyClick(cards, Qt.Key.Key_Down)
    assert cards.is_in_use


def told(*, classes: int = 3, changes: Mapping[str, str] = MappingProxyType({})) -> SaliencyBatch:
    """Return that a picture was explained by a model of so many classes."""
    one = np.zeros(1)
    known = SaliencyBatch(
        model="biased",
        method="grad-cam",
        image_ids=np.array([1]),
        true_class=np.zeros(1, np.int64),
        predicted=np.zeros(1, np.int64),
        explained=np.zeros(1, np.int64),
        logits=np.zeros((1, classes)),
        mean=one,
        peak=one,
        map_sum=one,
        map_sum_sq=one,
        map_pixels=64,
        inked=np.ones(1, np.bool_),
        ink_px=one,
        mask_area=one,
        patients=("p",),
        mask_set="exact",
    )
    return replace(known, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "is_due"),
    [
        ({}, True),
        ({"model": "another"}, False),
        ({"method": "gradient"}, False),
        ({"mask_set": "rule"}, False),
        ({"variant": "inpainted"}, False),
        ({"settings": "layer 3"}, False),
    ],
)
def test_it_is_due_for_pictures_of_what_is_shown_only(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], is_due: bool
) -> None:
    monkeypatch.setattr("app.gallery.live._INTERVAL_MS", 10)
    manager = JobManager(lambda *_: {})
    live = LivePictures(manager, manager)
    live.watch(replace(gallery(made(0, "biased", "grad-cam"), rows=20), model=MODEL))
    due: list[bool] = []
    live.due.connect(lambda: due.append(True))
    for _ in range(3):
        manager.reported.emit(Task(WriteReport()), told(changes=changes))
    QTest.qWait(60)
    assert due == ([True] if is_due else []), "once for all of them"
    manager.shut_down()
