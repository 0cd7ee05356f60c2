"""The panels of the audit: what they draw is what was found, they say why not, and they find their place."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pyqtgraph as pg
import pytest
from pytestqt.qtbot import QtBot

from app.audit.agreement_plot import AgreementPlot, agreement_words
from app.audit.changes_plot import turned_words
from app.audit.choosers import Choice
from app.audit.figures import Figures, Request, compute
from app.audit.figures_view import FiguresView
from app.audit.fold_plot import FoldPlot
from app.audit.pairs import pairs_of
from app.audit.response_plot import ResponsePlot
from app.audit.scales import Scale
from app.audit.selection import Selection
from app.audit.source import AuditSource
from app.audit.variance_plot import VariancePlot
from app.jobs.manager import JobManager
from app.theme import Theme
from app.widgets.forest_plot import ForestPlot, Mark, Series
from app.widgets.plot import Plot, Point
from gsal.audit import AuditData, AuditResult, Evidence, audit, inter_class_variance
from gsal.audit.answers import Answers
from gsal.audit.within_image import normalised_within
from gsal.project import Project
from gsal.records import MaskSet, SaliencyMethod, Variant

from .test_audit_figures import scatters, table

MODELS = ("biased", "unbiased")
CHOICE = Choice(None, SaliencyMethod.GRAD_CAM, Scale.Z, MaskSet.EXACT)


def answers(data: AuditData, predicted: np.ndarray) -> Answers:
    return Answers(
        model=data.model,
        classes=data.classes,
        image_ids=data.image_ids,
        patient=data.patient,
        true_class=data.true_class,
        probabilities=np.eye(3)[predicted],
        inked=data.inked,
        uninked=data.uninked,
    )


@pytest.fixture(scope="module")
def audited() -> AuditResult:
    """Two models, two methods; without the ink, every tenth answer is SK."""
    biased = table("biased", n=90)
    predicted = np.roll(biased.predicted, 1)
    rng = np.random.default_rng(9)
    unbiased = replace(
        biased,
        model="unbiased",
        predicted=predicted,
        explained=predicted,
        logits=np.eye(3)[predicted] * 2 + rng.normal(0, 0.1, (90, 3)),
        mean=biased.mean * 0.5 + rng.normal(0, 0.5, 90),
    )
    tables = [
        replace(data, method=method, cohort=data.model)
        for data in (biased, unbiased)
        for method in ("grad-cam", "competitive-gradient-input")
    ]
    changed = {}
    for data in (tables[0], tables[2]):
        inked = data.kept(data.inked)
        after = np.where(np.arange(inked.n) % 10 == 0, 2, inked.predicted)
        changed[data.model] = {
            Variant.ORIGINAL: answers(data, data.predicted),
            Variant.INPAINTED: answers(inked, after),
        }
    return audit(Evidence(tables=tuple(tables), answers=changed))


def made(*tables: AuditData, placebo: bool = False, **changes: Any) -> Figures:
    parts = {one.model: (one,) for one in tables}
    placebos = {one.model: (one.kept(one.inked),) for one in tables} if placebo else {}
    asked: dict[str, Any] = {"choice": CHOICE, "group": frozenset(), "draws": 50} | changes
    return compute(Request(parts=parts, placebos=placebos, **asked))


def points(plot: Plot) -> list[Point]:
    return [spot.data() for one in scatters(plot) for spot in one.points()]


def texts(plot: Plot) -> list[str]:
    return [one.toPlainText() for one in plot.getPlotItem().items if isinstance(one, pg.TextItem)]


def test_variances_are_those_of_the_class_means_and_tell_their_tests(
    qtbot: QtBot, theme: Theme, audited: AuditResult
) -> None:
    plot = VariancePlot(theme)
    qtbot.addWidget(plot)
    figures = made(table("biased"), placebo=True)
    tested = {"biased": audited.entries[0].association}
    plot.show_figures(figures.models, models=MODELS, associations=tested)
    expected = inter_class_variance(figures.models[0].classes)
    rows = {(row[0], row[1]): row[2:5] for row in plot.tabulate().rows}
    assert rows["biased", "as it is"][0] == pytest.approx(expected.value)
    value, low, high = np.array(rows["biased", "noise taken off"], dtype=np.float64)
    assert value == pytest.approx(expected.noise_corrected)
    assert low < value < high
    assert len(rows) == 4, "the placebo too"
    tips = [point.tip for point in points(plot)]
    assert sum("P = " in tip or "P < " in tip for tip in tips) == 2
    assert all("40 pictures of" in tip and "bootstrap" in tip for tip in tips)


def test_what_is_undefined_says_why(qtbot: QtBot, theme: Theme) -> None:
    data = table("net")
    alone = data.kept(data.true_class == 0)
    plot = VariancePlot(theme)
    qtbot.addWidget(plot)
    plot.show_figures(made(alone).models, models=("net",), associations={})
    assert any("Fewer than two classes" in text for text in texts(plot))
    forest = ForestPlot(theme, name="forest", tip="", bottom="x", left="class")
    qtbot.addWidget(forest)
    nan = float("nan")
    marks = (Mark(0.5, 0.1, 0.9, 7, "t", "7 pictures"), Mark(nan, nan, nan, 0, "", "no picture of NV"))
    forest.show_series(["MEL", "NV"], [Series("net", "#0072b2", marks)])
    assert [point.tip for point in points(forest)] == ["7 pictures", "no picture of NV"]


def test_pairs_show_points_with_their_tests(qtbot: QtBot, theme: Theme, audited: AuditResult) -> None:
    view = FiguresView(theme, Selection())
    qtbot.addWidget(view)
    figures = made(*(table(model, n=90, seed=seed) for seed, model in enumerate(MODELS)))
    view.show_figures(figures, audited, CHOICE, models=MODELS)
    (answers_pair,), shown = audited.answer_pairs, view.audited
    accuracy = answers_pair.subsets[0].accuracy
    rows = {row[1]: row[2:5] for row in shown.answers.tabulate().rows}
    assert rows["accuracy, all"] == tuple(100 * v for v in (accuracy.estimate, accuracy.low, accuracy.high))
    assert rows["confidence, with ink"][0] == 100 * answers_pair.confidence.shift
    pair = next(p for p in audited.saliency_pairs if (p.method, p.aggregator) == ("grad-cam", "mean"))
    failure = shown.errors.tabulate().rows[0]
    assert failure[2] == pytest.approx(100 * pair.response.failure_auroc.estimate)
    assert [row[2] for row in shown.classes.tabulate().rows] == [
        one.difference.estimate for one in pair.classes
    ]
    assert shown.variance.tabulate().rows[0][2:5] == (
        pair.variance.difference,
        pair.variance.low,
        pair.variance.high,
    )
    assert pair.signed_rank is not None
    assert shown.shift.tabulate().rows[0][2] == pair.signed_rank.shift
    assert all("biased − unbiased" in p.tip for plot in (shown.answers, shown.shift) for p in points(plot))
    assert all(panel.is_wanted for panel in shown.of_pairs)
    assert "McNemar" in points(shown.answers)[0].tip
    assert "Levene" in points(shown.variance)[0].tip


def test_pairs_are_those_of_the_chosen_model_and_have_colours_of_their_own(audited: AuditResult) -> None:
    one = audited.answer_pairs[0]
    three = replace(
        audited, answer_pairs=(one, replace(one, second="c"), replace(one, first="b", second="c"))
    )
    models = (*MODELS, "b", "c")
    assert [p.name for p in pairs_of(three, replace(CHOICE, model="c"), models)] == ["biased − c", "b − c"]
    for choice in (CHOICE, replace(CHOICE, model="c")):
        shown = pairs_of(three, choice, models)
        assert len({p.colour for p in shown}) == len(shown)
    assert pairs_of(None, CHOICE, models) == ()


def test_changed_answers_are_told_by_model(audited: AuditResult, qtbot: QtBot, theme: Theme) -> None:
    view = FiguresView(theme, Selection())
    qtbot.addWidget(view)
    view.show_figures(made(table("biased")), audited, CHOICE, models=MODELS)
    rows = view.audited.changes.tabulate().rows
    change = audited.changes[0].changes[0]
    assert rows[0][:5] == (
        *("biased", "ink painted over"),
        *(100 * v for v in (change.unchanged.estimate, change.unchanged.low, change.unchanged.high)),
    )
    assert "biased SK" in turned_words(audited.changes)
    assert "biased SK" in view.audited.of_changes.caption


def test_a_class_means_the_same_under_mean_and_peak(qtbot: QtBot, theme: Theme, audited: AuditResult) -> None:
    plot, selection = AgreementPlot(theme), Selection()
    qtbot.addWidget(plot)
    plot.picked.connect(selection.toggle_class)
    entries = [e for e in audited.entries if (e.model, e.method) == ("biased", "grad-cam")]
    plot.show_entries(entries, models=MODELS, group=frozenset())
    assert {p.key: (p.x, p.y) for p in points(plot)} == {
        mean.name: (mean.mean, peak.mean)
        for mean, peak in zip(entries[0].classes, entries[1].classes, strict=True)
    }
    (spots,) = [one for one in scatters(plot) if len(one.points())]
    spots.sigClicked.emit(spots, spots.points()[:1], None)
    assert selection.classes == {spots.points()[0].data().key}


@pytest.mark.parametrize(
    ("tau", "words"),
    [(1.0, "as good as the same"), (0.6, "a similar"), (0.0, "no common"), (-0.7, "rather the opposite")],
)
def test_agreement_is_said_in_words(audited: AuditResult, tau: float, words: str) -> None:
    assert words in agreement_words(replace(audited.entries[0], agreement=tau))
    assert "no order" in agreement_words(replace(audited.entries[0], agreement=float("nan")))


def test_methods_are_compared_where_there_are_two(qtbot: QtBot, theme: Theme, audited: AuditResult) -> None:
    view = FiguresView(theme, Selection())
    qtbot.addWidget(view)
    figures = made(table("biased"))
    view.show_figures(figures, audited, CHOICE, models=MODELS)
    shown = view.audited
    entry = audited.entries[0]
    first = shown.method_errors.tabulate().rows[0]
    assert first[:3] == ("biased", "Grad-CAM", entry.response.aurrac_normalised)
    orders = shown.method_order.tabulate().rows
    assert [row[2] for row in orders] == pytest.approx([1.0, 1.0]), "the same pictures under both here"
    alone = replace(audited, entries=tuple(e for e in audited.entries if e.method == "grad-cam"))
    view.show_figures(figures, alone, CHOICE, models=MODELS)
    assert not shown.of_method_errors.is_wanted
    assert not shown.of_method_order.is_wanted


def folds(count: int) -> Sequence[AuditData]:
    return [replace(table(f"net-fold{fold}", seed=fold), fold=fold) for fold in range(count)]


def test_folds_of_a_cross_validation_have_their_mean_and_band(qtbot: QtBot, theme: Theme) -> None:
    plot = FoldPlot(theme)
    qtbot.addWidget(plot)
    figures = made(*folds(3))
    assert list(figures.folds) == ["net"]
    plot.show_folds(figures.folds)
    rows = plot.tabulate().rows
    assert {row[1] for row in rows} == {"mean", 0, 1, 2}
    assert [one for one in plot.getPlotItem().items if isinstance(one, pg.FillBetweenItem)]
    assert all("3 folds, 120 pictures" in point.tip for point in points(plot))
    of_group = made(*folds(3), group=frozenset({"MEL"})).folds["net"]
    assert of_group.n < figures.folds["net"].n
    assert not made(*folds(1)).folds, "one fold is no cross-validation"


def test_folds_without_ink_say_so(qtbot: QtBot, theme: Theme) -> None:
    plot = FoldPlot(theme)
    qtbot.addWidget(plot)
    bare = [replace(one, inked=np.zeros(one.n, np.bool_)) for one in folds(2)]
    plot.show_folds(made(*bare).folds)
    assert texts(plot) == ["net: no fold has pictures"]


def test_a_group_and_the_rest_have_placebos_of_their_own(qtbot: QtBot, theme: Theme) -> None:
    plot = ResponsePlot(theme)
    qtbot.addWidget(plot)
    figures = made(table("net"), placebo=True, group=frozenset({"NV"}))
    plot.show_figures(figures.models, models=("net",))
    names = [text.split("\n")[0] for text in texts(plot)]
    assert names == ["NV", "the rest", "NV, ink painted over", "the rest, ink painted over"]
    assert {row[2] for row in plot.tabulate().rows} == {*names, "all", "ink painted over"}


def test_within_the_picture_is_a_scale_of_its_own() -> None:
    data = replace(table("net"), map_sum=3.2 * np.arange(60.0), map_sum_sq=np.full(60, 3000.0))
    (found,) = made(data, choice=replace(CHOICE, scale=Scale.WITHIN)).models
    expected = normalised_within(data)
    assert found.saliency == pytest.approx(np.where(data.inked, expected.mean, np.nan), nan_ok=True)
    rows = data.inked & (data.true_class == 0)
    assert found.classes[0].mean == pytest.approx(np.nanmean(expected.mean[rows]))


def test_groups_without_anything_say_what_to_compute_and_links_lead_to_all(
    qtbot: QtBot, theme: Theme, audited: AuditResult
) -> None:
    view = FiguresView(theme, Selection())
    qtbot.addWidget(view)
    view.resize(1280, 500)
    view.show()
    figures = made(table("biased"))
    view.show_figures(figures, None, CHOICE, models=MODELS)
    compared = next(block for block in view.grid.blocks if block.group.link == "Models compared")
    assert not any(panel.isVisible() for panel in compared.group.panels)
    assert compared._missing.isVisible()
    view.show_figures(figures, audited, CHOICE, models=MODELS)
    assert all(panel.isVisible() for panel in compared.group.panels)
    assert not compared._missing.isVisible()
    for number, block in enumerate(view.grid.blocks):
        view.links.button(number).click()
        assert view.links.checkedId() == number
        top = block.mapTo(view.grid.viewport(), block.rect().topLeft()).y()
        bar = view.grid.verticalScrollBar()
        assert top == 0 or bar.value() == bar.maximum()
    view.grid.verticalScrollBar().setValue(0)
    assert view.links.checkedId() == 0


def test_figures_are_computed_while_somebody_looks(
    qtbot: QtBot, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    manager = JobManager(lambda job, ctx: {"job": job, "ctx": ctx})
    source = AuditSource(project, manager, CHOICE, manager)
    monkeypatch.setattr(source.reading, "submit", lambda *submitted: asked.append(submitted[0]))
    source.recompute()
    qtbot.wait(150)
    assert asked == []
    assert source.is_pending
    source.watch(True)
    qtbot.waitUntil(partial(asked.__contains__, "figures"))
    source.reading.shut_down()
