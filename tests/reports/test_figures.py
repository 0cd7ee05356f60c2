"""Figures: deterministic, without global state, showing intervals, zero lines, n and names."""

import itertools
import subprocess
import sys
from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from gsal.audit.names import number_text
from gsal.reports import figures
from gsal.reports.content import ReportContent
from gsal.reports.figures.drawing import shortened, spread

PALETTE = figures.colours(["biased", "unbiased", "outside"])


def texts(figure: Figure) -> list[str]:
    figure.canvas.draw()
    return [item.get_text() for item in figure.findobj(mpl.text.Text)]


def test_same_figure_same_bytes_and_settings_restored(content: ReportContent) -> None:
    before = dict(mpl.rcParams)
    entries = [entry for entry in content.audit.entries if entry.method == "grad-cam"]
    first, second = (figures.svg(figures.response_rate(entries, PALETTE)) for _ in range(2))
    assert first == second
    assert "<dc:date>" not in first
    assert dict(mpl.rcParams) == before


def test_pyplot_and_torch_are_not_imported() -> None:
    unwanted = {"matplotlib.pyplot", "torch", "sqlalchemy"}
    code = f"import sys, gsal.reports.html; print({unwanted} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_global_saliency_draws_each_interval_zero_and_n(content: ReportContent) -> None:
    entries = [entry for entry in content.audit.entries if entry.method == "grad-cam"]
    (figure,) = figures.global_saliency(entries, PALETTE)
    for axes, aggregator in zip(figure.axes, ("mean", "peak"), strict=True):
        shown = [entry for entry in entries if entry.aggregator == aggregator]
        bars = [segment for item in axes.findobj(LineCollection) for segment in item.get_segments()]
        drawn = {(round(x0, 9), round(x1, 9)) for (x0, _), (x1, _) in bars}
        assert drawn == {
            (round(item.low, 9), round(item.high, 9)) for entry in shown for item in entry.classes
        }
        assert any(np.array_equal(line.get_xdata(), [0, 0]) for line in axes.lines)
    words = texts(figure)
    for item in entries[0].classes:
        assert item.name in words
        assert f"n {item.n} *" in words
    assert {"● biased", "● unbiased"} <= set(words)


def test_response_rate_labels_each_curve(content: ReportContent) -> None:
    entries = [entry for entry in content.audit.entries if entry.method == "grad-cam"]
    words = " ".join(texts(figures.response_rate(entries, PALETTE)))
    for entry in entries:
        assert f"AURRAC {number_text(entry.response.aurrac)} (" in words
        assert f"oracle {number_text(entry.response.oracle)}" in words


def marks(figure: Figure) -> set[tuple[float, float]]:
    bars = [segment for item in figure.findobj(LineCollection) for segment in item.get_segments()]
    return {(round(ends[0][0], 9), round(ends[1][0], 9)) for ends in bars if len(ends) == 2}


def test_a_forest_draws_each_interval_on_its_scale() -> None:
    nan = float("nan")
    series = (
        figures.ForestSeries(
            "biased", (figures.ForestMark(1.0, 0.5, 1.5), figures.ForestMark(nan, nan, nan))
        ),
        figures.ForestSeries("biased", (figures.ForestMark(2.0, 1.75, 2.25),) * 2, is_hollow=True),
    )
    rows = (("a row with a very long name indeed", "n 7"), ("other", ""))
    panels = [
        figures.ForestPanel("One", "points", rows, series),
        figures.ForestPanel("Two", "m", rows, series[1:], has_zero=False),
    ]
    figure = figures.forest(panels, PALETTE)
    assert {(0.5, 1.5), (1.75, 2.25)} <= marks(figure)
    assert {"● biased", "n 7", "points", "One", "Two"} <= set(texts(figure))
    assert figure.axes[0].get_xlim()[0] < 0 < figure.axes[1].get_xlim()[0]
    assert within(figure)


def test_agreement_draws_each_class_and_says_tau(content: ReportContent) -> None:
    entries = [entry for entry in content.audit.entries if entry.method == "grad-cam"]
    pairs = [(entries[0], entries[1]), (entries[2], entries[3])]
    figure = figures.agreement(pairs, PALETTE)
    words = texts(figure)
    for axes, (mean, peak) in zip(figure.axes, pairs, strict=True):
        x, y = axes.lines[0].get_data()
        assert np.asarray(x).tolist() == [one.mean for one in mean.classes]
        assert np.asarray(y).tolist() == [one.mean for one in peak.classes]
        assert f"{mean.model}\nτ {number_text(mean.agreement)}" in words


def test_figures_of_undefined_figures(undefined: ReportContent) -> None:
    entries = undefined.audit.entries
    assert "no inked pictures" in texts(figures.response_rate(entries, PALETTE))
    assert "n 0 *" in texts(figures.global_saliency(entries, PALETTE)[0])


def test_training_and_co_occurrence(content: ReportContent) -> None:
    words = texts(figures.training_curves(content.models, PALETTE))
    assert {"Loss", "Accuracy", "● biased"} <= set(words)
    bars = figures.co_occurrence(content.cohorts, PALETTE)
    words = texts(bars)
    assert {"95", "20", "30", "–", "n 31", "n 0"} <= set(words)
    heights = [patch.get_bbox().height for patch in bars.axes[0].findobj(Rectangle)]
    assert heights[:3] == pytest.approx([0.95, 0.2, 0.0])
    single = replace(content.models[0], curves={"loss/training": ((1.0, 0.5),)})
    assert "Loss" in texts(figures.training_curves([single], PALETTE))


def test_a_curve_of_one_class_is_not_drawn_among_those_of_models(content: ReportContent) -> None:
    points = ((1.0, 0.5), (2.0, 0.6))
    curves = {"auroc/validation": points, "auroc/MEL": points, "auroc/NV": points, "other/MEL": points}
    (axes,) = figures.training_curves([replace(content.models[0], curves=curves)], PALETTE).axes
    assert len(axes.lines) == 1
    assert axes.get_title(loc="left").startswith("AUROC")


def test_one_colour_per_name_in_order() -> None:
    palette = figures.colours(["a", "b", "a", "c"])
    assert list(palette) == ["a", "b", "c"]
    assert len(set(palette.values())) == 3
    assert len(figures.colours([str(number) for number in range(20)])) == 20


@pytest.mark.parametrize("positions", [[0.5], [0.5, 0.5, 0.5], [0.0, 0.99, 1.0], []])
def test_labels_keep_their_distance_and_order(positions: list[float]) -> None:
    placed = spread(positions, gap=0.2, low=0.0, high=1.0)
    ordered = [place for _, place in sorted(zip(positions, placed, strict=True))]
    assert all(after - before >= 0.2 - 1e-12 for before, after in itertools.pairwise(ordered))
    assert all(0 <= place <= 1 for place in placed)


def test_names_in_scripts_the_layout_font_lacks(content: ReportContent) -> None:
    entries = [replace(entry, model="模型") for entry in content.audit.entries[:2]]
    assert "模型" in figures.svg(figures.global_saliency(entries, {"模型": "#0072b2"})[0])


def test_themed_figures_follow_the_page(content: ReportContent) -> None:
    text = figures.svg(figures.co_occurrence(content.cohorts, PALETTE))
    themed = figures.themed(text, name="rates", title='Ink & "class"')
    assert themed.startswith('<svg role="img" aria-label="Ink &amp; &quot;class&quot;"')
    assert "var(--ink)" in themed
    assert "var(--series-1)" in themed
    assert "#24212b" not in themed
    assert figures.css_colour("#0072b2") == "var(--series-1)"
    assert figures.css_colour(figures.NEUTRAL) == figures.NEUTRAL


def test_letters_become_outlines_where_the_reader_has_no_fonts(content: ReportContent) -> None:
    figure = figures.co_occurrence(content.cohorts, PALETTE)
    assert ">MEL</text>" in figures.svg(figure)
    assert "<text" not in figures.svg(figure, as_paths=True)
    assert ">MEL</text>" in figures.svg(figure)


def within(figure: Figure, *, slack: float = 0.03) -> bool:
    """Whether nothing that is drawn leaves the figure, by so many inches."""
    figure.canvas.draw()
    box, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
    return bool(min(box.x0, box.y0) >= -slack and box.x1 <= width + slack and box.y1 <= height + slack)


def test_long_names_many_classes_and_models_stay_in_the_figure(crowded: ReportContent) -> None:
    entries = [entry for entry in crowded.audit.entries if entry.method == "grad-cam"]
    palette = figures.colours([model.name for model in crowded.models])
    parts = figures.global_saliency(entries, palette)
    assert len(parts) > 1
    assert len({axes.get_xlim() for part in parts for axes in part.axes[:1]}) == 1
    assert all(part.get_size_inches()[1] <= 11.0 for part in parts)
    named = [text for part in parts for text in texts(part) if text.startswith("Solar")]
    assert len(named) == len(set(named)) == 20
    drawn = {
        **{f"saliency {number}": part for number, part in enumerate(parts)},
        "ink": figures.co_occurrence(crowded.cohorts, palette),
        "training": figures.training_curves(crowded.models, palette),
        "response": figures.response_rate(entries, palette),
        "agreement": figures.agreement(list(zip(entries[::2], entries[1::2], strict=True)), palette),
    }
    assert [name for name, figure in drawn.items() if not within(figure)] == []


def test_numbers_of_neighbouring_bars_do_not_meet(crowded: ReportContent) -> None:
    palette = figures.colours([model.name for model in crowded.models])
    figure = figures.co_occurrence(crowded.cohorts, palette)
    figure.canvas.draw()
    for axes in figure.axes:
        boxes = sorted(
            (text.get_window_extent() for text in axes.texts if text.get_text() in {"20", "30", "95"}),
            key=lambda box: box.x0,
        )
        assert len(boxes) > 1
        assert all(left.x1 <= right.x0 + 0.5 for left, right in itertools.pairwise(boxes))


def test_names_are_shortened_in_the_middle() -> None:
    assert shortened("fold-of-the-clinic-1", 20) == "fold-of-the-clinic-1"
    one, two = (shortened(f"{'long ' * 20}fold {number}", 20) for number in (1, 2))
    assert len(one) == len(two) == 20
    assert one != two
