"""The terminal's commands under torchrun: two processes, one project, one result."""

import json
import os
import subprocess
import sys
from pathlib import Path

from gsal.project import Project
from gsal.records import JobStatus, ModelStatus

REPOSITORY = Path(__file__).parents[2]
TORCHRUN = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")


def torchrun(*arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, *TORCHRUN, "-m", "gsal", *map(str, arguments)]
    return subprocess.run(
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )


def test_two_processes_train_one_classifier_of_a_project(finished_copy: Path) -> None:
    with Project.open(finished_copy, read_only=True) as project:
        before = len(project.store.jobs.all())
    asked = ("--cohort", "biased", "--name", "two", "--recipe", "demo", "--epochs", "1", "--json")
    ended = torchrun("train", "classifier", finished_copy, *asked)
    assert ended.returncode == 0, ended.stderr[-3000:]
    (result,) = json.loads(ended.stdout)["models"]
    assert result["status"] == "trained", "and it is printed once"
    with Project.open(finished_copy, read_only=True) as project:
        model = project.store.models.get("two")
        assert model.status is ModelStatus.READY
        assert model.run_card["processes"] == 2
        *_, job = jobs = project.store.jobs.all()
        assert (job.kind, job.status) == ("train classifier", JobStatus.DONE)
        assert len(jobs) == before + 1, "the second process keeps no book"


def test_a_job_of_one_process_says_so(finished_copy: Path) -> None:
    ended = torchrun("report", finished_copy)
    assert ended.returncode != 0
    assert "start it without torchrun" in ended.stderr
