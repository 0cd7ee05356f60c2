"""Saliency methods side by side in the window: table, effect of ink, sanity curves, and what is missing."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.audit.room import AuditRoom
from app.audit.saliency_dialog import SaliencyDialog
from app.jobs.manager import JobManager
from app.jobs.task import Task
from app.methods.sanity_dialog import SanityDialog
from app.methods.sanity_plot import SanityPlot
from app.methods.table import MethodTable, SortedMethods
from app.methods.view import MethodsView
from app.theme import Theme
from gsal.audit import plain
from gsal.jobs.audits.counterfactual import MeasureInkEffect
from gsal.jobs.audits.method_words import COLUMNS, Cell
from gsal.jobs.audits.pairs import COUNTERFACTUALS
from gsal.jobs.job import Job
from gsal.jobs.predictions.plan import plan_variant
from gsal.jobs.saliency.compute import ComputeSaliency
from gsal.jobs.saliency.sanity import CheckSanity
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import (
    JobStatus,
    MaskSet,
    PredictionRow,
    SaliencyMethod,
    SaliencyRow,
    SaliencyRunSettings,
    Side,
    Variant,
)
from gsal.saliency.sanity import Estimate, MethodSanity, Outcome, StageSimilarity
from tests.app.test_answers import classifier

LEFT = Qt.MouseButton.LeftButton
METHODS = 3
"""Its tab in the audit."""
SIZE = 64


def fill(project: Project) -> None:
    """A network with answers to all pictures, with and without their ink, and with Grad-CAM of them."""
    classifier(project, "net")
    images = project.store.images.all()
    sides = {image.id: Side.VALIDATION for image in images}
    project.store.images.assign_sides(sides, split={"share": 1.0}, before=None)
    model = project.store.models.get("net")
    rng = np.random.default_rng(0)
    rows = [PredictionRow(image.id, rng.normal(size=2)) for image in images]
    project.store.predictions.add(model.id, rows, variant=Variant.ORIGINAL)
    masks = project.store.masks.best(None, MaskSet.RULE)
    run = project.store.saliency.run(
        SaliencyRunSettings(
            model_id=model.id,
            method=SaliencyMethod.GRAD_CAM,
            preset="",
            layer="features",
            precision="float32",
            input_size=SIZE,
            variant=Variant.ORIGINAL,
            mask_set=MaskSet.RULE,
        )
    )
    project.store.saliency.add(
        run.id,
        [
            SaliencyRow(image_id, mask.ink_px, 20.0, SIZE**2, mask.sha256, rng.normal(size=(2, 5)))
            for image_id, mask in sorted(masks.items())
        ],
    )


def measure(project: Project) -> None:
    """Answers to every counterfactual."""
    model, rng = project.store.models.get("net"), np.random.default_rng(1)
    for variant in COUNTERFACTUALS:
        plan = plan_variant(project, model, variant, JobContext(), mask_set=MaskSet.RULE)
        rows = [PredictionRow(one.image.id, rng.normal(size=2), one.basis) for one in plan.waiting]
        project.store.predictions.add(model.id, rows, variant=variant, mask_set=MaskSet.RULE)


def check(project: Project) -> None:
    """A sanity check in which Grad-CAM passes and edges fail."""

    def sanity(method: SaliencyMethod, outcome: Outcome, last: float) -> dict[str, Any]:
        stages = []
        for name, value in (("as trained", 1.0), ("classifier", (1 + last) / 2), ("features", last)):
            one = Estimate(value, value - 0.1, value + 0.1, 8)
            other = Estimate(value / 2, value / 2 - 0.1, value / 2 + 0.1, 8)
            stages.append(StageSimilarity(name, one, other, other))
        found: dict[str, Any] = plain.encode(MethodSanity(method, "", "", tuple(stages), outcome, 8, 3))
        return found

    methods = [
        sanity(SaliencyMethod.GRAD_CAM, Outcome.PASSES, 0.1),
        sanity(SaliencyMethod.SOBEL, Outcome.FAILS, 1.0),
    ]
    number = project.store.jobs.start(CheckSanity.kind, {})
    result = {"models": [{"name": "net", "methods": methods}]}
    project.store.jobs.finish(number, JobStatus.DONE, result=result)


@pytest.fixture
def ran() -> list[Job]:
    return []


@pytest.fixture
def view(qtbot: QtBot, project: Project, theme: Theme, ran: list[Job]) -> Iterator[MethodsView]:
    def run(job: Job, ctx: JobContext) -> dict[str, Any]:
        ran.append(job)
        list(ctx.track(range(3), job.title))
        return {}

    manager = JobManager(run)
    made = MethodsView(project, manager, theme)
    qtbot.addWidget(made)
    made.resize(1280, 640)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    manager.shut_down()
    made.shut_down()


def read(qtbot: QtBot, view: MethodsView) -> None:
    """Read the project again, as after a job."""
    with qtbot.waitSignal(view.reading.done):
        view.refresh()


def texts(view: MethodsView, title: str) -> list[str]:
    column = [one.title for one in COLUMNS].index(title)
    return [view.sorted.index(row, column).data() for row in range(view.sorted.rowCount())]


def press(qtbot: QtBot, view: MethodsView, name: str) -> None:
    button = view.findChild(QPushButton, name)
    assert button is not None
    assert button.accessibleName()
    with qtbot.waitSignal(view._manager.idle):
        QTest.mouseClick(button, LEFT)


def test_without_a_classifier_or_a_split_it_says_what_to_do(
    qtbot: QtBot, view: MethodsView, project: Project
) -> None:
    read(qtbot, view)
    assert view.stack.currentIndex() == 3
    assert not view.bar.effect.isEnabled()
    classifier(project, "net")
    read(qtbot, view)
    assert view.stack.currentWidget() is view.problem
    assert view.bar.effect.isEnabled()


def test_what_is_missing_is_asked_for_where_it_would_stand(
    qtbot: QtBot, view: MethodsView, project: Project, ran: list[Job]
) -> None:
    fill(project)
    read(qtbot, view)
    assert view.bar.mask_set.currentData() == "rule", "that of the last saliency"
    assert texts(view, "Method")[:2] == ["Grad-CAM", "Competitive gradient × input"]
    assert texts(view, "Gap")[1:] == ["not computed"] * 9
    assert texts(view, "Faithful (m)")[0] == "not measured"
    assert view.effects.currentIndex() == view.sanity.currentIndex() == 1, "empty, with a button"
    press(qtbot, view, "measureFirst")
    button = view.findChild(QPushButton, "checkFirst")
    assert button is not None
    QTest.mouseClick(button, LEFT)
    (dialog,) = view.findChildren(SanityDialog)
    assert dialog.job().methods == ("grad-cam",), "by which there is saliency"
    with qtbot.waitSignal(view._manager.idle):
        QTest.mouseClick(dialog.start, LEFT)
    with qtbot.waitSignal(view.saliency_asked) as asked:
        QTest.mouseClick(view.bar.methods, LEFT)
    others = tuple(method for method in SaliencyMethod if method is not SaliencyMethod.GRAD_CAM)
    assert asked.args == ["net", others, "rule"]
    assert ran == [MeasureInkEffect(("net",), "rule"), CheckSanity(("net",), ("grad-cam",))], (
        "what takes long is asked first"
    )


def test_figures_fill_the_table_and_both_panels(qtbot: QtBot, view: MethodsView, project: Project) -> None:
    fill(project)
    measure(project)
    check(project)
    read(qtbot, view)
    assert "[" in texts(view, "Faithful (m)")[0]
    assert texts(view, "Sanity")[0] == "passes"
    assert texts(view, "Sanity")[-1] == "fails"
    assert view.effects.currentIndex() == view.sanity.currentIndex() == 0
    assert "get another answer" in view.effects.words.text()
    assert "Ink pasted in" in view.effects.words.text()
    assert "Grad-CAM: passes." in view.sanity.words.text()
    names = [label for _, label in view.sanity.plot.getAxis("bottom")._tickLevels[0]]
    assert names == ["as trained", "classifier", "features"]
    assert view.compared is not None
    assert view.compared.methods is not None
    first = view.compared.methods.entries[0].sanity
    assert first is not None
    assert [stage.decisive.mean for stage in first.stages] == [1.0, 0.55, 0.1]


def test_a_check_tells_its_cost_and_what_is_refused(qtbot: QtBot) -> None:
    gradient, sobel, occlusion = SaliencyMethod.GRADIENT, SaliencyMethod.SOBEL, SaliencyMethod.OCCLUSION
    dialog = SanityDialog("net", classes=2, methods=[gradient, sobel], refused={sobel: "It is a program."})
    qtbot.addWidget(dialog)
    assert not dialog.methods[sobel].isEnabled()
    assert dialog.job() == CheckSanity(("net",), ("gradient",))
    assert "4 passes × 16 pictures × 3 draws = 192 forward passes for each stage" in (dialog.together.text())
    dialog.methods[gradient].setChecked(False)
    assert not dialog.start.isEnabled()
    dialog.methods[occlusion].setChecked(True)
    dialog.pictures.setValue(2)
    dialog.draws.setValue(1)
    assert "227 passes × 2 pictures × 1 draw = 454" in dialog.together.text()
    assert dialog.job() == CheckSanity(("net",), ("occlusion",), pictures=2, draws=1)


def test_it_is_read_again_when_shown_and_when_masks_change(
    qtbot: QtBot, view: MethodsView, project: Project
) -> None:
    fill(project)
    measure(project)
    read(qtbot, view)
    view.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    row = next(row for row in range(view.sorted.rowCount()) if view.sorted.index(row, 0).data() == "Grad-CAM")
    view.view.setCurrentIndex(view.sorted.index(row, 3))
    said = view.said.text()
    assert said.startswith("Grad-CAM, Faithful (m): ")
    view.hide()
    with qtbot.waitSignal(view.reading.done):
        view.show()
    assert view.view.currentIndex().siblingAtColumn(0).data() == "Grad-CAM"
    assert (view.view.currentIndex().column(), view.said.text()) == (3, said)
    for kind in ("import masks", "propose", "segment"):
        task = Task(type("Masks", (), {"kind": kind})())
        with qtbot.waitSignal(view.reading.done):
            view._manager.ended.emit(task)


def test_every_class_is_named_with_its_pictures(qtbot: QtBot, view: MethodsView, project: Project) -> None:
    fill(project)
    measure(project)
    read(qtbot, view)
    for plot in (view.effects.flips, view.effects.changes):
        rows = plot.getAxis("left")._tickLevels[0]
        assert [name.split()[0] for _, name in rows] == ["all", *project.classes]
        assert all(name.count(" / ") in {0, 2} for _, name in rows)
        assert plot.height() == plot.height_px


def test_the_first_stage_has_room_for_its_name(qtbot: QtBot, theme: Theme) -> None:
    plot = SanityPlot(theme)
    qtbot.addWidget(plot)
    for scale, width in ((1.0, 900), (1.6, 1200)):
        theme.scale_font(scale)
        plot.resize(width, round(280 * scale))
        for stages in (2, 9, 30):
            one = Estimate(0.5, 0.4, 0.6, 8)
            named = [StageSimilarity(f"features.block{n}", one, one, one) for n in range(stages)]
            first = StageSimilarity("as trained", one, one, one)
            check = MethodSanity(SaliencyMethod.GRADIENT, "", "", (first, *named), Outcome.FAILS, 8, 3)
            plot.show_checks([check], bound=0.5)
            (low, high), _ = plot.getViewBox().viewRange()
            half = plot.fontMetrics().horizontalAdvance("as trained") / 2
            assert -low / (high - low) * (width - 60 * scale) > half
    theme.scale_font(1.0)


def test_the_keyboard_reads_cells_in_words(qtbot: QtBot, view: MethodsView, project: Project) -> None:
    fill(project)
    measure(project)
    read(qtbot, view)
    view.setFocus()
    assert view.view.hasFocus(), "its table has the keys"
    view.view.setCurrentIndex(view.sorted.index(0, 0))
    for _ in range(3):
        QTest.keyClick(view.view, Qt.Key.Key_Right)
    assert view.said.text().startswith("Grad-CAM, Faithful (m): ")
    assert "inked pictures" in view.said.text()
    QTest.keyClick(view.view, Qt.Key.Key_Down)
    assert "gsal saliency --method competitive-gradient-input" in view.said.text()


def test_columns_sort_by_figures_and_those_without_come_last() -> None:
    table, rows = MethodTable(), [(Cell("b", order=2.0),), (Cell("–"),), (Cell("a", order=-1.0),)]
    table.show_rows(COLUMNS[:1], rows)
    ordered = SortedMethods()
    ordered.setSourceModel(table)
    for order, expected in (
        (Qt.SortOrder.AscendingOrder, ["a", "b", "–"]),
        (Qt.SortOrder.DescendingOrder, ["b", "a", "–"]),
    ):
        ordered.sort(0, order)
        assert [ordered.index(row, 0).data() for row in range(3)] == expected
    assert math.isnan(rows[1][0].order)


def test_it_is_a_tab_of_the_audit(qtbot: QtBot, project: Project, theme: Theme) -> None:
    fill(project)
    ran: list[Job] = []

    def keep(job: Job, *_: object) -> dict[str, Any]:
        ran.append(job)
        return {}

    manager = JobManager(keep)
    room = AuditRoom(project, manager, theme)
    qtbot.addWidget(room)
    room.show()
    QTest.mouseClick(room.tabs.button(METHODS), LEFT)
    assert room.pages.currentWidget() is room.methods
    qtbot.waitUntil(lambda: room.methods.table.rowCount() == len(SaliencyMethod))
    qtbot.waitUntil(room.methods.bar.methods.isEnabled)
    QTest.mouseClick(room.methods.bar.methods, LEFT)
    (dialog,) = room.findChildren(SaliencyDialog)
    others = tuple(method for method in SaliencyMethod if method is not SaliencyMethod.GRAD_CAM)
    assert dialog.form.job().methods == others
    assert not ran
    QTest.mouseClick(dialog.start, LEFT)
    expected = ComputeSaliency(("net",), others, ("rule",), ("ink-inpainted",))
    qtbot.waitUntil(lambda: ran == [expected])
    room.shut_down()
    manager.shut_down()
