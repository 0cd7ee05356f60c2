"""The self-test of an installed program: the main job in miniature, then the window on its project."""

import os
import platform
import sqlite3
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer, qVersion
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from gsal.display import has_display
from gsal.errors import GsalError
from gsal.licences import known
from gsal.version import __version__

__all__ = ["run_selftest"]

_SHOWN = (
    *("torch", "torchvision", "numpy", "scipy", "statsmodels", "opencv-python-headless"),
    *("SQLAlchemy", "pyqtgraph", "matplotlib", "fpdf2"),
)
_HOMES = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "TORCH_HOME")
_LOOK_MS, _PATIENCE_MS = 50, 60_000
_LEAST_COLOURS = 16
"""Of a page that shows something."""


def run_selftest(log: Path | None = None) -> int:
    """Run it and say what was done; return the exit status, 0 if all of it works.

    Args:
        log: Also written there, for programs without a terminal.
    """
    # Settings, caches and logs of whoever runs it are left alone.
    with tempfile.TemporaryDirectory(prefix="gsal-selftest-") as name, _written(log) as say:
        folder = Path(name)
        for variable in (*_HOMES, "TMPDIR"):
            os.environ[variable] = name
        tempfile.tempdir = name
        if not has_display():
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
        started = time.monotonic()
        try:
            for line in _lines(folder):
                say(line)
        except Exception:  # noqa: BLE001 - whatever went wrong is what this is to tell
            say(traceback.format_exc())
            say("FAILED")
            return 1
        say(f"All works ({time.monotonic() - started:.1f} s).")
        return 0


def _lines(folder: Path) -> Iterator[str]:
    from gsal.jobs.selftest import run_in_miniature
    from gsal.progress import JobContext

    yield from _versions()
    for step in run_in_miniature(folder, JobContext()):
        yield f"ok  {step.seconds:6.2f} s  {step.title}"
    yield from _written_files(folder / "project")
    started = time.monotonic()
    shown = _look(folder / "project")
    yield f"ok  {time.monotonic() - started:6.2f} s  Window: {shown}"


def _versions() -> Iterator[str]:
    yield f"gsal {__version__}, {platform.platform()}, Python {platform.python_version()}, Qt {qVersion()}"
    yield ", ".join(f"{part.name} {part.version}" for part in known() if part.name in _SHOWN)
    yield f"SQLite {sqlite3.sqlite_version}"


def _written_files(project: Path) -> Iterator[str]:
    from gsal.jobs.reports.write import PDF_NAME, REPORT_NAME

    for name, start in ((REPORT_NAME, b"<!doctype html>"), (PDF_NAME, b"%pdf-")):
        content = (project / "exports" / name).read_bytes()
        if not content.lower().startswith(start):
            raise GsalError(f"{name} was written, but is not what it should be.")
        yield f"ok  {len(content) // 1024:6} kB {name}"
    with sqlite3.connect(project / "project.sqlite") as database:
        (answer,) = database.execute("PRAGMA integrity_check").fetchone()
    if answer != "ok":
        raise GsalError(f"The database is damaged: {answer}")
    yield "ok           database whole"


def _look(project: Path) -> str:
    """Open the window on a project, go through its pages, and look at what it draws."""
    from app.garbage import GarbageCollector
    from app.header import PAGES
    from app.main_window import MainWindow
    from app.settings import Settings
    from app.theme import Theme

    application = QApplication(sys.argv[:1])
    garbage = GarbageCollector(application)
    settings = Settings()
    window = MainWindow(Theme(application, choice=settings.theme, font_scale=settings.font_scale), settings)
    window.show()
    window.open_project(project)
    workspace = window.workspace
    if workspace is None:
        raise GsalError("The window did not open the project.")
    for number, title in enumerate(PAGES):
        workspace.show_page(number)
        if title == "Audit":
            _wait_until(lambda: bool(workspace.audit.source.figures.models))
        _wait_until(lambda: _colours(window.grab().toImage()) >= _LEAST_COLOURS)
    window.close()
    window.shut_down()
    garbage.stop()
    # What the window remembers is written before its folder goes, not when Qt is taken down.
    settings.keep()
    return ", ".join(PAGES)


def _wait_until(is_done: Callable[[], bool]) -> None:
    """Let the window work until something is there.

    Raises:
        GsalError: It has not come after a minute.
    """
    loop, looking, patience = QEventLoop(), QTimer(), QTimer()
    looking.timeout.connect(lambda: loop.quit() if is_done() else None)
    patience.setSingleShot(True)
    patience.timeout.connect(lambda: loop.exit(1))
    looking.start(_LOOK_MS)
    patience.start(_PATIENCE_MS)
    if loop.exec():
        raise GsalError("The window did not answer.")


def _colours(image: QImage) -> int:
    step = max(1, image.width() // 200)
    columns, rows = range(0, image.width(), step), range(0, image.height(), step)
    return len({image.pixel(x, y) for x in columns for y in rows})


@contextmanager
def _written(log: Path | None) -> Iterator[Callable[[str], None]]:
    file = log.open("w", encoding="utf-8") if log else None

    def say(line: str) -> None:
        if sys.stdout is not None:
            print(line, flush=True)  # noqa: T201 - the terminal is whom it tells
        if file is not None:
            file.write(f"{line}\n")
            file.flush()

    try:
        yield say
    finally:
        if file is not None:
            file.close()
