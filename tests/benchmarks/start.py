"""How long until the window is painted: `python -m tests.benchmarks.start [--json]`.

Each row is a process of its own, started `REPEATS` times after one to warm up; seconds from the start of the
process. The peer is a bare window with the libraries that a review cannot do without.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from gsal.project import Project
from tests.benchmarks.harness import Row, main

REPEATS = 5

_TOLD = "import os, time; print(time.time() - float(os.environ['BEGUN']))\n"
_OURS = """
import os
import sys
import time
from pathlib import Path
from gsal.threads import share_cores
share_cores()
from PySide6.QtCore import QObject, QEvent
from PySide6.QtWidgets import QApplication
from app.application import MainWindow, Settings, Theme

class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched.objectName() == WANTED:
            print(time.time() - float(os.environ["BEGUN"]), flush=True)
            os._exit('torch' in sys.modules)
        return False

application = QApplication([])
watch = Watch()
application.installEventFilter(watch)
settings = Settings(Path(FOLDER) / "settings.ini")
window = MainWindow(Theme(application, choice=settings.theme, font_scale=settings.font_scale), settings)
window.show()
if PROJECT:
    window.open_at_once(Path(PROJECT))
application.exec()
"""
_BARE = f"""
import numpy, sqlalchemy, pyqtgraph, cv2
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication([])
window = QMainWindow()
window.show()
application.processEvents()
{_TOLD}
"""


def seconds(code: str) -> float:
    """Return the median of some processes."""
    taken = []
    for _ in range(REPEATS + 1):
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "BEGUN": str(time.time())}
        command = [sys.executable, "-c", code]
        ended = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        taken.append(float(ended.stdout))
    return median(taken[1:])


def measure() -> list[Row]:
    """Measure the window without a project, with one's name, with its library, and the peer."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        Project.create(project).close()
        for case, wanted, opened in (
            ("window without a project", "welcome", ""),
            ("window that names the project it opens", "opening", str(project)),
            ("window with the project opened", "workspace", str(project)),
        ):
            code = f"WANTED, FOLDER, PROJECT = {wanted!r}, {folder!r}, {opened!r}\n{_OURS}"
            found.append(Row(case, "ours", "painted", seconds(code), "s"))
    found.append(Row("a bare window", "its libraries", "painted", seconds(_BARE), "s"))
    return found


if __name__ == "__main__":
    main(measure)
