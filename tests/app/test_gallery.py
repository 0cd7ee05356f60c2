"""The gallery with real networks: its order, what it lists, what is linked, and pictures that are gone."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.audit.room import AuditRoom
from app.gallery.listing import Answers, Gallery, Request, read_gallery
from app.gallery.making import CardMaking, Kind
from app.gallery.pictures import Shot, taken
from app.gallery.view import GalleryView
from app.jobs.manager import JobManager
from app.jobs.task import Task
from app.theme import Theme
from gsal.jobs.pictures.import_images import ImportImages
from gsal.jobs.reading.validation import ChooseValidationSet
from gsal.jobs.reports.write import WriteReport
from gsal.jobs.runner import run_job
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import (
    COLUMNS,
    Aggregator,
    MaskSet,
    ModelKind,
    ReaderKind,
    SaliencyMethod,
    Variant,
)
from tests.app.test_accessible import nameless
from tests.app.test_gallery_live import told

GALLERY = 1
WANTED = Request("biased", SaliencyMethod.GRAD_CAM, Aggregator.MEAN, MaskSet.EXACT)


@pytest.fixture
def opened(finished: Path) -> Iterator[Project]:
    with Project.open(finished, read_only=True) as project:
        yield project


@pytest.fixture
def room(qtbot: QtBot, opened: Project, theme: Theme) -> Iterator[AuditRoom]:
    made, manager = shown(qtbot, opened, theme)
    yield made
    close(made, manager)


def shown(qtbot: QtBot, project: Project, theme: Theme) -> tuple[AuditRoom, JobManager]:
    """Return the audit with its gallery open, and the first cards made."""
    manager = JobManager(lambda job, ctx: run_job(job, project, ctx))
    made = AuditRoom(project, manager, theme)
    qtbot.addWidget(made)
    made.resize(1200, 620)
    with qtbot.waitExposed(made):
        made.show()
    made.show_tab(GALLERY)
    wait(qtbot, made.gallery)
    return made, manager


def close(room: AuditRoom, manager: JobManager) -> None:
    room.shut_down()
    manager.shut_down()


def wait(qtbot: QtBot, view: GalleryView) -> None:
    """Wait until all cards in sight are made."""

    def is_done() -> bool:
        if view.gallery is None or view.reading.is_busy or view.making.is_busy:
            return False
        cards = [card for end in (view.most, view.least) for card in end.in_sight()]
        found = [view.making.get(card) for card in cards]
        return all(one is not None and one.is_complete for one in found)

    qtbot.waitUntil(is_done, timeout=120_000)


def stored(project: Project, column: str) -> dict[int, float]:
    """Return the stored aggregate of the class that "biased" answers with, of the pictures with ink."""
    model = project.store.models.all(ModelKind.CLASSIFIER)[0]
    (run,) = [r for r in project.store.saliency.runs(model.id) if r.settings.method is WANTED.method]
    answers = project.store.predictions.all(model.id, variant=Variant.ORIGINAL)
    return {
        number: float(row.values[answers[number].logits.argmax(), COLUMNS.index(column)])
        for number, row in project.store.saliency.rows(run.id).items()
        if row.ink_px > project.min_ink_px
    }


@pytest.mark.parametrize("aggregator", Aggregator)
def test_the_order_is_that_of_the_stored_aggregates(opened: Project, aggregator: Aggregator) -> None:
    gallery = read_gallery(opened, replace(WANTED, aggregator=aggregator))
    column = "mean" if aggregator is Aggregator.MEAN else "peak"
    expected = stored(opened, column)
    cards = [gallery.card(place) for place in range(len(gallery))]
    values = [card.mean if aggregator is Aggregator.MEAN else card.peak for card in cards]
    assert len(cards) > 4
    assert {card.image_id: value for card, value in zip(cards, values, strict=True)} == expected
    assert values == sorted(values, reverse=True)
    first = opened.store.images.get(cards[0].image_id)
    assert (cards[0].name, cards[0].true_class) == (first.name, first.label)
    assert 0 < cards[0].chance < 1


def test_classes_and_answers_are_filtered(opened: Project) -> None:
    def shown_of(**changes: object) -> set[int]:
        gallery = read_gallery(opened, replace(WANTED, **changes))  # type: ignore[arg-type]
        return set(gallery.image_ids.tolist())

    every = shown_of()
    right, wrong = shown_of(answers=Answers.RIGHT), shown_of(answers=Answers.WRONG)
    assert right | wrong == every
    assert not right & wrong
    gallery = read_gallery(opened, WANTED)
    cards = [gallery.card(place) for place in range(len(gallery))]
    assert right == {card.image_id for card in cards if card.true_class == card.predicted}
    for name in ("MEL", "NV"):
        expected = {card.image_id for card in cards if card.true_class == name}
        assert shown_of(classes=frozenset({name})) == expected
    assert shown_of(classes=frozenset({"NONE"})) == set()


def test_a_method_that_is_not_stored_leaves_the_order(opened: Project) -> None:
    gallery = read_gallery(opened, replace(WANTED, method=SaliencyMethod.GRADIENT))
    assert gallery.ordered_by is SaliencyMethod.GRAD_CAM
    assert np.array_equal(gallery.image_ids, read_gallery(opened, WANTED).image_ids)
    assert "no gradient is stored" in gallery.note


def test_cards_are_drawn_at_both_ends(room: AuditRoom) -> None:
    view = room.gallery
    gallery = view.gallery
    assert gallery is not None
    most, least = view.most.in_sight(), view.least.in_sight()
    assert most[0].image_id == gallery.image_ids[0]
    assert least[0].image_id == gallery.image_ids[-1]
    for card in (*most, *least):
        made = view.making.get(card)
        assert made is not None
        assert made.photograph is not None
        assert made.ink is not None
        assert made.saliency is not None
        assert made.photograph.size() == made.ink.size() == made.saliency.size()
    spoken = view.most.cards.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert most[0].name in spoken
    assert f"True class {most[0].true_class}" in spoken
    assert not view.progress.text()
    assert not nameless(room)


def test_a_picture_that_is_chosen_is_opened_and_outlined(qtbot: QtBot, room: AuditRoom) -> None:
    view, selection = room.gallery, room.figures.selection
    view.most.setFocus()
    view.most.setCurrentIndex(view.most.cards.index(0))
    QTest.keyClick(view.most, Qt.Key.Key_Down)
    row = view.most.currentIndex().row()
    assert row > 0
    QTest.keyClick(view.most, Qt.Key.Key_Return)
    chosen = view.most.cards.card(row).image_id
    assert selection.image_id == room.maps.pictures.image_id == chosen
    assert room.pages.currentWidget() is room.maps
    room.show_tab(GALLERY)
    assert view.gallery is not None
    other = int(view.gallery.image_ids[-1])
    selection.image_id = other
    selection.picture_changed.emit()
    for end in (view.most, view.least):
        assert end.delegate.selected_id == other
        assert end.cards.card(end.currentIndex().row()).image_id == other
    qtbot.waitUntil(lambda: any(card.image_id == other for card in view.most.in_sight()))
    wait(qtbot, view)


def test_a_class_is_the_same_here_and_among_the_figures(qtbot: QtBot, room: AuditRoom) -> None:
    view, selection = room.gallery, room.figures.selection
    every = view.gallery
    view.choosers.shown_class.setCurrentIndex(view.choosers.shown_class.findText("MEL"))
    assert selection.classes == {"MEL"}
    wait(qtbot, view)
    assert view.gallery is not None
    assert every is not None
    assert 0 < len(view.gallery) < len(every)
    selection.toggle_class("NV")
    assert view.choosers.shown_class.currentText() == "MEL+NV"
    wait(qtbot, view)
    assert view.gallery.request.classes == {"MEL", "NV"}
    view._show_all()
    assert selection.classes == frozenset()
    wait(qtbot, view)
    assert len(view.gallery) == len(every)


def test_what_is_to_be_read_blind_is_not_listed(qtbot: QtBot, finished_copy: Path, theme: Theme) -> None:
    with Project.open(finished_copy) as project:
        reader = project.store.readers.add("Anna", ReaderKind.EXPERT)
        run_job(ChooseValidationSet(4), project, JobContext())
        unread = project.store.decisions.to_read_blind(reader.id)
        before = read_gallery(project, WANTED)
        made, manager = shown(qtbot, project, theme)
        made.set_reader(reader.id)
        wait(qtbot, made.gallery)
        gallery: Gallery | None = made.gallery.gallery
        assert gallery is not None
        assert gallery.kept_back == len(unread) > 0
        assert set(gallery.image_ids.tolist()) == set(before.image_ids.tolist()) - set(unread)
        assert "still to read" in made.gallery.note.text()
        made.gallery.most.show_selected(min(unread))
        assert made.gallery.most.cards.row_of(min(unread)) is None
        close(made, manager)


def test_a_picture_that_is_gone_is_told_on_its_card(qtbot: QtBot, finished_copy: Path, theme: Theme) -> None:
    with Project.open(finished_copy) as project:
        gallery = read_gallery(project, WANTED)
        first, second = gallery.card(0), gallery.card(1)
        model = gallery.model
        assert model is not None
        image = project.store.images.get(first.image_id)
        making = CardMaking(project)
        failed: list[object] = []
        making.failed.connect(lambda *news: failed.append(news))
        with pytest.MonkeyPatch.context() as patch:
            gone = finished_copy / "gone.png"
            known = Project.image_path
            patch.setattr(
                Project, "image_path", lambda self, one: gone if one.id == image.id else known(self, one)
            )
            making.begin(Kind(model, WANTED.method, WANTED.mask_set))
            making.want((first, second))
            qtbot.waitUntil(lambda: not making.is_busy, timeout=60_000)
        refused, made = making.get(first), making.get(second)
        assert refused is not None
        assert refused.photograph is None
        assert "gone.png" in refused.problem
        assert made is not None
        assert made.saliency is not None
        assert not failed
        # Found again, it is made when the gallery is read again.
        making.begin(Kind(model, WANTED.method, WANTED.mask_set))
        making.want((first,))
        qtbot.waitUntil(lambda: not making.is_busy, timeout=60_000)
        again = making.get(first)
        assert again is not None
        assert again.saliency is not None
        making.shut_down()


def test_what_is_out_of_sight_is_not_made(
    qtbot: QtBot, opened: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery = read_gallery(opened, WANTED)
    first, second = gallery.card(0), gallery.card(1)
    assert gallery.model is not None
    is_out_of_sight = threading.Event()

    def held(project: Project, image_id: int, mask_set: MaskSet) -> Shot:
        assert image_id != first.image_id or is_out_of_sight.wait(60)
        return taken(project, image_id, mask_set)

    monkeypatch.setattr("app.gallery.making.taken", held)
    making = CardMaking(opened)
    making.begin(Kind(gallery.model, WANTED.method, WANTED.mask_set))
    making.want((first,))
    making.want((second,))
    is_out_of_sight.set()
    qtbot.waitUntil(lambda: not making.is_busy, timeout=60_000)
    made = making.get(second)
    assert made is not None
    assert made.is_complete
    assert making._context.cancel.is_set() is False
    found = making.get(first)
    assert found is None or not found.is_complete
    making.shut_down()


def test_it_is_read_again_when_shown_and_after_a_job_that_changes_it(qtbot: QtBot, room: AuditRoom) -> None:
    view = room.gallery
    room.show_tab(0)
    assert not view.reading.is_busy
    room.show_tab(GALLERY)
    assert view.reading.is_busy
    wait(qtbot, view)
    view._job_ended(Task(ImportImages("anywhere")))
    assert view.reading.is_busy
    wait(qtbot, view)
    view._job_ended(Task(WriteReport()))
    assert not view.reading.is_busy


def test_it_is_read_again_while_a_job_explains_its_pictures(
    qtbot: QtBot, room: AuditRoom, opened: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = room.gallery
    read: list[Request] = []

    def counted(project: Project, request: Request) -> Gallery:
        read.append(request)
        return read_gallery(project, request)

    monkeypatch.setattr("app.gallery.view.read_gallery", counted)
    view.most.cards.modelReset.connect(lambda: read.append(WANTED))
    task, event = Task(WriteReport()), told(classes=len(opened.classes))
    for _ in range(5):
        view._manager.reported.emit(task, event)
    qtbot.waitUntil(lambda: len(read) == 1, timeout=10_000)
    wait(qtbot, view)
    assert len(read) == 1, "once for all events, and cards that are in their place stay"
    room.show_tab(0)
    view._manager.reported.emit(task, event)
    with qtbot.waitSignal(view.live.due, timeout=10_000):
        pass
    assert not view.reading.is_busy, "what is not seen is not read"


def test_what_was_read_waits_while_somebody_is_at_the_cards(qtbot: QtBot, room: AuditRoom) -> None:
    view = room.gallery
    before = view.gallery
    view.most._begin_use()
    view.refresh()
    qtbot.waitUntil(lambda: not view.reading.is_busy)
    assert view.gallery is before
    qtbot.waitUntil(lambda: view.gallery is not before, timeout=10_000)
    assert not view.most.is_in_use


def test_without_a_classifier_it_leads_to_training(qtbot: QtBot, project: Project, theme: Theme) -> None:
    manager = JobManager(lambda job, ctx: run_job(job, project, ctx))
    made = AuditRoom(project, manager, theme)
    qtbot.addWidget(made)
    made.show()
    made.show_tab(GALLERY)
    qtbot.waitUntil(lambda: made.gallery.gallery is not None)
    assert made.gallery.empty.currentWidget() is made.gallery.empty.untrained
    button = made.gallery.findChild(QPushButton, "galleryTraining")
    assert isinstance(button, QPushButton)
    with qtbot.waitSignal(made.training_asked):
        button.click()
    close(made, manager)


def test_other_masks_lead_to_computing(qtbot: QtBot, room: AuditRoom) -> None:
    view = room.gallery
    view.choosers.mask_set.setCurrentIndex(view.choosers.mask_set.findData(str(MaskSet.RULE)))
    qtbot.waitUntil(lambda: view.stack.currentIndex() == 2)
    assert view.empty.currentWidget() is view.empty.missing
    assert view.gallery is not None
    assert view.gallery.other_sets == ("exact",)
    assert not view.empty.compute.isEnabled(), "the project is open for reading only"


def test_the_audit_and_the_module_of_the_gallery_open_without_torch(finished: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from app.audit.room import AuditRoom\n"
        "from app.jobs.manager import JobManager\n"
        "from app.theme import Theme\n"
        "from gsal.project import Project\n"
        "application = QApplication([])\n"
        "with Project.open(Path(sys.argv[1]), read_only=True) as project:\n"
        "    manager = JobManager(lambda job, ctx: {})\n"
        "    room = AuditRoom(project, manager, Theme(application))\n"
        "    room.show()\n"
        "    assert not any(name.startswith('app.gallery') for name in sys.modules)\n"
        "    import app.gallery.view\n"
        "    room.shut_down()\n"
        "    manager.shut_down()\n"
        "assert not {'torch', 'torchvision'} & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(finished)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
