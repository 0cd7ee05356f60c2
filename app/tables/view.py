"""Every table of the last audit: what the report has, to read and to copy."""

from functools import partial

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.answers.tables import TitledTable
from app.jobs.changes import Part, has_changed
from app.jobs.manager import JobManager
from app.jobs.task import Task
from app.tables.reading import ReadTables, ShownTable, read_tables
from app.widgets.controls import label
from app.widgets.empty_state import EmptyState
from app.widgets.figure_export import FigureMenu, Numbers
from app.widgets.latest import Latest
from app.widgets.record_table import TextTable
from gsal.project import Project

__all__ = ["TablesView"]

_MOST_EM = 28
"""Width of a column, beyond which a text gives way in its middle; its tooltip has all of it."""
_NOTE_EM = 56
_TIP = "As the report has it; a right-click copies or saves it"


class TablesView(QWidget):
    """Layout and wiring; it is read again when shown after an audit."""

    def __init__(self, project: Project, manager: JobManager) -> None:
        super().__init__()
        self.setObjectName("tablesView")
        self._project = project
        self._is_stale = True
        self.shown: tuple[ShownTable, ...] | None = None
        self.reading = Latest("tables", parent=self)
        self.reading.done.connect(self._take)
        self.area = QScrollArea()
        self.area.setObjectName("tablesArea")
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.nothing = EmptyState("No tables yet", "")
        self.stack = QStackedWidget()
        # Nothing is said before it is known.
        for page in (QWidget(), self.area, self.nothing):
            self.stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.addWidget(self.stack)
        self.setFocusProxy(self.area)
        manager.ended.connect(self._job_ended)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read the last audit again."""
        self._is_stale = False
        self.reading.submit("tables", partial(read_tables, self._project))

    def shut_down(self) -> None:
        """Wait for what is being read."""
        self.reading.shut_down()

    @Slot(object)
    def _job_ended(self, task: Task) -> None:
        if has_changed(task, Part.FINDINGS):
            self._is_stale = True
            if self.isVisible():
                self.refresh()

    @Slot(object, object)
    def _take(self, key: object, found: ReadTables) -> None:
        del key
        if found.tables == self.shown:
            return
        self.shown = found.tables
        if found.problem:
            self.nothing.say(f"{found.problem} Figures > Audit and report keeps an audit.")
            self.stack.setCurrentWidget(self.nothing)
            return
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(12)
        section = ""
        for number, table in enumerate(found.tables):
            if table.section != section:
                section = table.section
                column.addWidget(label(section, role="title"))
            for part in range(len(table.parts)):
                # Each as wide as it is; only the widest is scrolled to.
                column.addWidget(_titled(table, number, part), 0, Qt.AlignmentFlag.AlignLeft)
            for note in table.notes:
                column.addWidget(_note(note))
        column.addStretch()
        self.area.setWidget(content)
        self.stack.setCurrentWidget(self.area)


def _note(text: str) -> QLabel:
    made = label(text, role="muted", wrap=True)
    # The widest table is wider than the window, and one does not scroll sideways to read.
    made.setMaximumWidth(_NOTE_EM * made.fontInfo().pixelSize())
    return made


def _titled(table: ShownTable, number: int, place: int) -> TitledTable:
    """Return a part of a table; a right-click takes the whole one elsewhere."""
    part = table.parts[place]
    made = TitledTable(
        f"{table.title} (continued)" if place else table.title,
        name=f"auditTable{number}" + (f"-{place + 1}" if place else ""),
        tip=_TIP,
        table=TextTable(part.heads, left_columns=table.left_columns),
    )
    made.view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    made.view.horizontalHeader().setMaximumSectionSize(_MOST_EM * made.fontInfo().pixelSize())
    made.show_rows(part.heads, part.rows)
    made.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    made.view.customContextMenuRequested.connect(partial(_offer, made, table))
    return made


def _offer(titled: TitledTable, table: ShownTable, at: QPoint) -> None:
    numbers = Numbers(table.columns, table.rows)
    FigureMenu(titled.view, lambda: numbers).popup(titled.view.mapToGlobal(at))
