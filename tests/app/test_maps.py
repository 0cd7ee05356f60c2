"""Looking at maps in the window, with real networks: figures, classes, looks, walking, two models, errors."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QMenu,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
)
from pytestqt.qtbot import QtBot

from app.jobs.manager import JobManager
from app.main_window import MainWindow
from app.maps.making import Making, Wish
from app.maps.view import MapsView
from app.maps.words import ROWS, exact
from app.settings import Settings
from app.theme import Theme, ThemeChoice
from app.widgets.elided import ElidedLabel
from gsal.arrays import Mask
from gsal.jobs.classifiers.train import TrainClassifier
from gsal.jobs.cohorts.create import CreateCohort
from gsal.jobs.cohorts.cross_validation import fold_parts
from gsal.jobs.masks.making import new_mask
from gsal.jobs.masks.propose import Propose
from gsal.jobs.runner import run_job
from gsal.jobs.saliency.look import Explainer, PictureMap
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import (
    COLUMNS,
    MaskSet,
    MaskSource,
    ModelKind,
    Reader,
    ReaderKind,
    SaliencyMethod,
    Side,
    Variant,
)
from gsal.saliency.colours import ColourMap
from gsal.saliency.sheet import panel_shape, sheet_width
from tests.app.test_accessible import nameless

GRAD_CAM, OCCLUSION = SaliencyMethod.GRAD_CAM, SaliencyMethod.OCCLUSION


@pytest.fixture
def opened(finished: Path) -> Iterator[Project]:
    with Project.open(finished, read_only=True) as project:
        yield project


@pytest.fixture
def view(qtbot: QtBot, opened: Project, theme: Theme) -> Iterator[MapsView]:
    """The maps of a finished project, with the first one made."""
    made, manager = shown(qtbot, opened)
    wait(qtbot, made)
    yield made
    close(made, manager)


def shown(qtbot: QtBot, project: Project) -> tuple[MapsView, JobManager]:
    manager = JobManager(lambda job, ctx: run_job(job, project, ctx))
    made = MapsView(project, manager)
    qtbot.addWidget(made)
    made.resize(1200, 620)
    with qtbot.waitExposed(made):
        made.show()
    return made, manager


def close(view: MapsView, manager: JobManager) -> None:
    view.shut_down()
    manager.shut_down()


def wait(qtbot: QtBot, view: MapsView) -> None:
    """Wait until what is chosen is shown."""
    qtbot.waitUntil(
        lambda: view.pictures.listing is not None and not view.reading.is_busy and not view.making.is_busy,
        timeout=60_000,
    )


def choose(qtbot: QtBot, view: MapsView, box: Any, value: str) -> None:
    box.setCurrentIndex(box.findData(value))
    assert box.currentData() == value
    wait(qtbot, view)


def figure(view: MapsView, key: str, number: int = 0) -> str:
    found = view.findChild(QLabel, f"{key}Figure{number}")
    assert isinstance(found, QLabel)
    return found.text()


def made(view: MapsView, number: int = 0) -> PictureMap:
    return view.panes._made[number]


def current(project: Project, view: MapsView) -> str:
    assert view.pictures.image_id is not None
    return project.store.images.get(view.pictures.image_id).name


def test_the_figures_are_those_that_were_stored(qtbot: QtBot, opened: Project, view: MapsView) -> None:
    model = opened.store.models.all(ModelKind.CLASSIFIER)[0]
    assert view.choices.models == (model,)
    (run,) = [r for r in opened.store.saliency.runs(model.id) if r.settings.method is GRAD_CAM]
    rows = opened.store.saliency.rows(run.id)
    predictions = opened.store.predictions.all(model.id, variant=Variant.ORIGINAL)
    choose(qtbot, view, view.walk.ink, "inked")
    for _ in range(3):
        image = opened.store.images.get(view.pictures.image_id or 0)
        predicted = int(predictions[image.id].logits.argmax())
        stored = dict(zip(COLUMNS, rows[image.id].values[predicted], strict=True))
        assert figure(view, "mean") == exact(stored["mean"])
        assert made(view).figures(predicted).mean == pytest.approx(stored["mean"], rel=1e-5)
        assert float(figure(view, "chance")) == pytest.approx(rows[image.id].mask_area / 64**2, abs=6e-4)
        assert float(figure(view, "peak")) == pytest.approx(made(view).figures(predicted).peak, abs=6e-4)
        assert figure(view, "predicted").startswith(f"{model.classes[predicted]}, 0.")
        assert figure(view, "true") == image.label
        view.pictures.go(1)
        wait(qtbot, view)
    for title, tip in ROWS.values():
        assert any(one.text() == title and one.toolTip() == tip for one in view.findChildren(QLabel))


def test_another_class_is_shown_without_explaining_again(
    qtbot: QtBot, view: MapsView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Explainer, "explain", None)
    before = made(view)
    other = next(n for n, name in enumerate(before.classes) if n != before.predicted)
    view.choices.shown_class.setCurrentIndex(other + 1)
    assert made(view) is before
    assert figure(view, "explained").startswith(before.classes[other])
    assert figure(view, "logit") == f"{abs(before.logits[other]):.2f}"
    assert view.panes.panes[0].layer._map is not None
    assert (view.panes.panes[0].layer._map == before.maps[other]).all()


def test_looks_change_what_is_drawn_and_no_figure(qtbot: QtBot, view: MapsView) -> None:
    canvas, looks = view.panes.panes[0].canvas, view.looks
    texts = {key: figure(view, key) for key in ROWS}

    def middle() -> tuple[int, ...]:
        drawn = canvas.grab().toImage()
        colour = drawn.pixelColor(drawn.width() // 2, drawn.height() // 2)
        return colour.red(), colour.green(), colour.blue()

    looks.peak.setChecked(False)
    looks.opacity.setValue(0)
    red, green, blue = middle()
    assert red == green == blue
    looks.grey.setChecked(False)
    assert middle() != (red, green, blue)
    looks.opacity.setValue(100)
    looks.clear.setChecked(False)
    strong = middle()
    choose(qtbot, view, looks.colours, ColourMap.MAGMA)
    assert middle() != strong
    assert view.panes.panes[0].scale.texts[0] == "0"
    QTest.keyClick(view, Qt.Key.Key_Comma)
    assert looks.opacity.value() == 90
    QTest.keyClick(view, Qt.Key.Key_S)
    assert view.panes.panes[0].layer.is_hidden
    assert {key: figure(view, key) for key in ROWS} == texts


def test_quick_steps_show_the_last_picture(qtbot: QtBot, opened: Project, view: MapsView) -> None:
    seen: list[str] = []
    view.making.photographed.connect(lambda photograph: seen.append(photograph.image.name))
    start = view.pictures.image_id
    for _ in range(3):
        QTest.keyClick(view, Qt.Key.Key_PageDown)
    wait(qtbot, view)
    ids = opened.store.images.all(side=Side.VALIDATION)
    numbers = [image.id for image in ids]
    assert start is not None
    expected = ids[numbers.index(start) + 3].name
    assert current(opened, view) == expected
    assert seen == [expected]
    assert view.walk.name.text() == expected
    assert view.walk.place.text() == f"4 of {len(ids)}"
    QTest.keyClick(view, Qt.Key.Key_A)
    wait(qtbot, view)
    assert current(opened, view) == ids[numbers.index(start) + 2].name


def test_two_models_side_by_side(qtbot: QtBot, opened: Project, view: MapsView) -> None:
    choose(qtbot, view, view.choices.second, "unbiased")
    first, second = view.panes.panes
    assert second.isVisible()
    assert [pane.title.text() for pane in (first, second)] == ["biased", "unbiased"]
    assert figure(view, "mean", 1) == figure_of(made(view, 1))
    assert made(view, 0).model == "biased"
    assert made(view, 1).model == "unbiased"
    assert not (made(view, 0).maps == made(view, 1).maps).all()
    view.panes.zoom(3)
    assert second.canvas.viewport.scale == pytest.approx(first.canvas.viewport.scale)
    second.canvas.move_view(QPoint(10, 4).toPointF())
    second.canvas.moved.emit()
    assert first.canvas.viewport.x == pytest.approx(second.canvas.viewport.x, abs=2)
    own = [pane.layer.limit for pane in (first, second)]
    choose(qtbot, view, view.looks.scale, "shared")
    assert [pane.layer.limit for pane in (first, second)] == [max(own)] * 2
    choose(qtbot, view, view.choices.second, "")
    assert not second.isVisible()


def figure_of(found: PictureMap) -> str:
    value = found.figures(found.predicted).mean
    return "no ink" if np.isnan(value) else exact(value)


def test_pictures_in_the_order_of_their_ink_saliency(qtbot: QtBot, opened: Project, view: MapsView) -> None:
    choose(qtbot, view, view.walk.order, "most peak")
    choose(qtbot, view, view.walk.ink, "inked")
    model = view.choices.models[0]
    (run,) = [r for r in opened.store.saliency.runs(model.id) if r.settings.method is GRAD_CAM]
    predictions = opened.store.predictions.all(model.id, variant=Variant.ORIGINAL)
    listing = view.pictures.listing
    assert listing is not None
    column = COLUMNS.index("peak")
    values = [
        opened.store.saliency.rows(run.id)[n].values[predictions[n].logits.argmax(), column]
        for n in listing.image_ids
    ]
    assert values == sorted(values, reverse=True)
    assert view.pictures.image_id == listing.image_ids[0]
    choose(qtbot, view, view.walk.order, "least peak")
    assert view.pictures.listing is not None
    assert view.pictures.image_id == view.pictures.listing.image_ids[0] != listing.image_ids[0]
    choose(qtbot, view, view.walk.labels, "=MEL")
    assert view.pictures.listing.image_ids
    assert {opened.store.images.get(n).label for n in view.pictures.listing.image_ids} == {"MEL"}
    choose(qtbot, view, view.choices.method, OCCLUSION)
    assert "no occlusion of biased over the exact masks is stored" in view.note.text()


def test_a_slow_map_can_be_stopped_and_made_after_all(
    qtbot: QtBot, view: MapsView, monkeypatch: pytest.MonkeyPatch
) -> None:
    view.making.reported.connect(view.making.stop)
    with qtbot.waitSignal(view.making.ended, timeout=60_000) as ended:
        view.choices.method.setCurrentIndex(view.choices.method.findData(OCCLUSION))
    assert ended.args == [True]
    assert view.busy.isVisible()
    assert view.busy.again.isVisible()
    assert not view.panes.panes[0].has_map
    assert not view.export.isEnabled()
    view.making.reported.disconnect(view.making.stop)
    wait(qtbot, view)
    view.busy.again.click()
    qtbot.waitUntil(view.busy.stop.isVisible, timeout=10_000)
    wait(qtbot, view)
    assert view.busy.isHidden()
    assert view.panes.panes[0].has_map
    assert made(view).method is OCCLUSION


def test_a_newer_wish_stops_a_slow_one(qtbot: QtBot, opened: Project, theme: Theme) -> None:
    making = Making(opened)
    model = opened.store.models.all(ModelKind.CLASSIFIER)[0]
    first, second = (image.id for image in opened.store.images.all()[:2])
    found: list[PictureMap] = []
    making.made.connect(lambda _, one: found.append(one))
    with qtbot.waitSignal(making.reported, timeout=60_000):
        making.ask(Wish(first, (model,), OCCLUSION, MaskSet.EXACT))
    with qtbot.waitSignal(making.ended, timeout=60_000):
        making.ask(Wish(second, (model,), GRAD_CAM, MaskSet.EXACT))
    assert [one.method for one in found] == [GRAD_CAM]
    making.shut_down()


def test_the_exported_file(
    qtbot: QtBot, opened: Project, view: MapsView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(qtbot, view, view.choices.second, "unbiased")
    asked: list[str] = []

    def answer(parent: object, title: str, place: str, kinds: str) -> tuple[str, str]:
        asked.append(Path(place).name)
        return str(tmp_path / "map"), kinds

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    with qtbot.waitSignal(view.saving.told, timeout=30_000):
        view.export.click()
    file = tmp_path / "map.png"
    assert view.note.text() == f"Saved: {file}"
    stem = current(opened, view).removesuffix(".png")
    classes = dict.fromkeys(one.classes[one.predicted] for one in (made(view, 0), made(view, 1)))
    assert asked == [f"{stem}_biased_unbiased_grad-cam_{'-'.join(classes)}.png"]
    with Image.open(file) as written:
        assert written.format == "PNG"
        assert written.width == sheet_width(4, panel_shape(96, 96)[1])
        assert written.height > panel_shape(96, 96)[0]
        assert not written.info  # nothing of the photograph's own file


def test_what_cannot_be_shown_says_so_in_its_place(qtbot: QtBot, finished_copy: Path, theme: Theme) -> None:
    with Project.open(finished_copy) as project:
        lost = project.store.models.get("unbiased")
        (finished_copy / lost.weights).unlink()
        view, manager = shown(qtbot, project)
        wait(qtbot, view)
        choose(qtbot, view, view.choices.second, "unbiased")
        left, right = view.panes.panes
        assert left.has_map
        assert not right.has_map
        assert lost.weights.rsplit("/", 1)[-1] in right.canvas.accessibleDescription()
        view.show_picture(10_000)
        wait(qtbot, view)
        assert "no picture number 10000" in left.canvas.accessibleDescription()
        assert not view.export.isEnabled()
        view.pictures.go(1)
        wait(qtbot, view)
        assert left.has_map
        close(view, manager)


def test_what_is_to_be_read_blind_is_not_shown(qtbot: QtBot, finished_copy: Path, theme: Theme) -> None:
    from gsal.jobs.reading.validation import ChooseValidationSet

    with Project.open(finished_copy) as project:
        reader = project.store.readers.add("Anna", ReaderKind.EXPERT)
        run_job(ChooseValidationSet(4), project, JobContext())
        unread = project.store.decisions.to_read_blind(reader.id)
        assert unread
        view, manager = shown(qtbot, project)
        view.set_reader(reader.id)
        wait(qtbot, view)
        assert view.pictures.listing is not None
        assert not unread & set(view.pictures.listing.image_ids)
        view.show_picture(min(unread))
        assert not view.making.is_busy
        assert "still to read" in view.panes.panes[0].canvas.accessibleDescription()
        assert not figure(view, "mean")
        close(view, manager)


def test_from_the_library_and_by_tab(
    qtbot: QtBot, finished_copy: Path, theme: Theme, settings: Settings
) -> None:
    window = MainWindow(theme, settings)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.open_project(finished_copy)
    workspace = window.workspace
    assert workspace is not None
    library = workspace.library
    qtbot.waitUntil(lambda: library.table.rowCount() > 0)
    library.view.customContextMenuRequested.emit(library.view.visualRect(library.table.index(1, 0)).center())
    menu = library.findChild(QMenu, "pictureMenu")
    assert isinstance(menu, QMenu)
    menu.actions()[1].trigger()
    menu.close()
    room = workspace.audit_room
    assert room.isVisible()
    assert room.pages.currentWidget() is room.maps
    wait(qtbot, room.maps)
    assert room.maps.panes.panes[0].has_map
    assert room.maps.pictures.image_id == library.table.image_id(1)
    assert not nameless(window)
    room.tabs.button(0).click()
    assert workspace.audit.isVisible()
    workspace.manager.shut_down()
    window.close()


def review(project: Project, reader: Reader, mask: Mask, image_ids: Iterable[int]) -> None:
    """Accept one mask for pictures, as a review does."""
    masks = [new_mask(one, mask, MaskSource.HUMAN, reader_id=reader.id) for one in image_ids]
    project.store.decisions.accept_many(masks, reader_id=reader.id)


def test_a_review_is_seen_when_the_tab_is_shown_again(
    qtbot: QtBot, finished_copy: Path, theme: Theme
) -> None:
    ink = np.zeros((64, 64), np.bool_)
    with Project.open(finished_copy) as project:
        reader = project.store.readers.add("Anna", ReaderKind.EXPERT)
        review(project, reader, ink, [image.id for image in project.store.images.all(side=Side.VALIDATION)])
        view, manager = shown(qtbot, project)
        wait(qtbot, view)
        choose(qtbot, view, view.choices.mask_set, MaskSet.HUMAN)
        choose(qtbot, view, view.walk.ink, "free")
        choose(qtbot, view, view.choices.method, SaliencyMethod.COMPETITIVE)
        view.choices.shown_class.setCurrentIndex(1)
        view.pictures.go(1)
        wait(qtbot, view)
        ids, image_id = view.pictures.ids, view.pictures.image_id
        assert image_id is not None
        assert figure(view, "mean") == "no ink"
        view.hide()
        ink[8:40, 8:40] = True
        review(project, reader, ink, [image_id])
        view.show()
        wait(qtbot, view)
        assert figure(view, "mean") != "no ink"
        assert float(figure(view, "chance")) == pytest.approx(1 / 4, abs=6e-4)
        assert len(view.panes.panes[0].layer._ink) == 4
        assert view.pictures.ids == tuple(one for one in ids if one != image_id)
        assert view.pictures.image_id == image_id, "what is looked at stays"
        assert view.choices.chosen_method is SaliencyMethod.COMPETITIVE
        assert view.choices.chosen_class == made(view).classes[0]
        assert figure(view, "explained").startswith(made(view).classes[0])
        close(view, manager)


def test_a_job_that_changes_masks_has_the_maps_read_again(
    qtbot: QtBot, finished_copy: Path, theme: Theme
) -> None:
    with Project.open(finished_copy) as project:
        view, manager = shown(qtbot, project)
        wait(qtbot, view)
        choose(qtbot, view, view.choices.mask_set, MaskSet.RULE)
        before = view.panes.photograph
        assert before is not None
        image_id = view.pictures.image_id
        with qtbot.waitSignal(manager.idle, timeout=120_000):
            manager.submit(Propose(sensitivity=0.9))
        wait(qtbot, view)
        after = view.panes.photograph
        assert after is not None
        assert view.pictures.image_id == image_id
        assert after.mask == project.store.masks.best([image_id or 0], MaskSet.RULE)[image_id or 0]
        assert after.mask != before.mask
        close(view, manager)


def test_nothing_is_made_again_where_nothing_changed(
    qtbot: QtBot, view: MapsView, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = made(view)
    monkeypatch.setattr(Making, "ask", None)
    view.hide()
    view.show()
    wait(qtbot, view)
    assert made(view) is before


def test_pictures_that_judge_the_model_come_first_and_learned_ones_say_so(
    qtbot: QtBot, opened: Project, view: MapsView
) -> None:
    judging = [image.id for image in opened.store.images.all(side=Side.VALIDATION)]
    assert list(view.pictures.ids) == judging
    assert view.learned.isHidden()
    choose(qtbot, view, view.walk.scope, "all")
    assert list(view.pictures.ids) == [image.id for image in opened.store.images.all()]
    learned = {name: set(opened.store.cohorts.members(name)) for name in ("biased", "unbiased")}
    both, one = learned["biased"] & learned["unbiased"], learned["biased"] - learned["unbiased"]
    view.show_picture(min(one))
    wait(qtbot, view)
    assert view.learned.isVisible()
    assert view.learned.text() == "This network was trained on this picture."
    choose(qtbot, view, view.choices.second, "unbiased")
    assert view.learned.text() == "biased was trained on this picture."
    shown = view._shown()
    assert shown is not None
    assert shown.learned == view.learned.text()
    view.show_picture(min(both))
    wait(qtbot, view)
    assert view.learned.text() == "Both networks were trained on this picture."
    choose(qtbot, view, view.walk.scope, "judged")
    assert view.learned.isHidden()


def test_a_network_of_a_fold_is_looked_at_on_its_own_fold(
    qtbot: QtBot, finished_copy: Path, theme: Theme
) -> None:
    with Project.open(finished_copy) as project:
        run_job(CreateCohort("all", cohort_kind="baseline", mask_set="exact"), project, JobContext())
        train = TrainClassifier("net", cohort="all", recipe="demo", epochs=1, folds=2)
        run_job(train, project, JobContext())
        view, manager = shown(qtbot, project)
        wait(qtbot, view)
        for part in fold_parts(project, "all", k=2):
            choose(qtbot, view, view.choices.first, f"net-fold{part.fold}")
            assert view.pictures.ids == part.held_out
            view.show_picture(part.held_out[0])
            wait(qtbot, view)
            assert view.learned.isHidden()
            view.show_picture(part.training[0])
            wait(qtbot, view)
            assert view.learned.text() == "This network was trained on this picture."
        close(view, manager)


@pytest.mark.parametrize(("font_scale", "height"), [(1.0, 628), (1.6, 600)])
def test_everything_is_read_in_a_window_of_1280_x_720_less_header_and_tabs(
    qtbot: QtBot, opened: Project, qapp: QApplication, font_scale: float, height: int
) -> None:
    dressed = Theme(qapp, choice=ThemeChoice.DARK, font_scale=font_scale)
    view, manager = shown(qtbot, opened)
    view.resize(1280, height)
    wait(qtbot, view)
    choose(qtbot, view, view.choices.method, SaliencyMethod.COMPETITIVE)
    choose(qtbot, view, view.choices.second, "unbiased")
    choose(qtbot, view, view.walk.scope, "all")
    view.show_picture(min(opened.store.cohorts.members("biased")))
    wait(qtbot, view)
    assert (view.width(), view.height()) == (1280, height)
    assert not cut_off(view)
    side = view.findChild(QScrollArea, "mapsSide")
    assert isinstance(side, QScrollArea)
    content = side.widget()
    assert content is not None
    assert content.minimumSizeHint().width() <= side.viewport().width()
    assert (side.verticalScrollBar().maximum() == 0) is (font_scale == 1.0)
    canvas = view.panes.panes[0].canvas
    assert min(canvas.width(), canvas.height()) > 240
    box = view.choices.second
    box.setFixedWidth(60)
    box.showPopup()
    widest = box.fontMetrics().horizontalAdvance("unbiased")
    assert box.view().viewport().width() > widest, "its list is wider than a narrow box"
    box.hidePopup()
    close(view, manager)
    dressed.scale_font(1.0)


def cut_off(view: MapsView) -> list[str]:
    """Return the names of the widgets that show less than their whole text."""
    found = []
    for box in (one for one in view.findChildren(QComboBox) if one.isVisible()):
        option = QStyleOptionComboBox()
        box.initStyleOption(option)
        place = QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, box
        room = box.style().subControlRect(*place).width()
        icon = 0 if box.itemIcon(0).isNull() else box.iconSize().width()
        texts = [box.itemText(row) for row in range(box.count())]
        if max(map(box.fontMetrics().horizontalAdvance, texts)) + icon > room:
            found.append(box.objectName())
    for one in (text for text in view.findChildren(QLabel) if text.isVisible()):
        if isinstance(one, ElidedLabel):
            is_cut = one.shown != one.text()
        elif one.wordWrap():
            is_cut = one.heightForWidth(one.width()) > one.height()
        else:
            is_cut = one.sizeHint().width() > one.width()
        if is_cut:
            found.append(one.objectName() or one.text())
    return found
