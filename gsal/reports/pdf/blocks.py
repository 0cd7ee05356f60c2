"""Each kind of block on paper: what of it has to stand together, and drawing it."""

import io
from collections.abc import Sequence

from matplotlib.figure import Figure as Drawing
from PIL import Image

from gsal.reports import figures
from gsal.reports.document import (
    Block,
    Bullets,
    Equation,
    Facts,
    Figure,
    Heading,
    Paragraph,
    Pictures,
    Strip,
    Table,
)
from gsal.reports.figures.drawing import INK, MUTED
from gsal.reports.pdf.fitting import DOT
from gsal.reports.pdf.paper import ACCENT, Paper, Type
from gsal.reports.pdf.tables import draw_table, is_wide, table_start
from gsal.reports.pdf.text import Line, height_of, lines_of, write_lines

__all__ = ["NOTE", "TEXT", "draw_blocks", "start_of", "write_paragraph"]

TEXT, NOTE = Type(9.0), Type(8.0, MUTED)
_HEADING = Type(10.5, bold=True)
_TERM = Type(8.0, MUTED, bold=True, leading=9 * 1.45 / 8)
_SMALL_TERM, _SMALL_TEXT = Type(8.0, MUTED), Type(8.0, INK)
_AFTER = 7.0
_TERM_WIDTH, _MARK = 126.0, 8.0
_EQUATION_SCALE, _EQUATION_INDENT = 0.85, 24.0
_PHOTO, _PHOTO_TALLEST, _PHOTO_EDGE = "#8c8c8c", 122.0, 5.0


def draw_blocks(paper: Paper, blocks: Sequence[Block]) -> None:
    """Draw the blocks of a section one below the other, wide tables on sheets of their own."""
    for index, block in enumerate(blocks):
        landscape = wants_landscape(paper, blocks[index:])
        if not isinstance(block, Paragraph) and landscape != paper.is_landscape:
            paper.turn(landscape=landscape)
        paper.need(start_of(paper, blocks[index:]))
        _draw(paper, block)


def wants_landscape(paper: Paper, blocks: Sequence[Block]) -> bool:
    """Whether the first of the blocks that is no heading is a wide table."""
    first = next((block for block in blocks if not isinstance(block, Heading)), None)
    return isinstance(first, Table) and is_wide(paper, first)


def start_of(paper: Paper, blocks: Sequence[Block]) -> float:
    """Return how much of the beginning of the blocks has to stand on one sheet."""
    match blocks[0] if blocks else None:
        case None:
            return 0.0
        case Heading():
            return 2 * _AFTER + _HEADING.line + 4 + start_of(paper, blocks[1:])
        case Paragraph() as block:
            lines, kind = _paragraph_lines(paper, block)
            if isinstance(blocks[1] if len(blocks) > 1 else None, Equation):
                return height_of(lines, kind) + _AFTER + start_of(paper, blocks[1:])
            return height_of(lines if len(lines) <= 6 else lines[:3], kind)
        case Table() as block:
            return table_start(paper, block)
        case Figure() as block:
            return _figure_size(paper, block)[1] + _caption_height(paper, block.caption)
        case Pictures() as block:
            return _strip_height(paper, block.strips[0])
        case Equation() as block:
            return _equation_size(paper, figures.equation(block.tex))[1]
        case Facts() | Bullets():
            return 3 * TEXT.line


def write_paragraph(
    paper: Paper, lines: Sequence[Line], kind: Type, *, indent: float = 0.0, is_marked: bool = False
) -> None:
    """Write lines over as many sheets as they need, no line alone at the foot or the head of one.

    Args:
        paper: To write on.
        lines: Of the text.
        kind: How they are set.
        indent: Points from the left.
        is_marked: Draw a line beside them.
    """
    for index, line in enumerate(lines):
        left = len(lines) - index
        if left == 2 or (index == 0 and left > 2):
            paper.need(2 * kind.line)
        else:
            paper.need(kind.line)
        if is_marked:
            paper.box(paper.left + indent - _MARK, paper.y, 1.5, kind.line, ACCENT)
        paper.y = write_lines(paper, [line], paper.left + indent, paper.y, kind)


def _draw(paper: Paper, block: Block) -> None:
    match block:
        case Heading():
            paper.y += 2 * _AFTER if not paper.is_empty else 0
            paper.y = write_lines(
                paper, lines_of(paper, block.title, _HEADING, paper.width), paper.left, paper.y, _HEADING
            )
            paper.y += 4
        case Paragraph():
            lines, kind = _paragraph_lines(paper, block)
            write_paragraph(paper, lines, kind)
            paper.y += _AFTER
        case Bullets():
            _draw_bullets(paper, block)
        case Facts():
            _draw_facts(paper, block)
        case Equation():
            _draw_equation(paper, block)
        case Table():
            draw_table(paper, block)
        case Figure():
            _draw_figure(paper, block)
        case Pictures():
            for strip in block.strips:
                _draw_strip(paper, strip)


def _paragraph_lines(paper: Paper, block: Paragraph) -> tuple[list[Line], Type]:
    kind = NOTE if block.role == "note" else TEXT
    return lines_of(paper, block.runs, kind, paper.width), kind


def _draw_bullets(paper: Paper, block: Bullets) -> None:
    for item in block.items:
        lines = lines_of(paper, item, TEXT, paper.width - 12)
        paper.need(min(len(lines), 2) * TEXT.line)
        paper.dot(paper.left + 2, paper.y + TEXT.line / 2 - 1.5, 3, MUTED)
        write_paragraph(paper, lines, TEXT, indent=12)
    paper.y += _AFTER


def _draw_facts(paper: Paper, block: Facts) -> None:
    term, kind = (_TERM, TEXT) if block.prominent else (_SMALL_TERM, _SMALL_TEXT)
    space = 4.0 if block.prominent else 1.0
    for entry in block.entries:
        dot = DOT if entry.colour else 0.0
        names = lines_of(paper, entry.name, term, _TERM_WIDTH - 14 - dot)
        texts = [lines_of(paper, text, kind, paper.width - _TERM_WIDTH) for text in entry.texts]
        first = height_of(texts[0], kind) if texts else 0.0
        paper.need(max(height_of(names, term), first) + space)
        if block.prominent:
            paper.rule(paper.left, paper.y, paper.width)
        paper.y += space
        if entry.colour:
            paper.dot(paper.left, paper.y + term.line / 2 - 3, 6, entry.colour)
        page, below = paper.page, write_lines(paper, names, paper.left + dot, paper.y, term)
        for place, lines in enumerate(texts):
            write_paragraph(paper, lines, kind, indent=_TERM_WIDTH, is_marked=place in entry.marked)
            paper.y += space
        if paper.page == page:
            paper.y = max(paper.y, below)
    paper.y += _AFTER


def _equation_size(paper: Paper, drawing: Drawing) -> tuple[float, float]:
    width, height = (_EQUATION_SCALE * 72 * float(side) for side in drawing.get_size_inches())
    scale = min(1.0, (paper.width - _EQUATION_INDENT) / width)
    return scale * width, scale * height


def _draw_equation(paper: Paper, block: Equation) -> None:
    drawing = figures.equation(block.tex)
    width, height = _equation_size(paper, drawing)
    image = figures.svg(drawing, as_paths=True).encode()
    paper.place(image, paper.left + _EQUATION_INDENT, paper.y, width, height, title=block.text)
    paper.y += height + _AFTER


def _figure_size(paper: Paper, block: Figure) -> tuple[float, float]:
    """Return width and height: as wide as the text, less where caption and figure would not fit a sheet."""
    width, height = (float(side) for side in block.drawing.get_size_inches())
    tallest = paper.height - _caption_height(paper, block.caption)
    scale = min(paper.width / width, tallest / height)
    return scale * width, scale * height


def _caption_height(paper: Paper, text: str) -> float:
    return 4 + height_of(lines_of(paper, text, NOTE, paper.width), NOTE) + _AFTER


def _draw_figure(paper: Paper, block: Figure) -> None:
    width, height = _figure_size(paper, block)
    if not paper.is_draft:
        image = figures.svg(block.drawing, as_paths=True).encode()
        paper.place(image, paper.left, paper.y, width, height, title=block.title)
    lines = lines_of(paper, block.caption, NOTE, paper.width)
    paper.y = write_lines(paper, lines, paper.left, paper.y + height + 4, NOTE) + _AFTER


def _strip_height(paper: Paper, strip: Strip) -> float:
    return _photo_size(paper, strip)[1] + 2 * _PHOTO_EDGE + _caption_height(paper, strip.caption)


def _photo_size(paper: Paper, strip: Strip) -> tuple[float, float]:
    """Return the size of each picture: as wide as fit side by side, less where they would be tall."""
    with Image.open(io.BytesIO(strip.pictures[0].jpeg)) as image:
        proportion = image.height / image.width
    n = len(strip.pictures)
    width = min((paper.width - 2 * _PHOTO_EDGE - 2 * (n - 1)) / n, _PHOTO_TALLEST / proportion)
    return width, width * proportion


def _draw_strip(paper: Paper, strip: Strip) -> None:
    paper.need(_strip_height(paper, strip))
    width, height = _photo_size(paper, strip)
    n = len(strip.pictures)
    paper.box(
        paper.left, paper.y, n * width + 2 * (n - 1) + 2 * _PHOTO_EDGE, height + 2 * _PHOTO_EDGE, _PHOTO
    )
    for index, picture in enumerate(strip.pictures):
        x = paper.left + _PHOTO_EDGE + index * (width + 2)
        paper.place(picture.jpeg, x, paper.y + _PHOTO_EDGE, width, height, title=picture.title)
    lines = lines_of(paper, strip.caption, NOTE, paper.width)
    paper.y = write_lines(paper, lines, paper.left, paper.y + height + 2 * _PHOTO_EDGE + 4, NOTE) + _AFTER
