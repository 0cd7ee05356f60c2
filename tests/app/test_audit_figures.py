"""The figures of the audit: rows that stand out, a group against the rest, pictures that can be opened."""

from dataclasses import replace
from functools import partial

import numpy as np
import pyqtgraph as pg
import pytest
from pytestqt.qtbot import QtBot

from app.audit.choosers import Choice
from app.audit.figure_grid import FigureGrid, PanelGroup
from app.audit.figures import ModelFigures, Request, compute
from app.audit.global_saliency_plot import GlobalSaliencyPlot
from app.audit.panel import Panel
from app.audit.picture_plot import PicturePlot
from app.audit.response_plot import ResponsePlot
from app.audit.scales import Scale
from app.audit.selection import Selection
from app.theme import Theme
from app.widgets.forest_plot import ForestPlot, Mark, Series
from app.widgets.plot import Plot
from gsal.audit import AuditData, aurrac
from gsal.records import MaskSet, SaliencyMethod

CLASSES = ("MEL", "NV", "SK")
CHOICE = Choice(None, SaliencyMethod.GRAD_CAM, Scale.Z, MaskSet.EXACT)


def table(model: str = "net", n: int = 60, seed: int = 0) -> AuditData:
    """Return pictures of which two thirds have ink; wrong answers carry more of it."""
    rng = np.random.default_rng(seed)
    true_class = rng.integers(0, 3, n)
    wrong = rng.random(n) < 0.4
    predicted = np.where(wrong, (true_class + 1) % 3, true_class)
    inked = np.arange(n) % 3 > 0
    mean = np.where(inked, rng.normal(wrong * 1.0, 1), np.nan)
    return AuditData(
        model=model,
        seed=seed,
        cohort="",
        method="grad-cam",
        mask_set="exact",
        classes=CLASSES,
        images=tuple(f"{i}.png" for i in range(n)),
        image_ids=np.arange(1, n + 1),
        patient=np.array([f"p{i // 2}" for i in range(n)]),
        true_class=true_class,
        predicted=predicted,
        explained=predicted,
        logits=np.eye(3)[predicted] * 3 + rng.normal(0, 0.1, (n, 3)),
        inked=inked,
        ink_px=np.where(inked, 50.0, 0.0),
        mask_area=np.where(inked, 50.0, 0.0),
        mean=mean,
        peak=np.where(inked, rng.random(n), np.nan),
        map_sum=np.zeros(n),
        map_sum_sq=np.full(n, 64.0),
        map_pixels=np.full(n, 64),
    )


def figures(*tables: AuditData, group: frozenset[str] = frozenset()) -> list[ModelFigures]:
    parts = {one.model: (one,) for one in tables}
    return list(compute(Request(CHOICE, parts, {}, group, draws=20)).models)


def scatters(plot: pg.PlotWidget) -> list[pg.ScatterPlotItem]:
    return [one for one in plot.getPlotItem().items if isinstance(one, pg.ScatterPlotItem)]


def test_a_group_and_the_rest_have_lines_of_their_own() -> None:
    data = table()
    (found,) = figures(data, group=frozenset({"MEL", "SK"}))
    lines = found.reading.lines
    assert [line.name for line in lines] == ["", "MEL+SK", "the rest"]
    assert lines[1].curve.n + lines[2].curve.n == lines[0].curve.n
    rows = data.inked & (data.true_class != 1)
    assert lines[1].response.aurrac == aurrac(data.mean[rows], data.correct[rows])
    whole = figures(data, group=frozenset(CLASSES))[0].reading
    assert [line.name for line in whole.lines] == [""], "no rest"


def test_what_is_shown_as_it_is_is_m_itself() -> None:
    data = table()
    parts = {"net": (data,)}
    (raw,) = compute(Request(replace(CHOICE, scale=Scale.RAW), parts, {}, frozenset(), draws=20)).models
    assert np.array_equal(raw.saliency, np.where(data.inked, data.mean, np.nan), equal_nan=True)
    rows = data.inked & (data.true_class == 0)
    assert raw.classes[0].mean == pytest.approx(data.mean[rows].mean())
    (z,) = figures(data)
    assert z.classes[0].mean == pytest.approx(data.mean[rows].mean()), "the pool here has mean 0 and sd 1"


def test_the_placebo_stands_on_the_scale_of_the_pictures_as_they_are() -> None:
    data = replace(table(), map_sum=np.full(60, 6.4), map_sum_sq=np.full(60, 256.0))
    placebo = replace(data.kept(data.inked), map_sum_sq=np.full(int(data.inked.sum()), 6400.0))
    request = Request(CHOICE, {"net": (data,)}, {"net": (placebo,)}, frozenset(), draws=20)
    (found,) = compute(request).models
    assert found.placebo is not None
    assert [one.mean for one in found.placebo.classes] == pytest.approx([one.mean for one in found.classes])
    assert found.placebo.variance.value == pytest.approx(found.reading.variance.value)
    assert found.placebo.lines[0].curve.n == int(data.inked.sum())


def test_the_group_takes_the_place_of_all(qtbot: QtBot, theme: Theme) -> None:
    plot = ResponsePlot(theme)
    qtbot.addWidget(plot)
    shown = figures(table(), group=frozenset({"NV"}))
    plot.show_figures(shown, models=["net"])
    texts = [one.toPlainText() for one in plot.getPlotItem().items if isinstance(one, pg.TextItem)]
    assert [text.split("\n")[1] for text in texts] == ["NV", "the rest"]
    assert {row[2] for row in plot.tabulate().rows} == {"all", "NV", "the rest"}


def test_a_click_on_a_class_tells_its_name_and_others_fade(qtbot: QtBot, theme: Theme) -> None:
    plot, selection = GlobalSaliencyPlot(theme), Selection()
    qtbot.addWidget(plot)
    plot.picked.connect(selection.toggle_class)
    shown = figures(table())
    plot.show_figures(shown, models=["net"], scale=Scale.Z)
    (points,) = [one for one in scatters(plot) if len(one.points())]
    points.sigClicked.emit(points, points.points()[1:2], None)
    assert selection.classes == {"NV"}
    plot.show_figures(shown, models=["net"], scale=Scale.Z, group=selection.classes)
    alphas = {
        point.data().key: point.brush().color().alpha() for one in scatters(plot) for point in one.points()
    }
    assert alphas["NV"] == 255
    assert alphas["MEL"] == alphas["SK"] < 100
    selection.toggle_class("NV")
    assert not selection.classes


def test_every_picture_with_ink_can_be_opened(qtbot: QtBot, theme: Theme) -> None:
    data = table()
    plot, selection = PicturePlot(theme), Selection()
    qtbot.addWidget(plot)
    plot.picked.connect(selection.select_picture)
    shown = figures(data)
    show = partial(plot.show_figures, shown, models=["net"], scale=Scale.Z)
    show(group=frozenset(), image_id=None)
    keys = {point.data().key for one in scatters(plot) for point in one.points()}
    assert keys == set(data.image_ids[data.inked].tolist())
    with qtbot.waitSignal(selection.picture_opened) as opened:
        points = scatters(plot)[0]
        points.sigClicked.emit(points, points.points()[:1], None)
    assert opened.args == [points.points()[0].data().key]
    show(group=frozenset({"SK"}), image_id=opened.args[0])
    rows = plot.tabulate().rows
    assert len(rows) == int(data.inked.sum()), "the table has all"
    of_group = [p for one in scatters(plot) for p in one.points() if p.data() is not None]
    assert len(of_group) == int((data.inked & (data.true_class == 2)).sum())


def test_many_pictures_are_thinned_over_the_whole_range(qtbot: QtBot, theme: Theme) -> None:
    plot = PicturePlot(theme)
    qtbot.addWidget(plot)
    (shown,) = figures(table(n=15_000))
    plot.show_figures([shown], models=["net"], scale=Scale.Z, group=frozenset(), image_id=None)
    x = np.concatenate([one.getData()[0] for one in scatters(plot)])
    assert len(x) == 4000
    assert x.min() == np.nanmin(shown.saliency)
    assert x.max() == np.nanmax(shown.saliency)


@pytest.mark.parametrize("classes", [2, 20])
def test_rows_of_a_forest_fit_their_height(qtbot: QtBot, theme: Theme, classes: int) -> None:
    plot = ForestPlot(theme, name="forest", tip="", bottom="x", left="class")
    qtbot.addWidget(plot)
    mark = Mark(0.5, 0.2, 0.8, 7, "t interval", "tip")
    rows = [f"squamous cell carcinoma number {i}" for i in range(classes)]
    plot.show_series(rows, [Series("a", "#0072b2", (mark,) * classes)])
    alone = plot.height_px
    plot.show_series(rows, [Series(name, "#0072b2", (mark,) * classes) for name in "abc"])
    assert plot.height_px > alone > 17 * classes
    ticks = plot.getAxis("left")._tickLevels[0]
    assert len(ticks) == classes
    assert all(len(text) < 40 for _, text in ticks)
    assert len(plot.tabulate().rows) == 3 * classes


def test_without_an_interval_only_the_mark_is_drawn(qtbot: QtBot, theme: Theme) -> None:
    plot = ForestPlot(theme, name="forest", tip="", bottom="x", left="class")
    qtbot.addWidget(plot)
    nan = float("nan")
    marks = (Mark(0.5, nan, nan, 1, "", ""), Mark(nan, nan, nan, 0, "", ""))
    plot.show_series(["MEL", "NV"], [Series("a", "#0072b2", marks)])
    assert sum(len(one.points()) for one in scatters(plot)) == 1
    assert not [one for one in plot.getPlotItem().items if isinstance(one, pg.ErrorBarItem)]


def has_columns(grid: FigureGrid, columns: int) -> bool:
    return grid.blocks[0].columns == columns


def test_panels_stand_side_by_side_where_there_is_room(qtbot: QtBot, theme: Theme) -> None:
    panels = tuple(Panel(str(i), Plot(theme, name=f"p{i}", tip="", bottom="", left="")) for i in range(4))
    grid = FigureGrid([PanelGroup("All", "All", panels)], theme)
    qtbot.addWidget(grid)
    for width, columns in ((700, 1), (1264, 2), (1900, 2), (2500, 4)):
        grid.resize(width, 500)
        grid.show()
        qtbot.waitUntil(partial(has_columns, grid, columns))


def test_tables_without_ink_have_empty_figures(qtbot: QtBot, theme: Theme) -> None:
    data = table(n=6)
    bare = replace(data, inked=np.zeros(6, np.bool_), mean=np.full(6, np.nan), peak=np.full(6, np.nan))
    shown = figures(bare)
    classes, response = GlobalSaliencyPlot(theme), ResponsePlot(theme)
    for plot in (classes, response):
        qtbot.addWidget(plot)
    classes.show_figures(shown, models=["net"], scale=Scale.Z)
    response.show_figures(shown, models=["net"])
    assert not [one for plot in (classes, response) for one in scatters(plot) if len(one.points())]
    assert shown[0].curve.n == 0
