"""The window's top line: pages, project, what runs, who reads."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QProgressBar, QToolButton, QWidget

from app.jobs.task import Task, TaskState, progress_text
from app.widgets.controls import IconButton, label, named
from gsal.records import Reader

__all__ = ["PAGES", "Header"]

PAGES = ("Library", "Review", "Training", "Audit")
_BAR_WIDTH = 96


class Header(QWidget):
    """Buttons and texts; what they do is the window's business.

    Signals:
        page_asked(number)
        cancel_asked(), jobs_asked(), reader_asked(), menu_asked()
    """

    page_asked = Signal(int)
    cancel_asked = Signal()
    jobs_asked = Signal()
    reader_asked = Signal()
    menu_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.project = label(name="projectName")
        self.menu = named(IconButton("menu", role="quiet"), "mainMenu", "Open another project, appearance")
        self.menu.clicked.connect(self.menu_asked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(4)
        layout.addWidget(self.menu)
        layout.addWidget(self.project)
        layout.addSpacing(16)
        self._pages = QButtonGroup(self)
        self._pages.setExclusive(True)
        for number, title in enumerate(PAGES):
            layout.addWidget(self._page_button(number, title))
        layout.addStretch()
        for widget in self._job_widgets():
            layout.addWidget(widget)
        layout.addSpacing(8)
        self.reader = named(
            IconButton("account-outline", text="Reader", role="quiet"), "reader", "Who is reading"
        )
        self.reader.clicked.connect(self.reader_asked)
        layout.addWidget(self.reader)
        # What a job shows must not make the page below jump.
        self.setFixedHeight(self.sizeHint().height())
        self.show_task(None)

    def show_project(self, name: str, *, is_read_only: bool) -> None:
        """Show the project's name."""
        self.project.setText(f"{name} (read only)" if is_read_only else name)
        self.reader.setVisible(not is_read_only)

    def show_page(self, number: int) -> None:
        """Show which page is open."""
        self._pages.button(number).setChecked(True)

    def show_reader(self, reader: Reader | None) -> None:
        """Show who is reading."""
        self.reader.setText(reader.name if reader else "Reader")

    @Slot(object)
    def show_task(self, task: Task | None) -> None:
        """Show the job that runs; None when there is none."""
        is_running = task is not None and not task.state.is_over
        for widget in (self.job, self.bar, self.stop):
            widget.setVisible(is_running)
        if task is None or not is_running:
            return
        progress = task.progress
        self.bar.setRange(0, progress.total if progress else 0)
        if progress is not None:
            self.bar.setValue(progress.done)
        stopping = task.state is TaskState.STOPPING
        self.stop.setEnabled(not stopping)
        text = progress_text(progress) if progress else task.job.title
        self.job.setText("Stopping..." if stopping else text)

    def _page_button(self, number: int, title: str) -> QToolButton:
        button = QToolButton()
        button.setText(title)
        button.setCheckable(True)
        button.setProperty("role", "tab")
        named(button, f"page{title}", title, key=f"Ctrl+{number + 1}")
        button.setShortcut(f"Ctrl+{number + 1}")
        button.clicked.connect(lambda: self.page_asked.emit(number))
        self._pages.addButton(button, number)
        return button

    def _job_widgets(self) -> tuple[QWidget, ...]:
        self.job = label(role="muted", name="jobText")
        self.bar = QProgressBar()
        self.bar.setObjectName("jobProgress")
        self.bar.setAccessibleName("Progress of the job that runs")
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(_BAR_WIDTH)
        self.stop = named(
            IconButton("stop", role="quiet"), "cancelCurrent", "Stop the job; it can be resumed"
        )
        self.stop.clicked.connect(self.cancel_asked)
        self.jobs = named(
            IconButton("progress-clock", text="Jobs", role="quiet"), "showJobs", "Jobs", key="Ctrl+J"
        )
        self.jobs.setShortcut("Ctrl+J")
        self.jobs.setCheckable(True)
        self.jobs.clicked.connect(self.jobs_asked)
        return self.job, self.bar, self.stop, self.jobs
