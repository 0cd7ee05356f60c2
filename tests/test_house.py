"""The house keeps its own rules: small rooms, one-way arrows, traps settled."""

import ast
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parent.parent
MODULES = sorted([*(ROOT / "gsal").rglob("*.py"), *(ROOT / "app").rglob("*.py")])


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_says_what_it_is_for_and_stays_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(text))
    assert docstring or not text.strip(), "every module begins with what it is for"
    # A migration lists what it makes; it is history and never grows.
    assert text.count("\n") <= 300 or "migrations" in path.parts


def test_what_is_unsafe_or_forbidden_is_not_written() -> None:
    banned = re.compile(
        r"weights_only=False|allow_pickle=True|\byaml\.load\(|(?<![\w.])eval\(|processEvents|\.terminate\(\)"
    )
    for path in MODULES:
        assert not banned.search(path.read_text(encoding="utf-8")), path


def test_the_ui_toolkit_is_one_that_does_not_abort_on_this_python() -> None:
    """PySide6 6.12.0 aborts Python 3.11 after some thousand signals (PYSIDE-3474)."""
    requirements = [Requirement(text) for text in metadata.requires("gsal") or []]
    pyside = [r for r in requirements if r.name == "PySide6-Essentials" and r.marker and r.marker.evaluate()]
    assert len(pyside) == 1
    if sys.version_info < (3, 12):
        assert Version("6.12.0") not in pyside[0].specifier
        code = (
            "from PySide6.QtWidgets import QApplication, QWidget\n"
            "app = QApplication([]); widget = QWidget()\n"
            "for _ in range(200_000): widget.update()\n"
            "print('survived')"
        )
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        result = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
        )
        assert result.stdout == "survived\n", result.stderr


def test_opencv_brings_no_second_qt() -> None:
    """opencv-python carries Qt 5 and points Qt's plugins at it; the headless build is the same module."""
    with pytest.raises(metadata.PackageNotFoundError):
        metadata.version("opencv-python")
    code = "import os, cv2; print(os.environ.get('QT_QPA_PLATFORM_PLUGIN_PATH'))"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("QT_")}
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout == "None\n"


def test_the_pinned_pair_of_torch_and_torchvision_is_installed() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    pins = dict(line.split("==", 1) for line in lines if "==" in line)
    assert Version(metadata.version("torch")).public == pins["torch"]
    assert Version(metadata.version("torchvision")).public == pins["torchvision"]


def test_nothing_heavy_is_imported_for_help_or_the_job_list() -> None:
    code = (
        "import sys; import gsal.cli\n"
        "heavy = {'torch', 'cv2', 'sqlalchemy', 'scipy', 'matplotlib', 'PIL'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "import gsal.jobs.catalogue\n"
        "assert 'torch' not in sys.modules and 'matplotlib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
