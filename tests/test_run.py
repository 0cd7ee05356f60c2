"""`./run` as a shell meets it."""

import os
import subprocess
from pathlib import Path

import pytest

from gsal.version import __version__

RUN = Path(__file__).parent.parent / "run"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a POSIX shell script")


def test_it_is_posix_shell() -> None:
    subprocess.run(["sh", "-n", str(RUN)], check=True)
    assert RUN.read_text(encoding="utf-8").startswith("#!/bin/sh\n")


def test_without_a_command_it_says_what_there_is() -> None:
    shown = subprocess.run([str(RUN)], capture_output=True, text=True, check=True).stdout
    for command in ("demo", "app", "gsal", "test", "lint", "format", "bench"):
        assert command in shown


def test_an_unknown_command_is_refused() -> None:
    result = subprocess.run([str(RUN), "frobnicate"], capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "unknown command: frobnicate" in result.stderr


@pytest.mark.skipif(not (RUN.parent / ".venv").exists(), reason="not set up by ./run")
def test_paths_are_relative_to_where_the_user_is(tmp_path: Path) -> None:
    result = subprocess.run(
        [str(RUN), "gsal", "new", "study"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "Made project study" in result.stdout
    assert (tmp_path / "study" / "project.sqlite").is_file()
    version = subprocess.run([str(RUN), "gsal", "--version"], capture_output=True, text=True, check=True)
    assert version.stdout.strip() == __version__
