"""The files of a report."""

from pathlib import Path

from gsal.reports import html, pdf
from gsal.reports.document import Document
from gsal.reports.writing import write


def test_page_paper_and_figures_are_written_and_are_the_same_each_time(
    document: Document, tmp_path: Path
) -> None:
    page, paper = tmp_path / "exports" / "report.html", tmp_path / "exports" / "report.pdf"
    drawn = write(page, paper, document)
    assert page.read_text(encoding="utf-8") == html.render(document)
    assert paper.read_bytes() == pdf.render(document)
    assert {path.name for path in drawn} == {f"{figure.name}.svg" for figure in document.figures}
    assert all(path.parent == page.parent / "figures" and path.exists() for path in drawn)
