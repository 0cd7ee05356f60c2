"""The measured pictures: a table, what is kept from a reader in it, and the picture that is chosen."""

from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from app.segmenter.measured import Measured, Picture
from app.segmenter.pair import Pair, read_pair
from app.segmenter.pair_view import PairView
from app.segmenter.picture_table import COLUMNS, PictureTable
from app.theme import Theme
from app.widgets.controls import label, push_button
from app.widgets.latest import Latest
from app.widgets.record_table import table_view
from gsal.errors import GsalError
from gsal.project import Project

__all__ = ["MeasuredPictures"]

_WIDTHS_PX = (150, 60, 56, 56, 60, 148, 74, 80, 64, 60)
_ROW_PX = 28
_TEXT_PX = 13
_KEPT_BACK = (
    "{count} not listed: you have still to read them without knowing what others found, and seeing them here "
    "would spoil that."
)


class MeasuredPictures(QWidget):
    """The table; the picture beside it is `pair`, for whoever lays both out.

    Signals:
        opened(image_id): The user wants the picture in the review.
    """

    opened = Signal(int)

    def __init__(self, project: Project, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("measuredPictures")
        self._project, self._theme = project, theme
        self._measured: Measured | None = None
        self._unread: frozenset[int] = frozenset()
        self._shows_all = False
        self.table = PictureTable(parent=self)
        self.pair = PairView()
        self.reading = Latest("masks", parent=self)
        self.reading.done.connect(self._show_pair)
        self.reading.failed.connect(self._show_failure)
        self._make_view()
        self._lay_out()
        self.pair.open_asked.connect(self.opened)
        theme.changed.connect(self._recolour)
        self._recolour()

    def show_measured(self, measured: Measured, unread: frozenset[int]) -> None:
        """List a measurement's pictures.

        Args:
            measured: The measurement.
            unread: Numbers of pictures that the reader has still to read blind.
        """
        chosen = self.chosen
        self._measured, self._unread = measured, unread
        self._list()
        row = next((r for r in range(self.table.rowCount()) if self._is_same(r, chosen)), 0)
        if self.table.rowCount():
            self.view.selectRow(row)
            self.view.scrollTo(self.table.index(row, 0))
        else:
            self.pair.show_nothing("No picture to show.")

    @property
    def chosen(self) -> Picture | None:
        """The picture that is shown."""
        rows = self.view.selectionModel().selectedRows()
        return self.table.picture(rows[0].row()) if rows else None

    def shut_down(self) -> None:
        """Wait for what is being read."""
        self.reading.shut_down()

    def _is_same(self, row: int, chosen: Picture | None) -> bool:
        return chosen is not None and self.table.picture(row).image_id == chosen.image_id

    def _make_view(self) -> None:
        self.view = table_view(
            self.table, name="measuredPictureTable", tip="Measured pictures; a click shows both masks"
        )
        header = self.view.horizontalHeader()
        # Columns that fit their contents would ask thousands of rows.
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in zip(range(len(COLUMNS)), _WIDTHS_PX, strict=True):
            self.view.setColumnWidth(column, round(width * self.fontInfo().pixelSize() / _TEXT_PX))
        self.view.verticalHeader().setDefaultSectionSize(_ROW_PX)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        # No column at first: the worst pictures come first by several figures.
        self.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.view.setSortingEnabled(True)
        self.view.selectionModel().currentRowChanged.connect(self._choose)
        self.view.doubleClicked.connect(self._open)
        header.sortIndicatorChanged.connect(self._show_count)

    def _lay_out(self) -> None:
        self.count = label(role="muted", name="measuredCount")
        self.kept_back = label(role="muted", name="keptBack", wrap=True)
        self.show_all = push_button(
            "showKeptBack", "List them all", "List them: your own reading of them would not be blind then"
        )
        self.show_all.clicked.connect(self._ask_all)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(label("Pictures", role="section"))
        top.addWidget(self.count)
        top.addStretch()
        self.strip = QWidget()
        strip = QHBoxLayout(self.strip)
        strip.setContentsMargins(0, 0, 0, 0)
        strip.addWidget(self.kept_back, 1)
        strip.addWidget(self.show_all)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.strip)
        layout.addWidget(self.view, 1)

    def _list(self) -> None:
        if self._measured is None:
            return
        pictures = self._measured.pictures
        left_out = frozenset() if self._shows_all else self._unread
        self.table.show_pictures(pictures, left_out=left_out)
        header = self.view.horizontalHeader()
        if 0 <= header.sortIndicatorSection() < len(COLUMNS):
            self.table.sort(header.sortIndicatorSection(), header.sortIndicatorOrder())
        n = len(pictures) - self.table.rowCount()
        self.kept_back.setText(_KEPT_BACK.format(count="1 picture is" if n == 1 else f"{n:,} pictures are"))
        self.strip.setVisible(n > 0)
        self._show_count()

    @Slot()
    def _show_count(self) -> None:
        if self._measured is None:
            return
        pictures = self._measured.pictures
        wrong = sum(not picture.is_right for picture in pictures)
        is_sorted = 0 <= self.view.horizontalHeader().sortIndicatorSection() < len(COLUMNS)
        order = "" if is_sorted else ", the worst first"
        self.count.setText(f"{len(pictures):,}{order}; the decision is wrong on {wrong:,}")

    @Slot()
    def _ask_all(self) -> None:
        self._shows_all = True
        if self._measured is not None:
            self.show_measured(self._measured, self._unread)

    @Slot()
    def _recolour(self) -> None:
        self.table.colour_mistakes(self._theme.colours.danger)

    @Slot(QModelIndex, QModelIndex)
    def _choose(self, index: QModelIndex, before: QModelIndex) -> None:
        del before
        if index.isValid():
            picture = self.table.picture(index.row())
            self.pair.begin(picture)
            self.reading.submit(picture, partial(read_pair, self._project, picture))

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self.table.picture(index.row()).image_id)

    @Slot(object, object)
    def _show_pair(self, picture: Picture, pair: Pair) -> None:
        self.pair.show_pair(picture, pair)

    @Slot(object, object)
    def _show_failure(self, picture: Picture, error: BaseException) -> None:
        if not isinstance(error, GsalError | OSError):
            raise error
        self.pair.show_failure(picture, str(error))
