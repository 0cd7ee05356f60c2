"""Asked to stop from outside, the window closes properly."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gsal.project import Project

STARTED = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from app import application
run = application.MainWindow.open_project
def opened(self, folder, **more):
    run(self, folder, **more)
    print("open", flush=True)
application.MainWindow.open_project = opened
sys.exit(application.run(Path(sys.argv[1])))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_project_is_given_back_when_the_system_asks_to_stop(
    tmp_path: Path, number: signal.Signals
) -> None:
    Project.create(tmp_path / "project").close()
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
    command = [sys.executable, "-c", STARTED, str(tmp_path / "project")]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "open\n"
        child.send_signal(number)
        assert child.wait(30) == 0
    left = [path.name for path in (tmp_path / "project").iterdir()]
    assert not [name for name in left if name.endswith("-wal")], "the last commits are in the database itself"
    Project.open(tmp_path / "project").close()
