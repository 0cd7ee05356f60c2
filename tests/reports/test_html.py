"""The page: whole, self-contained, escaped, the same each time."""

import math
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from typing_extensions import override

from gsal.reports import html
from gsal.reports.content import Fact, ReportContent
from gsal.reports.document import Document, Figure, Table
from gsal.reports.mask_quality import CurveRow, MaskFigure, MaskRow
from gsal.reports.sections import compose

VOID = {"meta", "img", "br", "link", "input", "hr"}


class Page(HTMLParser):
    """Checks that tags nest, and gathers ids, links and text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.sources: list[str] = []
        self.text = ""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in {"src", "href", "xlink:href"}:
                self.sources.append(value or "")

    @override
    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    @override
    def handle_data(self, data: str) -> None:
        if not {"style", "svg"} & set(self.open):
            self.text += data


def read(text: str) -> Page:
    page = Page()
    page.feed(text)
    assert page.open == []
    return page


@pytest.fixture(scope="module")
def rendered(content: ReportContent) -> str:
    return html.render(compose(content))


def test_page_is_whole_and_fetches_nothing(rendered: str) -> None:
    text = rendered
    page = read(text)
    assert len(page.ids) == len(set(page.ids))
    targets = {source[1:] for source in page.sources if source.startswith("#")}
    assert targets <= set(page.ids)
    assert all(source.startswith(("#", "data:image/jpeg;base64,")) for source in page.sources)
    assert set(re.findall(r"url\((.)", text)) <= {"#"}
    assert set(re.findall(r"url\(#([^)]*)\)", text)) <= set(page.ids)
    assert "<script" not in text
    for section in (
        "findings",
        "data",
        "masks",
        "mask-quality",
        "models",
        "saliency",
        "response",
        "gallery",
        "methods",
        "limits",
        "provenance",
    ):
        assert section in page.ids
    assert "not a medical device" in page.text


def test_page_says_the_findings_and_the_figures(content: ReportContent, rendered: str) -> None:
    text = read(rendered).text
    for finding in content.audit.findings:
        assert finding.text in text
    for entry in content.audit.entries:
        assert f"{entry.response.aurrac:.2f}" in text
    for words in (
        "Clinic A",
        "2026-05-01 12:00 UTC",
        "Made up.",
        "0.1.0",
        "A note.",
        "human masks",
        "beats the best",
    ):
        assert words in text


def test_every_table_and_figure_is_on_the_page(document: Document, rendered: str) -> None:
    text = read(rendered).text
    for block in (block for section in document.sections for block in section.blocks):
        if isinstance(block, Table):
            assert block.caption in text
            for cell in (cell for row in block.rows for cell in row):
                assert cell.text in text
                assert cell.small in text
        if isinstance(block, Figure):
            assert block.caption in text
            assert f'aria-label="{block.title}"' in rendered


def test_names_cannot_inject(content: ReportContent) -> None:
    evil = "<script>alert('1')</script> $x^2$ & \"q\""
    models = tuple(
        replace(model, name=evil if model.name == "biased" else model.name) for model in content.models
    )
    entries = tuple(
        replace(item, model=evil) if item.model == "biased" else item for item in content.audit.entries
    )
    performance = tuple(
        replace(row, model=evil) if row.model == "biased" else row for row in content.audit.performance
    )
    audit = content.audit

    def renamed(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(replace(row, model=evil) if row.model == "biased" else row for row in rows)

    page = replace(
        content,
        project=evil,
        models=models,
        audit=replace(
            audit,
            entries=entries,
            performance=performance,
            effects=renamed(audit.effects),
            changes=renamed(audit.changes),
            placebos=renamed(audit.placebos),
        ),
        cohorts=tuple(replace(item, name=f"{item.name}{evil}") for item in content.cohorts),
        provenance=(Fact(evil, evil),),
        gallery=tuple(replace(item, caption=evil) for item in content.gallery),
    )
    text = html.render(compose(page))
    assert "<script" not in text
    read(text)
    assert "$x^2$" in text


def test_undefined_figures_are_dashes_with_their_reasons(undefined: ReportContent) -> None:
    text = html.render(compose(undefined))
    page = read(text)
    assert not re.search(r"\bnan\b", page.text, re.IGNORECASE)
    assert "None" not in page.text
    assert "no picture with a defined ink saliency" in page.text
    assert "have not been judged" in page.text
    assert "gallery" not in page.ids


def test_undefined_mask_figures_are_dashes(content: ReportContent) -> None:
    nothing = MaskFigure(math.nan, math.nan, math.nan, 0)
    quality = content.mask_quality
    assert quality is not None
    figures = {"dice": nothing, "nsd": nothing, "sensitivity": nothing, "specificity": nothing}
    rows = tuple(MaskRow(row.name, 0, figures, {"dice": nothing}) for row in quality.rows)
    curve = tuple(CurveRow(point.threshold, nothing, nothing) for point in quality.curve)
    bare = replace(quality, rows=rows, curve=curve, human_level={}, threshold=math.nan)
    page = read(html.render(compose(replace(content, mask_quality=bare))))
    assert not re.search(r"\bnan\b", page.text, re.IGNORECASE)
    assert "accepted by two readers" in page.text


def test_an_empty_audit_has_a_page(undefined: ReportContent) -> None:
    from gsal.audit import Evidence, audit

    page = read(html.render(compose(replace(undefined, audit=audit(Evidence(tables=())), models=()))))
    assert "No model has been audited yet." in page.text


@pytest.mark.parametrize("name", ["report.html", "report.css"])
def test_templates_travel_with_the_package(name: str) -> None:
    from importlib.resources import files

    assert files("gsal.reports").joinpath("templates", name).is_file()
