"""A report as files: a page for the screen, a PDF for paper, and the figures beside them."""

from pathlib import Path

from gsal.files import write_bytes, write_text
from gsal.reports import figures, html, pdf
from gsal.reports.document import Document

__all__ = ["write"]


def write(page: Path, paper: Path, document: Document) -> tuple[Path, ...]:
    """Write the document as HTML and as PDF, and its figures as SVG in a folder `figures` beside the page.

    Returns the paths of the figures. Each file is whole or absent; older ones are replaced.
    """
    write_text(page, html.render(document))
    write_bytes(paper, pdf.render(document))
    drawn = []
    for figure in document.figures:
        path = page.parent / "figures" / f"{figure.name}.svg"
        write_text(path, figures.svg(figure.drawing))
        drawn.append(path)
    return tuple(drawn)
