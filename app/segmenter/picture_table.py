"""The measured pictures as Qt's tables see them: thousands of rows, sorted by any column, the worst first."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from typing_extensions import override

from app.segmenter.measured import DASH, Picture
from app.segmenter.words import short

__all__ = ["COLUMNS", "PictureTable"]

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_Roles = Qt.ItemDataRole
_Key = str | float | tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    tip: str
    text: Callable[[Picture], str]
    key: Callable[[Picture], Any]
    is_number: bool = True


def _number(value: float, form: str) -> str:
    return DASH if isnan(value) else f"{value:{form}}"


def _decision(picture: Picture) -> str:
    return f"{picture.sign}  {picture.decision}"


COLUMNS = (
    _Column("Picture", "File of the picture", lambda p: p.name, lambda p: p.name, is_number=False),
    _Column("Class", "Label of the picture", lambda p: p.label or DASH, lambda p: p.label, is_number=False),
    _Column(
        "Dice",
        "Twice the common ink over the ink of both: 1 is the same, 0 is nothing shared.\n"
        "Undefined where neither mask has any ink.",
        lambda p: short(p.dice),
        lambda p: p.dice,
    ),
    _Column(
        "NSD",
        "Share of both outlines within 2 pixels of each other, at a long side of 448 pixels",
        lambda p: short(p.nsd),
        lambda p: p.nsd,
    ),
    _Column(
        "HD95",
        "How far the outlines are apart where they differ most, 5 % left out: pixels of 448.\n"
        "Undefined where one mask is empty.",
        lambda p: _number(p.hd95, ".1f"),
        lambda p: p.hd95,
    ),
    _Column(
        "Decision",
        "Whether the network says, as people do, that the picture is inked",
        _decision,
        lambda p: (p.is_right, p.decision),
        is_number=False,
    ),
    _Column(
        "Network",
        "Ink pixels of the network's mask at the size of 224 that inked is defined at",
        lambda p: _number(p.predicted_ink_px, ",.0f"),
        lambda p: p.predicted_ink_px,
    ),
    _Column(
        "Reference",
        "Ink pixels of the reference mask at the size of 224 that inked is defined at",
        lambda p: _number(p.truth_ink_px, ",.0f"),
        lambda p: p.truth_ink_px,
    ),
    _Column("Ink", "Colour of the ink", lambda p: p.colour or DASH, lambda p: p.colour, is_number=False),
    _Column(
        "Stroke",
        "Width of the strokes of the reference mask, in pixels of 448",
        lambda p: _number(p.stroke_width_px, ".1f"),
        lambda p: p.stroke_width_px,
    ),
)


class PictureTable(QAbstractTableModel):
    """Rows are measured pictures.

    Sorting keeps what is undefined at the end, whichever way round; the selection stays with its picture.
    """

    def __init__(self, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures: list[Picture] = []
        self._danger: QColor | None = None

    def show_pictures(self, pictures: Sequence[Picture], *, left_out: Collection[int] = ()) -> None:
        """Show these pictures, the worst first.

        Args:
            pictures: All that were measured.
            left_out: Numbers of those that are not to be seen.
        """
        self.beginResetModel()
        shown = (picture for picture in pictures if picture.image_id not in left_out)
        self._pictures = sorted(shown, key=lambda p: p.badness)
        self.endResetModel()

    def colour_mistakes(self, colour: str) -> None:
        """Write wrong decisions in this colour; a sign tells them too."""
        self._danger = QColor(colour)
        if self._pictures:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._pictures) - 1, len(COLUMNS) - 1))

    def picture(self, row: int) -> Picture:
        """Return what is in a row."""
        return self._pictures[row]

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if not 0 <= column < len(COLUMNS):
            return
        key = COLUMNS[column].key
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        kept = [self._pictures[index.row()] for index in before]
        known = [p for p in self._pictures if not _is_undefined(key(p))]
        rest = [p for p in self._pictures if _is_undefined(key(p))]
        known.sort(key=lambda p: p.badness)
        known.sort(key=key, reverse=order is Qt.SortOrder.DescendingOrder)
        self._pictures = known + rest
        row_of = {id(picture): row for row, picture in enumerate(self._pictures)}
        after = [
            self.index(row_of[id(picture)], index.column())
            for picture, index in zip(kept, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    @override
    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._pictures)

    @override
    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    @override
    def data(self, index: _Index, role: int = _Roles.DisplayRole) -> Any:
        column = COLUMNS[index.column()]
        if role == _Roles.DisplayRole:
            return column.text(self._pictures[index.row()])
        if role == _Roles.TextAlignmentRole:
            return _alignment(column)
        if role == _Roles.ToolTipRole:
            return _tip(self._pictures[index.row()])
        if role == _Roles.ForegroundRole and column.title == "Decision":
            return None if self._pictures[index.row()].is_right else self._danger
        return None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Roles.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        answers = {
            _Roles.DisplayRole: column.title,
            _Roles.ToolTipRole: column.tip,
            _Roles.TextAlignmentRole: _alignment(column),
        }
        return answers.get(_Roles(role))


def _alignment(column: _Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _is_undefined(key: object) -> bool:
    return isinstance(key, float) and isnan(key)


def _tip(picture: Picture) -> str:
    start = f"\nThe reference mask began from: {picture.start}" if picture.start else ""
    return f"{picture.image}{start}\nDouble-click to open it in the review"
