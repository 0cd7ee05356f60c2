"""The agreement in figures: what is undefined is a dash that says why."""

import math

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from app.widgets.controls import label
from gsal.jobs.reading.agreement import Kappa
from gsal.masks.reader_agreement import Agreement, Figures

__all__ = ["FiguresTable"]

_DASH = "–"
_COLUMNS = {
    "Dice": "Shared area: twice the common ink over the ink of both. 1 is the same, 0 is nothing shared.",
    "NSD": "Share of both outlines that lie within 2 pixels of each other, at a long side of 448 pixels.",
    "Ink": "Whether each mask says that the picture is inked: more than {least:g} ink pixels at 224.",
}
_ROWS = {
    "readers": ("Reader 1 and 2", "the readers"),
    "first": ("Result and 1", "the result and reader 1"),
    "second": ("Result and 2", "the result and reader 2"),
}
_NEITHER = "Neither mask has any ink: they agree, and there is no area to compare."
_KAPPA_TIP = (
    "Cohen's kappa: how far the readers agree on ink or no ink beyond chance, over every two readers of all "
    "pictures that two or more accepted. 1 is always, 0 is no better than chance."
)


class FiguresTable(QWidget):
    """Three comparisons with three figures each.

    Attributes:
        overall: Kappa over all pictures; it is placed by whoever places the table.
    """

    def __init__(self, *, min_ink_px: float) -> None:
        super().__init__()
        self.setObjectName("agreementFigures")
        self._cells: dict[tuple[str, str], QLabel] = {}
        self.kappa = label(_DASH, name="kappa")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(2)
        for column, (title, tip) in enumerate(_COLUMNS.items(), start=1):
            grid.addWidget(_titled(title, tip.format(least=min_ink_px)), 0, column)
        for row, (name, (title, _)) in enumerate(_ROWS.items(), start=1):
            grid.addWidget(label(title, role="muted"), row, 0)
            for column, what in enumerate(_COLUMNS, start=1):
                cell = self._cells[name, what] = label(_DASH, name=f"{name}{what}")
                grid.addWidget(cell, row, column)
        self.overall = QWidget()
        line = QHBoxLayout(self.overall)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(_titled("Kappa", _KAPPA_TIP))
        line.addWidget(self.kappa)
        self.clear()

    def clear(self, reason: str = "Being worked out") -> None:
        """Show that nothing is known, and why."""
        for cell in (*self._cells.values(), self.kappa):
            _write(cell, _DASH, reason)

    def show_agreement(self, agreement: Agreement) -> None:
        """Show the figures of one picture."""
        for name, figures in zip(_ROWS, (agreement.readers, agreement.first, agreement.second), strict=True):
            about = _ROWS[name][1]
            for what, value in (("Dice", figures.dice), ("NSD", figures.nsd)):
                text, tip = _figure(value)
                _write(self._cells[name, what], text, f"{what} of {about}. {tip}".rstrip())
            _write(self._cells[name, "Ink"], _ink(figures), f"Ink of {about}")

    def show_kappa(self, kappa: Kappa) -> None:
        """Show the agreement over all pictures."""
        text, tip = _figure(kappa.value, undefined=_undefined_kappa(kappa))
        counted = f"{kappa.n_pictures:,} pictures" if kappa.n_pictures != 1 else "1 picture"
        if kappa.n != kappa.n_pictures:
            counted = f"{kappa.n:,} pairs of readings of {counted}"
        left_out = f", {kappa.left_out:,} left out" if kappa.left_out else ""
        reason = " Left out: pictures on which a reader accepted no mask." if kappa.left_out else ""
        _write(self.kappa, f"{text} on {counted}{left_out}", f"{tip}{reason}".strip() or _KAPPA_TIP)


def _titled(title: str, tip: str) -> QLabel:
    made = label(title, role="section")
    made.setToolTip(tip)
    return made


def _write(cell: QLabel, text: str, tip: str) -> None:
    cell.setText(text)
    cell.setToolTip(tip)
    cell.setAccessibleName(f"{text}. {tip}")


def _figure(value: float, *, undefined: str = _NEITHER) -> tuple[str, str]:
    return (_DASH, undefined) if math.isnan(value) else (f"{value:.3f}", "")


def _ink(figures: Figures) -> str:
    match figures.is_first_inked, figures.is_second_inked:
        case True, True:
            return "both inked"
        case False, False:
            return "both free of ink"
        case True, False:
            return "differ: inked / free"
        case _:
            return "differ: free / inked"


def _undefined_kappa(kappa: Kappa) -> str:
    if not kappa.n:
        return "There is no picture yet on which two readers accepted a mask."
    return "Both readers said the same about every picture, so chance alone would always agree."
