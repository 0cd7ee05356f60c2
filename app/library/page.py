"""The library page: the pictures with label, ink and status, finding some of them, and import.

What only a dialog or a job needs is imported when that is asked for: the library is the first thing seen.
"""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.jobs.manager import JobManager
from app.jobs.task import Task, TaskState
from app.library.file_notice import said
from app.library.listing import Listing, read_listing, read_rows
from app.library.picture_table import PictureTable
from app.library.thumbnails import THUMBNAIL_PX, Thumbnails
from app.widgets.controls import label, named, primary_button, push_button
from app.widgets.dialogs import show_problems
from app.widgets.empty_state import EmptyState
from app.widgets.latest import Latest
from app.widgets.lazy_rows import LazyRows
from app.widgets.record_table import table_view
from gsal.jobs.job import Job
from gsal.project import Project
from gsal.records import LibraryColumn, LibraryRequest, LibraryRow

if TYPE_CHECKING:
    from app.library.mask_files import ExportMasksDialog, ImportMasksDialog

__all__ = ["LibraryPage"]

_CHANGING_JOBS = {"import images", "import masks", "propose", "segment", "cohort create", "demo"}
_WIDTHS_PX = (400, 90, 90, 130, 110, 140)


class LibraryPage(QWidget):
    """Layout and wiring of the library.

    Signals:
        opened(image_id): The user wants to look at a picture.
        maps_asked(image_id): The user wants to see what classifiers look at in it.
    """

    opened = Signal(int)
    maps_asked = Signal(int)

    def __init__(self, project: Project, manager: JobManager) -> None:
        super().__init__()
        self.setObjectName("libraryPage")
        self._project, self._manager = project, manager
        self._reader_id: int | None = None
        self._file_tasks: set[Task] = set()
        self._problems: list[tuple[str, str, str]] = []
        self._order: LibraryColumn | None = None
        self._is_descending = False
        self.reading = Latest("library", parent=self)
        self.reading.done.connect(self._show_pictures)
        self._thumbnails = Thumbnails(project, parent=self)
        self.rows: LazyRows[int, LibraryRow] = LazyRows(self._read_rows, parent=self)
        self.table = PictureTable(self.rows, self._thumbnails, parent=self)
        self._make_controls()
        self._lay_out()
        manager.ended.connect(self._job_ended)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read the list again."""
        request = self._request()
        self.reading.submit(request, partial(read_listing, self._project, request))

    @Slot(int)
    def renew(self, image_id: int) -> None:
        """Show what is new about a picture; the list stays as it is."""
        self.table.renew(image_id)

    @Slot(int)
    def set_reader(self, reader_id: int) -> None:
        """Show this reader's verdicts."""
        self._reader_id = reader_id
        self.refresh()

    def shut_down(self) -> None:
        """Wait for what is being read."""
        self.reading.shut_down()
        self.rows.shut_down()
        self._thumbnails.shut_down()

    @Slot()
    def ask_import(self) -> None:
        """Ask what to import."""
        from app.library.import_dialog import ImportDialog

        dialog = ImportDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self._start_files)
        dialog.open()

    @Slot()
    def ask_import_masks(self) -> None:
        """Ask which masks to take in."""
        from app.library.mask_files import ImportMasksDialog

        self._ask_files(ImportMasksDialog(self._project.store.readers.all(), parent=self))

    @Slot()
    def ask_export_masks(self) -> None:
        """Ask where to write masks to."""
        from app.library.mask_files import ExportMasksDialog

        self._ask_files(ExportMasksDialog(parent=self))

    @Slot()
    def propose_masks(self) -> None:
        """Let the rules look for ink."""
        from gsal.jobs.masks.propose import Propose

        self._manager.submit(Propose.as_last(self._project))

    def _ask_files(self, dialog: "ImportMasksDialog | ExportMasksDialog") -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self._start_files)
        dialog.open()

    def _make_controls(self) -> None:
        self.count = label(role="muted", name="pictureCount")
        self.search = named(QLineEdit(), "pictureSearch", "Find by name, patient or status", key="Ctrl+F")
        self.search.setPlaceholderText("Find a picture")
        self.search.setClearButtonEnabled(True)
        self.labels = named(QComboBox(), "labelFilter", "Show pictures of one label")
        self.labels.addItem("All labels", None)
        self.ink = named(QComboBox(), "inkFilter", "Show pictures with or without ink")
        for text, value in (("Ink or none", None), ("With ink", True), ("Without ink", False)):
            self.ink.addItem(text, value)
        self.propose = push_button("proposeMasks", "Propose masks", "Find ink with the three rules")
        self.add = primary_button("importPictures", "Import pictures...", "Import a folder", key="Ctrl+I")
        self.add.setShortcut("Ctrl+I")
        self.notice = label(role="muted", name="importNotice", wrap=True)
        self.show_problems = push_button("showProblems", "Show files", "Files that were left out, and why")
        self.view = table_view(self.table, name="pictureTable", tip="Pictures of the project")
        header = self.view.horizontalHeader()
        # Columns that fit their contents would have every thumbnail read.
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate(_WIDTHS_PX):
            self.view.setColumnWidth(column, width)
        self.view.setIconSize(QSize(THUMBNAIL_PX, THUMBNAIL_PX))
        self.view.verticalHeader().setDefaultSectionSize(THUMBNAIL_PX + 8)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.view.setSortingEnabled(True)
        self.table.sorting.connect(self._sort)
        self.view.doubleClicked.connect(self._open)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._offer)
        self.search.textChanged.connect(self.refresh)
        self.labels.currentIndexChanged.connect(self.refresh)
        self.ink.currentIndexChanged.connect(self.refresh)
        self.add.clicked.connect(self.ask_import)
        self.propose.clicked.connect(self.propose_masks)
        self.show_problems.clicked.connect(self._list_problems)
        if self._project.read_only:
            self.add.setEnabled(False)
            self.propose.setEnabled(False)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(label("Pictures", role="title"))
        top.addWidget(self.count)
        top.addStretch()
        self.search.setFixedWidth(220)
        for widget in (self.search, self.labels, self.ink, self.propose, self.add):
            top.addWidget(widget)
        self.strip = QWidget()
        strip = QHBoxLayout(self.strip)
        strip.setContentsMargins(0, 0, 0, 0)
        strip.addWidget(self.notice, 1)
        strip.addWidget(self.show_problems)
        self.strip.hide()
        first = primary_button("firstImport", "Import pictures...", "Import a folder of photographs")
        first.clicked.connect(self.ask_import)
        first.setEnabled(not self._project.read_only)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.view)
        self.stack.addWidget(
            EmptyState(
                "No pictures yet",
                "Import a folder of skin-lesion photographs with a labels.csv beside them, or one subfolder "
                "per class. Nothing is copied or changed.",
                first,
            )
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.strip)
        layout.addWidget(self.stack, 1)

    @Slot(object)
    def _start_files(self, job: Job) -> None:
        self._file_tasks.add(self._manager.submit(job))

    def _request(self) -> LibraryRequest:
        return LibraryRequest(
            text=self.search.text().strip(),
            label=self.labels.currentData(),
            inked=self.ink.currentData(),
            reader_id=self._reader_id,
            order=self._order,
            is_descending=self._is_descending,
        )

    def _read_rows(self, image_ids: Sequence[int]) -> dict[int, LibraryRow]:
        return read_rows(self._project, self._reader_id, image_ids)

    @Slot(object, bool)
    def _sort(self, column: LibraryColumn | None, is_descending: bool) -> None:
        self._order, self._is_descending = column, is_descending
        self.refresh()

    @Slot(object, object)
    def _show_pictures(self, request: LibraryRequest, listing: Listing) -> None:
        del request
        self.table.show_pictures(listing.image_ids)
        self.stack.setCurrentIndex(0 if listing.total else 1)
        self._fill_labels(listing.labels)
        self.propose.setEnabled(bool(listing.total) and not self._project.read_only)
        shown, total = len(listing.image_ids), listing.total
        self.count.setText(f"{shown:,}" if shown == total else f"{shown:,} of {total:,}")

    def _fill_labels(self, labels: list[str]) -> None:
        chosen = self.labels.currentData()
        self.labels.blockSignals(True)
        self.labels.clear()
        self.labels.addItem("All labels", None)
        for name in labels:
            self.labels.addItem(name or "(no label)", name)
        self.labels.setCurrentIndex(max(0, self.labels.findData(chosen)))
        self.labels.blockSignals(False)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self.table.image_id(index.row()))

    @Slot(QPoint)
    def _offer(self, at: QPoint) -> None:
        index = self.view.indexAt(at)
        if not index.isValid():
            return
        image_id = self.table.image_id(index.row())
        menu = QMenu(self)
        menu.setObjectName("pictureMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open in review").triggered.connect(lambda: self.opened.emit(image_id))
        menu.addAction("Saliency maps...").triggered.connect(lambda: self.maps_asked.emit(image_id))
        menu.popup(self.view.viewport().mapToGlobal(at))

    @Slot(object)
    def _job_ended(self, task: Task) -> None:
        if task.job.kind in _CHANGING_JOBS:
            self.refresh()
        if task in self._file_tasks:
            # What failed or was stopped is told by the jobs panel.
            self._file_tasks.discard(task)
            if task.state is TaskState.DONE:
                self._tell(task)

    def _tell(self, task: Task) -> None:
        result = task.result
        self._problems = [
            (p["file"], p["reason"], "" if p.get("line") is None else str(p["line"]))
            for p in result.get("problems", ())
        ]
        self.notice.setText(said(task.job.kind, result))
        self.show_problems.setVisible(bool(self._problems))
        self.strip.show()

    @Slot()
    def _list_problems(self) -> None:
        show_problems(self, f"{len(self._problems)} files were left out", self._problems)
