"""How good an ink network's masks are: figures, pictures with both masks, choices, and what is missing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPushButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from app.jobs.manager import JobManager
from app.segmenter.measured import Measured
from app.segmenter.picture_table import COLUMNS, PictureTable
from app.segmenter.retrained import Retrained
from app.segmenter.view import SegmenterView
from app.settings import Settings
from app.theme import Theme
from app.workspace import Workspace
from gsal.jobs.evaluation.evaluate import EvaluateSegmenter
from gsal.jobs.job import Job, to_settings
from gsal.jobs.masks.making import new_mask
from gsal.jobs.segmenters.retrain import RetrainSegmenter
from gsal.jobs.segmenters.segment import Segment
from gsal.masks import codec
from gsal.progress import JobCancelled, JobContext
from gsal.project import Project
from gsal.records import (
    JobStatus,
    MaskSource,
    ModelKind,
    Preprocessing,
    ReaderKind,
    ValidationMember,
)
from tests.app.made_up import figure, measured_in, measurement, picture

LEFT = Qt.MouseButton.LeftButton
Show = Callable[[], SegmenterView]


def keep(project: Project, job: Job, result: dict[str, Any]) -> None:
    """Keep a result as if the job had run."""
    jobs = project.store.jobs
    jobs.finish(jobs.start(job.kind, to_settings(job)), JobStatus.DONE, result=result)


def network(project: Project, name: str = "bisenet", *, masks: int = 8) -> int:
    """Add a ready network without weights, and empty masks of it."""
    models = project.store.models
    card: dict[str, Any] = {
        "training_images": [],
        "validation_images": [],
        "training_masks": [],
        "validation_masks": [],
    }
    model = models.add(
        name,
        kind=ModelKind.SEGMENTER,
        architecture="bisenet",
        preprocessing=Preprocessing(size=64),
        seed=0,
        run_card=card,
    )
    models.finish(model.id, weights="none.safetensors", weights_sha256="", run_card=card)
    images = project.store.images.all()[:masks]
    empty = np.zeros((64, 80), np.bool_)
    project.store.masks.add_many(
        [new_mask(image.id, empty, MaskSource.MODEL, model_id=model.id, threshold=0.5) for image in images]
    )
    return model.id


def review(project: Project, count: int = 8) -> None:
    """Let a reader accept a mask of some pictures."""
    reader = project.store.readers.add("AW", ReaderKind.EXPERT)
    mask = np.zeros((64, 80), np.bool_)
    mask[4:9, 6:60] = True
    images = project.store.images.all()[:count]
    masks = [new_mask(image.id, mask, MaskSource.HUMAN, reader_id=reader.id) for image in images]
    project.store.decisions.accept_many(masks, reader_id=reader.id)


class Ran(list[Job]):
    """Jobs that were given, and what they return."""

    result: dict[str, Any]


@pytest.fixture
def ran() -> Ran:
    return Ran()


@pytest.fixture
def show(qtbot: QtBot, project: Project, theme: Theme, ran: Ran) -> Iterator[Show]:
    """Show the view on what the project has by then; jobs wait to be stopped or return a result."""
    made: list[tuple[QWidget, SegmenterView, JobManager]] = []

    def run(job: Job, ctx: JobContext) -> dict[str, Any]:
        ran.append(job)
        for _ in ctx.track(range(2), "Measuring masks"):
            if not hasattr(ran, "result"):
                assert ctx.cancel.wait(10)
                raise JobCancelled
        keep(project, job, ran.result)
        return ran.result

    def open_view() -> SegmenterView:
        manager = JobManager(run)
        view = SegmenterView(project, manager, theme)
        box = QWidget()
        qtbot.addWidget(box)
        view.setParent(box)
        view.bar.setParent(box)
        box.resize(1280, 700)
        view.setGeometry(0, 40, 1280, 660)
        view.bar.setGeometry(0, 0, 1280, 40)
        made.append((box, view, manager))
        with qtbot.waitExposed(box):
            box.show()
        qtbot.waitUntil(lambda: view._stored is not None)
        return view

    yield open_view
    for _, view, manager in made:
        manager.shut_down()
        view.shut_down()


def cell(view: QTableView, row: int, column: int) -> str:
    return str(view.model().index(row, column).data())


def click_row(view: QTableView, row: int, *, twice: bool = False) -> None:
    at = view.visualRect(view.model().index(row, 2)).center()
    QTest.mouseClick(view.viewport(), LEFT, pos=at)
    if twice:
        QTest.mouseDClick(view.viewport(), LEFT, pos=at)


def click_header(view: QTableView, column: int) -> None:
    header = view.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(column) + 20, header.height() // 2)
    QTest.mouseClick(header.viewport(), LEFT, pos=at)


def test_the_last_measurement_is_seen_at_once(project: Project, show: Show) -> None:
    network(project)
    keep(project, EvaluateSegmenter(), measured_in(project) | {"against": "older"})
    keep(project, EvaluateSegmenter(against="human"), measured_in(project))
    view = show()
    assert view.stack.currentIndex() == 0
    assert view.verdict.text() == (
        "bisenet is better than the best single rule (lab): Dice +.11 (+.05 to +.17), not told apart "
        "from what two of three rules agree on: Dice +.03 (−.03 to +.09), and not told apart "
        "from what the program picks of them: Dice −.03 (−.09 to +.03)."
    )
    table = view.headline
    rows = [table.index(row, 0).data() for row in range(table.rowCount())]
    assert rows == ["bisenet", "Best rule: lab", "2 of 3 rules", "Automatic pick", "Anna and Bert"]
    assert table.index(0, 1).data() == ".71 (.66–.76)"
    assert "n = 40" in table.index(1, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert "with ink .50" in view.human_level.text()
    assert "against human masks" in view.about.text()
    assert view.bar.against.currentData() == "human", "what it was measured against is chosen again"
    assert "Class: MEL" in {view.parts.groups.index(row, 0).data() for row in range(4)}


def test_the_worst_come_first_and_a_click_shows_both_masks(
    qtbot: QtBot, project: Project, show: Show
) -> None:
    network(project)
    result = measured_in(project)
    keep(project, EvaluateSegmenter(), result)
    view = show()
    pictures, pair = view.pictures, view.pictures.pair
    shown = [pictures.table.picture(row) for row in range(8)]
    assert [p.dice for p in shown] == sorted(p.dice for p in shown)
    click_row(pictures.view, 3)
    qtbot.waitUntil(lambda: pair.layer._masks is not None and pair.title.text() == shown[3].name)
    qtbot.waitUntil(lambda: pair.canvas.pyramid is not None)
    wanted = next(one for one in result["pictures"] if one["image_id"] == shown[3].image_id)
    for painting, key in zip(pair.layer._masks or (), ("predicted_mask", "truth_mask"), strict=True):
        assert np.array_equal(painting.mask, codec.decode(project.store.masks.load(wanted[key])))
    with qtbot.waitSignal(view.picture_asked) as asked:
        QTest.mouseClick(pair.open, LEFT)
    assert asked.args == [shown[3].image_id]
    with qtbot.waitSignal(view.picture_asked) as asked:
        click_row(pictures.view, 1, twice=True)
    assert asked.args == [shown[1].image_id]
    QTest.mouseClick(pair.hide_masks, LEFT)
    assert pair.canvas.looks.is_hidden


def test_the_overlay_tells_the_masks_by_lines(qtbot: QtBot, project: Project, show: Show) -> None:
    """One mask's lines rise, the other's fall, and what both have is dotted."""
    network(project)
    pick, other = measured_in(project)["pictures"][1]["truth_mask"], None
    keep(project, EvaluateSegmenter(), measured_in(project, predicted_mask=pick, truth_mask=other))
    view = show()
    pair = view.pictures.pair
    qtbot.waitUntil(lambda: pair.canvas.pyramid is not None and pair.layer._masks is not None)
    plain = pair.canvas.grab().toImage()
    QTest.mouseClick(pair.hide_masks, LEFT)
    assert pair.canvas.grab().toImage() != plain
    words = [w.text() for w in pair.findChildren(QWidget) if hasattr(w, "text") and w.text()]
    assert {"network only", "reference only", "both"} <= set(words)


def test_a_click_on_a_column_sorts_and_what_is_undefined_stays_last(project: Project, show: Show) -> None:
    network(project)
    result = measured_in(project)
    result["pictures"][2] |= {"dice": None, "is_inked": False, "is_predicted_inked": False}
    keep(project, EvaluateSegmenter(), result)
    view = show()
    table, shown = view.pictures.table, view.pictures.view
    undefined = result["pictures"][2]["image_id"]
    assert table.picture(7).image_id == undefined
    assert "worst first" in view.pictures.count.text()
    click_row(shown, 2)
    chosen = view.pictures.chosen
    for _ in range(2):
        click_header(shown, 2)
        known = [table.picture(row).dice for row in range(7)]
        assert known in (sorted(known), sorted(known, reverse=True))
        assert table.picture(7).image_id == undefined
        assert view.pictures.chosen is chosen, "the selection stays with its picture"
    assert "worst first" not in view.pictures.count.text()


def test_wrong_decisions_are_told_in_words_a_sign_and_colour(theme: Theme) -> None:
    table = PictureTable()
    cases = [(True, True), (False, True), (True, False), (False, False)]
    rows = [picture(n, is_predicted_inked=p, is_inked=t, dice=0.5) for n, (p, t) in enumerate(cases)]
    table.show_pictures(Measured.from_json(measurement(rows)).pictures)
    table.colour_mistakes(theme.colours.danger)
    column = [one.title for one in COLUMNS].index("Decision")
    said = {table.picture(row).image_id: table.index(row, column) for row in range(4)}
    texts = {number: index.data() for number, index in said.items()}
    assert texts == {0: "✓  ink found", 1: "✗  ink missed", 2: "✗  false ink", 3: "✓  no ink, rightly"}
    coloured = {n for n, index in said.items() if index.data(Qt.ItemDataRole.ForegroundRole) is not None}
    assert coloured == {1, 2}


def test_thousands_of_rows_are_only_asked_for_in_sight(
    qtbot: QtBot, project: Project, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    network(project)
    keep(project, EvaluateSegmenter(), measurement([picture(n) for n in range(1, 5001)]))
    asked = set()
    data = PictureTable.data

    def counted(self: PictureTable, index: Any, role: int = 0) -> Any:
        asked.add(index.row())
        return data(self, index, role)

    monkeypatch.setattr(PictureTable, "data", counted)
    view = show()
    table = view.pictures.view
    assert table.model().rowCount() == 5000
    table.scrollToBottom()
    qtbot.waitUntil(lambda: 4999 in asked)
    assert len(asked) < 200


def test_measuring_is_started_watched_and_stopped_where_it_was_started(
    qtbot: QtBot, project: Project, show: Show, ran: Ran
) -> None:
    network(project)
    review(project)
    keep(project, EvaluateSegmenter(against="human"), measured_in(project))
    view = show()
    bar = view.bar
    QTest.mouseClick(bar.measure, LEFT)
    qtbot.waitUntil(lambda: "Measuring masks 0 %" in bar.text.text())
    assert bar.stop.isVisible()
    assert not bar.measure.isVisible()
    with qtbot.waitSignal(view._manager.idle):
        QTest.mouseClick(bar.stop, LEFT)
    assert ran == [EvaluateSegmenter("bisenet", against="human")]
    assert bar.measure.isVisible()

    ran.result = measured_in(project, dice=0.123)
    with qtbot.waitSignal(view._manager.idle):
        QTest.mouseClick(bar.measure, LEFT)
    qtbot.waitUntil(lambda: view.pictures.table.picture(0).dice == 0.123)


def test_choices_go_into_the_job(project: Project, show: Show, ran: Ran, qtbot: QtBot) -> None:
    network(project)
    network(project, "bisenet-2")
    review(project)
    members = [ValidationMember(image.id, "", n) for n, image in enumerate(project.store.images.all()[:2])]
    project.store.validation.choose(n_wanted=2, seed=0, members=members)
    project.store.validation.lock(project.store.readers.all()[0].id)
    view = show()
    bar = view.bar
    assert bar.chosen_network == "bisenet-2", "the newest"
    assert bar.locked.isChecked()
    bar.network.setCurrentIndex(0)
    QTest.mouseClick(bar.locked, LEFT, pos=QPoint(8, bar.locked.height() // 2))
    ran.result = measured_in(project)
    with qtbot.waitSignal(view._manager.idle):
        QTest.mouseClick(bar.measure, LEFT)
    assert ran == [EvaluateSegmenter("bisenet", against="human", locked_only=False)]


def test_what_is_missing_is_said_with_the_button_for_it(
    qtbot: QtBot, project: Project, show: Show, ran: Ran
) -> None:
    view = show()
    empty = view.empty

    def offered() -> QPushButton:
        button = empty.button
        assert button is not None
        assert button.isVisible()
        return button

    with qtbot.waitSignal(view.training_asked):
        QTest.mouseClick(offered(), LEFT)
    network(project, masks=0)
    view.refresh()
    qtbot.waitUntil(lambda: empty.button is empty.mask_all)
    ran.result = {}
    with qtbot.waitSignal(view._manager.idle):
        QTest.mouseClick(offered(), LEFT)
    assert ran == [Segment("bisenet")]
    network(project, "second")
    view.refresh()
    qtbot.waitUntil(lambda: view.bar.network.count() == 2)
    view.bar.choose("second")
    assert empty.button is empty.review
    with qtbot.waitSignal(view.review_asked):
        QTest.mouseClick(offered(), LEFT)
    review(project)
    view.refresh()
    qtbot.waitUntil(lambda: empty.button is empty.measure)
    ran.result = measured_in(project) | {"model": "second"}
    with qtbot.waitSignal(view._manager.idle):
        QTest.mouseClick(offered(), LEFT)
    qtbot.waitUntil(lambda: view.stack.currentIndex() == 0)


def test_what_a_reader_has_still_to_read_blind_is_not_listed(
    qtbot: QtBot, project: Project, show: Show
) -> None:
    network(project)
    keep(project, EvaluateSegmenter(), measured_in(project))
    members = [ValidationMember(image.id, "", n) for n, image in enumerate(project.store.images.all()[:3])]
    project.store.validation.choose(n_wanted=3, seed=0, members=members)
    reader = project.store.readers.add("AW", ReaderKind.EXPERT)
    view = show()
    view.set_reader(reader.id)
    pictures = view.pictures
    qtbot.waitUntil(lambda: pictures.table.rowCount() == 5)
    listed = {pictures.table.picture(row).image_id for row in range(5)}
    assert not listed & {member.image_id for member in members}
    assert pictures.kept_back.text().startswith("3 pictures are not listed")
    QTest.mouseClick(pictures.show_all, LEFT)
    assert pictures.table.rowCount() == 8
    assert not pictures.strip.isVisible()


def test_the_curve_says_its_thresholds(project: Project, show: Show) -> None:
    network(project)
    keep(project, EvaluateSegmenter(), measured_in(project))
    view = show()
    tips = view.parts.curve.tips
    assert any(tip.startswith("Threshold 0.50: ink found") for tip in tips)
    assert any("ink-free found" in tip for tip in tips)
    groups = view.parts.findChild(QAbstractButton, "showGroups")
    assert groups is not None
    QTest.mouseClick(groups, LEFT)
    assert view.parts.stack.currentIndex() == 1


def test_a_picture_that_is_gone_is_one_sentence(qtbot: QtBot, project: Project, show: Show) -> None:
    network(project)
    keep(project, EvaluateSegmenter(), measured_in(project))
    for image in project.store.images.all():
        project.image_path(image).unlink()
    view = show()
    pair = view.pictures.pair
    qtbot.waitUntil(lambda: ".png" in pair.canvas.accessibleDescription())
    assert pair.canvas.pyramid is None


def test_results_of_an_older_version_are_shown_as_far_as_they_go(project: Project, show: Show) -> None:
    network(project)
    old = {"model": "bisenet", "against": "exact", "figures": [], "pictures": [{"image": "a.png"}]}
    keep(project, EvaluateSegmenter(), old)
    view = show()
    assert "older version" in view.parts.note.text()
    assert view.headline.index(0, 1).data() == "–"
    assert view.pictures.table.rowCount() == 0


def test_a_training_that_was_done_again_is_shown_before_and_after(project: Project, show: Show) -> None:
    network(project)
    network(project, "bisenet-2")
    four = {metric: figure(0.6) for metric in ("dice", "nsd", "sensitivity", "specificity")}
    better = {metric: figure(0.7) for metric in four}
    result = {
        "old": "bisenet",
        "model": "bisenet-2",
        "before": four,
        "after": better,
        "difference": {metric: figure(0.1) for metric in four},
        "reviews_since": 12,
        "pictures": 40,
        "judged_on": "40 pictures of the locked validation set, against people's masks",
        "is_masking": True,
    }
    keep(project, RetrainSegmenter(), result)
    keep(project, EvaluateSegmenter("bisenet-2"), measured_in(project) | {"model": "bisenet-2"})
    view = show()
    button = view.parts.findChild(QAbstractButton, "showBeforeAfter")
    assert button is not None
    QTest.mouseClick(button, LEFT)
    shown = view.parts.before_after
    assert shown.isVisible()
    assert shown.sentence.text() == (
        "bisenet-2 is better than bisenet: Dice +.10 (+.05 to +.15), on 40 pictures of the locked validation "
        "set, against people's masks. 12 pictures reviewed since. bisenet-2 masks the project."
    )
    assert [shown.table.index(0, column).data() for column in range(1, 4)] == [
        ".60 (.55–.65)",
        ".70 (.65–.75)",
        "+.10 (+.05 to +.15)",
    ]
    view.bar.choose("bisenet")
    assert not button.isVisible(), "that network was not trained again"
    nothing = replace(Retrained.from_json(result), judged_on="", reviews_since=1)
    assert nothing.sentence.startswith("1 picture reviewed since. No picture that neither")


def test_the_window_leads_there_and_to_the_review(
    qtbot: QtBot, project: Project, theme: Theme, settings: Settings
) -> None:
    network(project)
    keep(project, EvaluateSegmenter(), measured_in(project))
    project.close()
    room = Workspace(Project.open(project.folder), theme, settings)
    qtbot.addWidget(room)
    room.resize(1280, 720)
    with qtbot.waitExposed(room):
        room.show()
    room.show_page(2)
    page = room.training
    tab = page.findChild(QAbstractButton, "measureTab")
    assert tab is not None
    QTest.mouseClick(tab, LEFT)
    assert page.masks.bar.isVisible()
    qtbot.waitUntil(lambda: page.masks.pictures.table.rowCount() == 8)
    click_row(page.masks.pictures.view, 2, twice=True)
    assert room.pages.currentIndex() == 1
    room.shut_down()
