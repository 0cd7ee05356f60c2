"""Asked to stop from outside, the window closes properly."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gsal.project import Project
from gsal.records import JobStatus

STARTED = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from app import application
run = application.MainWindow.open_project
def opened(self, folder, **more):
    run(self, folder, **more)
    if "job" in sys.argv:
        from gsal.jobs.masks.propose import Propose
        from gsal.progress import JobContext
        def run_long(self, ctx, project):
            print("running", flush=True)
            ctx.cancel.wait()
            ctx.check()
        Propose.run = run_long
        self.workspace.manager.submit(Propose())
    else:
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


def test_a_job_that_runs_is_stopped_without_asking(tmp_path: Path) -> None:
    Project.create(tmp_path / "project").close()
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
    command = [sys.executable, "-c", STARTED, str(tmp_path / "project"), "job"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "running\n"
        child.send_signal(signal.SIGTERM)
        assert child.wait(30) == 0
    with Project.open(tmp_path / "project") as project:
        (job,) = project.store.jobs.all()
    assert job.status is JobStatus.CANCELLED
