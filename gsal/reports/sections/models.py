"""The models, how they were trained and how good they are."""

from collections.abc import Iterator, Sequence

from gsal.audit.performance import Performance
from gsal.reports import figures
from gsal.reports.content import ReportContent
from gsal.reports.document import Block, Cell, Column, Figure, Section, Table, note
from gsal.reports.sections.cells import UNKNOWN, count, estimate, share
from gsal.reports.sections.palette import model_palette

__all__ = ["section"]

_SUBSETS = {"all": "all", "inked": "with ink", "uninked": "without ink"}


def section(content: ReportContent) -> Section:
    """Return recipes, performance with and without ink, and the curves of training."""
    return Section("models", "Models", tuple(_blocks(content)))


def _blocks(content: ReportContent) -> Iterator[Block]:
    palette = model_palette(content)
    if content.models:
        yield _recipes(content, palette)
    if content.audit.performance:
        yield _performance(content, palette)
        yield from _left_out(content.audit.performance)
    if any(any(model.curves.values()) for model in content.models):
        yield Figure(
            "training",
            "Training of each model",
            figures.training_curves(content.models, palette),
            "Training of each model: single runs, so without intervals.",
        )


def _left_out(performance: Sequence[Performance]) -> Iterator[Block]:
    """Say which classes have no AUROC, the rows that lack the same ones together."""
    rows: dict[tuple[str, ...], dict[str, list[str]]] = {}
    for row in performance:
        if row.absent and row.n:
            rows.setdefault(row.absent, {}).setdefault(row.model, []).append(_SUBSETS[row.subset])
    for absent, models in rows.items():
        told = "; ".join(f"{model} ({', '.join(subsets)})" for model, subsets in models.items())
        yield note(
            f"The macro AUROC leaves out {', '.join(absent)}, of which there are no pictures (or only such): "
            f"{told}."
        )


def _recipes(content: ReportContent, palette: dict[str, str]) -> Table:
    return Table(
        (
            Column("Model", align="left"),
            Column("network", align="left"),
            Column("training set", align="left"),
            Column("pictures"),
            Column("seed"),
            Column("recipe", align="left", wraps=True),
        ),
        tuple(
            (
                Cell(model.name, colour=palette[model.name]),
                Cell(model.architecture),
                Cell(model.cohort or UNKNOWN),
                count(model.training_n),
                count(model.seed),
                Cell(model.recipe),
            )
            for model in content.models
        ),
        "What was trained, on what and how",
    )


def _performance(content: ReportContent, palette: dict[str, str]) -> Table:
    return Table(
        (
            Column("Model", align="left"),
            Column("pictures", align="left"),
            Column("n"),
            Column("patients"),
            Column("accuracy"),
            Column("macro AUROC"),
        ),
        tuple(
            (
                Cell(row.model, colour=palette[row.model]) if row.subset == "all" else Cell(),
                Cell(_SUBSETS[row.subset]),
                count(row.n),
                count(row.n_patients),
                share(row.accuracy, row.accuracy_low, row.accuracy_high),
                estimate(row.auroc, row.auroc_low, row.auroc_high, 3),
            )
            for row in content.audit.performance
        ),
        "On the validation pictures, with 95 % intervals from resampled patients",
    )
