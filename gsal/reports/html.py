"""The report as one self-contained HTML file: figures and pictures inside, nothing fetched."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from gsal.audit import AuditEntry, Finding
from gsal.audit.names import interval_text, method_name, number_text, percent_text
from gsal.files import write_text
from gsal.reports import figures
from gsal.reports.content import ReportContent
from gsal.reports.gallery import render_item

__all__ = ["draw", "render", "write"]


@dataclass(frozen=True, slots=True)
class _Method:
    """One saliency method's part of the report."""

    slug: str
    name: str
    entries: tuple[AuditEntry, ...]
    by_aggregator: dict[str, tuple[AuditEntry, ...]]


def _methods(entries: Sequence[AuditEntry]) -> list[_Method]:
    methods = []
    for slug in dict.fromkeys(entry.method for entry in entries):
        mine = tuple(entry for entry in entries if entry.method == slug)
        parts = {
            name: tuple(entry for entry in mine if entry.aggregator == name) for name in ("mean", "peak")
        }
        methods.append(_Method(slug, method_name(slug), mine, parts))
    return methods


def _topics(findings: Sequence[Finding]) -> dict[str, list[str]]:
    topics: dict[str, list[str]] = {}
    for finding in findings:
        topics.setdefault(finding.topic, []).append(finding.text)
    return topics


def _model_palette(content: ReportContent) -> dict[str, str]:
    names = [model.name for model in content.models] + [entry.model for entry in content.audit.entries]
    return figures.colours(names)


def _set_palette(content: ReportContent) -> dict[str, str]:
    """A cohort has the colour of the first model trained on it, so that one colour means one thing."""
    models = _model_palette(content)
    of_cohort = {model.cohort: models[model.name] for model in reversed(content.models) if model.cohort}
    return {
        item.name: of_cohort.get(item.name, figures.NEUTRAL) for item in (*content.sets, *content.cohorts)
    }


def draw(content: ReportContent) -> dict[str, str]:
    """Return the figures as SVG text by name: "co-occurrence", "training", "global-saliency-METHOD", ...

    A figure without anything to show is absent.
    """
    palette = _model_palette(content)
    drawn = {}
    if content.cohorts:
        drawn["co-occurrence"] = figures.svg(figures.co_occurrence(content.cohorts, _set_palette(content)))
    if content.mask_quality is not None and content.mask_quality.curve:
        drawn["mask-thresholds"] = figures.svg(figures.threshold_curves(content.mask_quality))
    if any(any(model.curves.values()) for model in content.models):
        drawn["training"] = figures.svg(figures.training_curves(content.models, palette))
    for method in _methods(content.audit.entries):
        drawn[f"global-saliency-{method.slug}"] = figures.svg(
            figures.global_saliency(method.entries, palette)
        )
        drawn[f"response-rate-{method.slug}"] = figures.svg(figures.response_rate(method.entries, palette))
    return drawn


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("gsal.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number=number_text, percent=percent_text, method=method_name, css_colour=figures.css_colour
    )
    environment.globals.update(interval=interval_text)
    return environment


def _page(content: ReportContent, drawn: dict[str, str]) -> str:
    themed = {
        name: Markup(figures.themed(text, name=name, title=name.replace("-", " ")))  # noqa: S704 - drawn by us
        for name, text in drawn.items()
    }
    entries = content.audit.entries
    return (
        _environment()
        .get_template("report.html")
        .render(
            content=content,
            topics=_topics(content.audit.findings),
            methods=_methods(entries),
            figures=themed,
            gallery=[render_item(item) for item in content.gallery],
            classes=[item.name for item in entries[0].classes] if entries else [],
            colours=_model_palette(content),
        )
    )


def render(content: ReportContent) -> str:
    """Return the report as one HTML page."""
    return _page(content, draw(content))


def write(path: Path, content: ReportContent) -> tuple[Path, ...]:
    """Write the page, and its figures as SVG files in a folder `figures` beside it.

    Returns all paths, page first. Each file is whole or absent; older ones are replaced.
    """
    drawn = draw(content)
    write_text(path, _page(content, drawn))
    written = [path]
    for name, text in drawn.items():
        figure_path = path.parent / "figures" / f"{name}.svg"
        write_text(figure_path, text)
        written.append(figure_path)
    return tuple(written)
