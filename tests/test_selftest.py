"""The self-test of an installed program, from the sources: it works without a network and leaves nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gsal.version import __version__

ROOT = Path(__file__).resolve().parents[1]


def without_network() -> list[str]:
    """Return the words before a command that take the network from it; skips where that is not allowed."""
    alone = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("this system does not let a program be run without a network")
    return alone


@pytest.mark.slow
def test_everything_works_without_a_network(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    environment = os.environ | {"HOME": str(home), "QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(tmp_path)}
    log = tmp_path / "log.txt"
    command = [*without_network(), sys.executable, "-m", "app", "--selftest", "--log", str(log)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines == log.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith(f"gsal {__version__}, ")
    assert lines[-1].startswith("All works")
    for words in (
        "Training bisenet",
        "Training net",
        "Computing saliency",
        "Auditing",
        "report.pdf",
        "Window: Library",
    ):
        assert any(line.startswith("ok") and words in line for line in lines), words
    assert [path.name for path in home.iterdir()] == [], "whoever runs it keeps their own settings"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "log.txt"]


def test_what_fails_is_told(tmp_path: Path) -> None:
    """Without room for its pictures it ends with what went wrong."""
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "TMPDIR": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }
    broken = "import gsal.synthetic.pool as p; p.write_pool = lambda *a, **k: 1 / 0\n"
    command = [
        sys.executable,
        "-c",
        f"{broken}from app.selftest import run_selftest; raise SystemExit(run_selftest())",
    ]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stdout
    assert done.stdout.splitlines()[-1] == "FAILED"
