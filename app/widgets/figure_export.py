"""Taking a figure elsewhere: to the clipboard, as a picture, as a drawing, and its numbers as a table."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QGuiApplication, QImage, QPaintDevice, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QGraphicsView, QMenu, QWidget

from app.widgets.dialogs import show_error
from gsal.files import replacing, write_text
from gsal.spreadsheets import guarded

__all__ = ["FigureMenu", "Numbers", "save_png", "save_svg"]

_PNG_SCALE = 2
"""Pixels of a saved picture for each on the screen, so that it can be printed."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a figure shows, as a table.

    Attributes:
        columns: Their titles.
        rows: As many values each.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[object, ...], ...] = ()

    def text(self, delimiter: str = ",") -> str:
        """Return the table as comma-separated values, or with tabs for a spreadsheet to paste.

        Undefined numbers stay empty; a text that a spreadsheet would take for a formula gets ' before it.

        >>> Numbers(("class", "mean"), (("MEL", 0.5), ("NV", float("nan")))).text().split()
        ['class,mean', 'MEL,0.5', 'NV,']
        """
        written = io.StringIO()
        table = csv.writer(written, delimiter=delimiter, lineterminator="\n")
        table.writerow([guarded(column) for column in self.columns])
        table.writerows([_cell(value) for value in row] for row in self.rows)
        return written.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str):
        return guarded(value)
    return "" if value != value else value


class FigureMenu(QMenu):
    """What can be done with a figure; the files' names begin with its object name.

    Args:
        figure: As it stands on the screen.
        tabulate: Returns the numbers that it shows; called when they are wanted.
        has_numbers: Whether there are any.
    """

    def __init__(self, figure: QWidget, tabulate: Callable[[], Numbers], *, has_numbers: bool = True) -> None:
        super().__init__(figure)
        self._figure, self._tabulate = figure, tabulate
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.addAction("Copy figure", self._copy_figure)
        copy_numbers = self.addAction("Copy numbers", self._copy_numbers)
        self.addSeparator()
        self.addAction("Save as PNG...", self._save_png)
        self.addAction("Save as SVG...", self._save_svg)
        save_csv = self.addAction("Save numbers as CSV...", self._save_csv)
        for action in (copy_numbers, save_csv):
            action.setEnabled(has_numbers)

    @Slot()
    def _copy_figure(self) -> None:
        QGuiApplication.clipboard().setImage(_rendered(self._figure))

    @Slot()
    def _copy_numbers(self) -> None:
        QGuiApplication.clipboard().setText(self._tabulate().text("\t"))

    @Slot()
    def _save_png(self) -> None:
        if path := self._ask("png", "Picture (*.png)"):
            self._write(path, lambda: save_png(self._figure, path))

    @Slot()
    def _save_svg(self) -> None:
        if path := self._ask("svg", "Drawing (*.svg)"):
            self._write(path, lambda: save_svg(self._figure, path))

    @Slot()
    def _save_csv(self) -> None:
        if path := self._ask("csv", "Table (*.csv)"):
            self._write(path, lambda: write_text(path, self._tabulate().text()))

    def _ask(self, ending: str, kind: str) -> Path | None:
        name = f"{self._figure.objectName()}.{ending}"
        path, _ = QFileDialog.getSaveFileName(self._figure.window(), "Save figure", name, kind)
        if not path:
            return None
        chosen = Path(path)
        if chosen.suffix.lower() == f".{ending}":
            return chosen
        completed = chosen.with_name(f"{chosen.name}.{ending}")
        if completed.exists():
            # The dialog asked about another name than this one.
            sentence = f"{completed} exists already. Choose it by its whole name to replace it."
            show_error(self._figure.window(), "The figure was not saved", sentence)
            return None
        return completed

    def _write(self, path: Path, write: Callable[[], None]) -> None:
        try:
            write()
        except OSError as error:
            reason = error.strerror or str(error)
            show_error(
                self._figure.window(),
                "The figure was not saved",
                f"{path} cannot be written: {reason}. Choose another folder.",
            )


def save_png(figure: QWidget, path: Path) -> None:
    """Write a figure as a picture with two pixels for each on the screen.

    Raises:
        OSError: It cannot be written.
    """
    with replacing(path) as temporary:
        if not _rendered(figure).save(str(temporary), "PNG"):  # type: ignore[call-overload]
            raise OSError(f"{path} cannot be written")


def save_svg(figure: QWidget, path: Path) -> None:
    """Write a figure as a drawing, which stays sharp at any size.

    Raises:
        OSError: It cannot be written.
    """
    with replacing(path) as temporary:
        drawing = QSvgGenerator()
        drawing.setFileName(str(temporary))
        drawing.setSize(figure.size())
        drawing.setViewBox(figure.rect())
        drawing.setResolution(figure.logicalDpiX())
        drawing.setTitle(figure.accessibleName())
        _paint(figure, drawing)


def _rendered(figure: QWidget) -> QImage:
    image = QImage(figure.size() * _PNG_SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_PNG_SCALE)
    image.fill(figure.palette().window().color())
    _paint(figure, image)
    return image


def _paint(figure: QWidget, on: QPaintDevice) -> None:
    painter = QPainter(on)
    if isinstance(figure, QGraphicsView):
        figure.render(
            painter, figure.rect(), figure.viewport().rect()
        )  # its scene, not what is on the screen
    else:
        figure.render(painter, QPoint())
    painter.end()
