"""The paper: everything is on it, within its margins, together where it belongs, and the same each time."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gsal.reports import pdf
from gsal.reports.content import ReportContent
from gsal.reports.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Figure,
    Group,
    Heading,
    Section,
    Table,
    paragraph,
)
from gsal.reports.pdf.paper import Paper, Type
from gsal.reports.sections import compose

A4 = (595.28, 841.89)


@dataclass(frozen=True)
class Written:
    page: int
    text: str
    x: float
    right: float
    baseline: float
    is_landscape: bool


@dataclass
class Sheets:
    """What was written and placed on the final sheets, not on the draft."""

    written: list[Written] = field(default_factory=list)
    placed: list[tuple[int, str, float, float]] = field(default_factory=list)

    def text(self, page: int | None = None) -> str:
        return " ".join(one.text for one in self.written if page in {None, one.page})

    def pages_with(self, text: str) -> list[int]:
        return [one.page for one in self.written if text in one.text]


Render = Callable[[Document], Sheets]


@pytest.fixture
def on_paper(monkeypatch: pytest.MonkeyPatch) -> Render:
    sheets = Sheets()
    write, place = Paper.write, Paper.place

    def spy_write(paper: Paper, text: str, x: float, baseline: float, kind: Type, *, style: str = "") -> None:
        write(paper, text, x, baseline, kind, style=style)
        if not paper.is_draft:
            right = x + paper.measure(text, kind, style=style)
            sheets.written.append(Written(paper.page, text, x, right, baseline, paper.is_landscape))

    def spy_place(
        paper: Paper, image: bytes, x: float, y: float, width: float, height: float, *, title: str
    ) -> None:
        place(paper, image, x, y, width, height, title=title)
        if not paper.is_draft:
            sheets.placed.append((paper.page, title, y, height))

    monkeypatch.setattr(Paper, "write", spy_write)
    monkeypatch.setattr(Paper, "place", spy_place)

    def render(document: Document) -> Sheets:
        sheets.written.clear()
        sheets.placed.clear()
        assert pdf.render(document).startswith(b"%PDF-")
        return sheets

    return render


def short(*blocks: Block) -> Document:
    sections = (Section("one", "One", blocks),)
    return Document("gsal audit", "Clinic A", "", datetime(2026, 5, 1, tzinfo=UTC), sections)


def squeezed(text: str) -> str:
    """Return the text without spaces, which breaking into lines changes."""
    return re.sub(r"\s", "", text)


def assert_on_the_sheet(sheets: Sheets) -> None:
    for one in sheets.written:
        width, height = reversed(A4) if one.is_landscape else A4
        assert 40 <= one.x <= one.right <= width - 40, one
        assert 20 <= one.baseline <= height - 20, one


def assert_all_said(document: Document, sheets: Sheets) -> None:
    text = squeezed(sheets.text())
    for block in (block for section in document.sections for block in section.blocks):
        if isinstance(block, Table):
            assert squeezed(block.caption) in text
            for cell in (cell for row in block.rows for cell in row):
                # A word too long for its column goes on in the next line, between those of its neighbours.
                for word in cell.text.split() + cell.small.split():
                    assert squeezed(word)[:5] in text
        if isinstance(block, Figure):
            assert squeezed(block.caption) in text
            assert block.title in {title for _, title, _, _ in sheets.placed}


@pytest.mark.parametrize("kind", ["content", "plain", "undefined"])
def test_all_is_on_the_sheets(kind: str, on_paper: Render, request: pytest.FixtureRequest) -> None:
    document = compose(request.getfixturevalue(kind))
    sheets = on_paper(document)
    assert_on_the_sheet(sheets)
    assert_all_said(document, sheets)
    text = sheets.text()
    assert not re.search(r"\bnan\b|None", text, re.IGNORECASE)
    pages = max(one.page for one in sheets.written)
    assert f"1 / {pages}" in text
    assert f"{pages} / {pages}" in text


def test_six_models_and_twenty_classes_with_long_names(crowded: ReportContent, on_paper: Render) -> None:
    document = compose(crowded)
    sheets = on_paper(document)
    assert_on_the_sheet(sheets)
    assert_all_said(document, sheets)


@pytest.mark.parametrize(("columns", "is_landscape"), [(6, False), (13, True)])
def test_a_wide_table_has_a_sheet_on_its_side_of_its_own(
    columns: int, is_landscape: bool, on_paper: Render
) -> None:
    heads = (Column("Name", align="left"), *(Column(f"column {n}") for n in range(columns)))
    table = Table(heads, (tuple(Cell("0.12", "−0.10 to 0.20") for _ in heads),), "Wide")
    sheets = on_paper(short(paragraph("before"), Heading("Heading"), table, Heading("After"), paragraph("x")))
    assert_on_the_sheet(sheets)
    sides = {one.text: one.is_landscape for one in sheets.written}
    assert sides["Heading"] == sides["Wide"] == is_landscape
    assert not sides["before"]
    assert not sides["After"]


def test_a_figure_stands_with_its_caption_and_a_heading_with_what_follows(
    document: Document, on_paper: Render
) -> None:
    sheets = on_paper(document)
    for section in document.sections:
        for block, following in zip(section.blocks, section.blocks[1:], strict=False):
            if isinstance(block, Heading) and isinstance(following, Figure):
                (page,) = {page for page, title, _, _ in sheets.placed if title == following.title}
                assert page in sheets.pages_with(block.title)
                assert page in sheets.pages_with(following.caption[:20])


@pytest.mark.parametrize("lines", range(30, 48, 3))
def test_a_heading_is_never_the_last_on_its_sheet(lines: int, on_paper: Render) -> None:
    rows = tuple((Cell(f"row {number}"), Cell("1")) for number in range(3))
    table = Table((Column("Name", align="left"), Column("n")), rows, "A caption")
    sheets = on_paper(short(*(paragraph(f"line {n}") for n in range(lines)), Heading("Heading"), table))
    assert sheets.pages_with("Heading") == sheets.pages_with("row 0") == sheets.pages_with("A caption")


def test_a_table_goes_on_with_its_head_and_divides_no_row(on_paper: Render) -> None:
    rows = tuple((Cell(f"row {number}"), Cell(f"{number}", small="interval")) for number in range(120))
    table = Table(
        (Column("Name", align="left"), Column("n")), rows, "A caption", (Group("", 1), Group("all", 1))
    )
    sheets = on_paper(short(table))
    pages = {page for number in range(120) for page in sheets.pages_with(f"row {number}")}
    assert len(pages) > 2
    assert sheets.pages_with("Name") == sheets.pages_with("all") == sorted(pages)
    assert len(sheets.pages_with("(continued)")) == len(pages) - 1
    by_row = [one.page for one in sheets.written if one.text.startswith("row ")]
    beneath = [one.page for one in sheets.written if one.text == "interval"]
    assert by_row == beneath


def test_more_columns_than_fit_go_on_in_a_further_table(on_paper: Render) -> None:
    columns = (Column("Name", align="left"), *(Column(f"quantity-number-{n}") for n in range(40)))
    rows = (tuple(Cell(f"value-{n}-of-this-row") for n in range(41)),)
    sheets = on_paper(short(Table(columns, rows, "Wide")))
    assert_on_the_sheet(sheets)
    assert len(sheets.pages_with("Wide")) > 1
    assert len(sheets.pages_with("value-0-")) == len(sheets.pages_with("Wide"))
    assert all(squeezed(f"value-{n}-of-this-row") in squeezed(sheets.text()) for n in range(41))


def test_the_contents_name_the_sheets(document: Document, on_paper: Render) -> None:
    sheets = on_paper(document)
    first = [one for one in sheets.written if one.page == 1]
    for section in document.sections:
        titles = [one for one in sheets.written if one.text == section.title]
        named = {one.text for one in first if abs(one.baseline - titles[0].baseline) < 0.1}
        assert str(titles[-1].page) in named


def test_names_cannot_inject(on_paper: Render) -> None:
    evil = "(a) Tj ET \\) <script>**b**</script> $x^2$ {nb}"
    document = replace(short(paragraph(evil), Bullets((evil,))), title=evil)
    sheets = on_paper(document)
    assert squeezed(sheets.text()).count(squeezed(evil)) >= 3


def test_same_document_same_bytes(content: ReportContent, document: Document) -> None:
    first = pdf.render(document)
    assert pdf.render(compose(content)) == first
    assert b"D:20260501120000" in first
    later = replace(document, created=datetime(2027, 1, 2, 3, 4, tzinfo=UTC))
    assert pdf.render(later) != first


_AGAIN = """
import hashlib
from tests.reports.conftest import CLASSES, made_content
from gsal.reports import html, pdf
from gsal.reports.sections import compose
document = compose(made_content(("biased",), CLASSES))
print(hashlib.sha256(pdf.render(document) + html.render(document).encode()).hexdigest())
"""


@pytest.mark.slow
def test_same_bytes_in_another_process() -> None:
    root = Path(__file__).parents[2]
    hashes = {
        subprocess.run(
            [sys.executable, "-c", _AGAIN],
            cwd=root,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(hashes) == 1


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_a_reader_finds_the_words(document: Document, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf.render(document))
    done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True)
    for words in ("Clinic A", "Cramér’s V", "τ of mean and peak", "Provenance"):
        assert words in done.stdout
