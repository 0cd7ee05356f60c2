"""The whole document on paper: the title, where to find what, and the sections."""

from math import ceil

from gsal.reports.document import Document, Section
from gsal.reports.figures.drawing import MUTED
from gsal.reports.pdf.blocks import TEXT, draw_blocks, start_of, wants_landscape, write_paragraph
from gsal.reports.pdf.paper import ACCENT, Contents, Paper, Type
from gsal.reports.pdf.text import height_of, lines_of, write_lines

__all__ = ["render"]

_OVERLINE = Type(9.0, ACCENT, bold=True)
_TITLE = Type(22.0, bold=True, leading=1.2)
_SUBTITLE = Type(9.0, MUTED)
_SECTION = Type(14.0, bold=True, leading=1.3)
_LEAD_INDENT = 12.0
_CONTENTS_GAP = 28.0


def render(document: Document) -> bytes:
    """Return the document as a PDF file, byte for byte the same for the same document.

    Letters that DejaVu Sans lacks are shown as empty boxes.
    """
    with Paper(document, None) as draft:
        _fill(draft, document)
        contents = Contents(draft.places, draft.page)
    with Paper(document, contents) as paper:
        _fill(paper, document)
        return paper.output()


def _fill(paper: Paper, document: Document) -> None:
    paper.turn()
    _write_title(paper, document)
    draw_blocks(paper, document.summary)
    _write_contents(paper, document)
    for section in document.sections:
        _write_section(paper, section)


def _write_title(paper: Paper, document: Document) -> None:
    for text, kind, after in (
        (document.overline, _OVERLINE, 2),
        (document.title, _TITLE, 4),
        (f"{document.date} · {document.subtitle}", _SUBTITLE, 10),
    ):
        lines = lines_of(paper, text, kind, paper.width)
        paper.y = write_lines(paper, lines, paper.left, paper.y, kind) + after
    for sentence in document.lead:
        lines = lines_of(paper, sentence, TEXT, paper.width - _LEAD_INDENT)
        paper.need(height_of(lines, TEXT))
        paper.box(paper.left, paper.y, 2.5, height_of(lines, TEXT), ACCENT)
        write_paragraph(paper, lines, TEXT, indent=_LEAD_INDENT)
        paper.y += 8


def _write_contents(paper: Paper, document: Document) -> None:
    """Write the sections with the sheets they begin on, in two columns read downwards."""
    paper.y += 6
    rows = ceil(len(document.sections) / 2)
    width = (paper.width - _CONTENTS_GAP) / 2
    titles = [lines_of(paper, section.title, TEXT, width - 40) for section in document.sections]
    row = max((height_of(lines, TEXT) for lines in titles), default=0.0) + 5
    paper.need(rows * row)
    top = paper.y
    for place, (section, lines) in enumerate(zip(document.sections, titles, strict=True)):
        x, y = paper.left + place // rows * (width + _CONTENTS_GAP), top + place % rows * row
        page = paper.contents.places[section.anchor][0] if paper.contents is not None else 0
        paper.link(section.anchor, x, y, width, row)
        write_lines(paper, lines, x, y, TEXT)
        write_lines(paper, lines_of(paper, str(page), TEXT, 40), x, y, TEXT, right=x + width)
        paper.rule(x, y + row - 2, width)
    paper.y = top + rows * row


def _write_section(paper: Paper, section: Section) -> None:
    lines = lines_of(paper, section.title, _SECTION, paper.width)
    landscape = wants_landscape(paper, section.blocks)
    if landscape != paper.is_landscape:
        paper.turn(landscape=landscape)
    height = 34 + height_of(lines, _SECTION)
    paper.need(height + start_of(paper, section.blocks))
    if not paper.is_empty:
        paper.y += 18
        paper.rule(paper.left, paper.y, paper.width)
        paper.y += 10
    paper.begin_section(section.anchor, section.title)
    paper.y = write_lines(paper, lines, paper.left, paper.y, _SECTION) + 6
    draw_blocks(paper, section.blocks)
