"""What is put beside the program when it is installed, as far as it can be tried without building it."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from importlib import import_module
from pathlib import Path

import pytest
import typer
from defusedxml import ElementTree

from gsal.cli import app
from gsal.licences import installed, to_json, to_text
from gsal.version import __version__

ROOT = Path(__file__).resolve().parents[1]
PACKAGING = ROOT / "packaging"


@pytest.fixture(autouse=True)
def beside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let modules of packaging/ be imported as its programs import them."""
    monkeypatch.syspath_prepend(str(PACKAGING))
    before = set(sys.modules)
    yield
    for name in {"artwork", "linux", "manpage", "windows", "macos"} & (set(sys.modules) - before):
        del sys.modules[name]


def dropped() -> re.Pattern[str]:
    """What the one-folder build leaves out."""
    text = (PACKAGING / "gsal.spec").read_text(encoding="utf-8")
    block = text[text.index("DROPPED = ") : text.index("def is_kept")]
    space: dict[str, re.Pattern[str]] = {}
    exec(f"import re\n{block}", space)  # noqa: S102 - our own file
    return space["DROPPED"]


@pytest.mark.parametrize(
    "path",
    [
        "torch/bin/torch_shm_manager",
        "torch/testing/__init__.py",
        "torch/testing/_internal/common_utils.py",
        "torch/nn/modules/conv.py",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/lib/libQt6Svg.so.6",
        "resources/style.qss",
        "gsal/reports/templates/report.html",
        "gsal/storage/migrations/env.py",
        "matplotlib/mpl-data/fonts/ttf/DejaVuSans.ttf",
    ],
)
def test_what_is_needed_stays(path: str) -> None:
    assert not dropped().search(path)


@pytest.mark.parametrize(
    "path",
    [
        "torch/bin/protoc",
        "torch/include/ATen/ATen.h",
        "torch/lib/libtorch.lib",
        "scipy/stats/tests/test_stats.py",
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "cv2/data/haarcascade_eye.xml",
    ],
)
def test_what_is_not_needed_goes(path: str) -> None:
    assert dropped().search(path)


def test_manuals_tell_every_command() -> None:
    manual = import_module("manpage").manual

    page = manual("gsal")
    assert page.startswith('.TH GSAL 1 "" "gsal ')
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        names = [f"{name} {inner}" for inner in getattr(command, "commands", {})] or [name]
        for full in names:
            assert f".B {full}\n".replace("-", "\\-") in page
    assert "selftest" in manual("gsal-app")


def test_menu_entry_and_type_of_projects() -> None:
    entry = ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(PACKAGING / "linux" / "gsal.desktop", encoding="utf-8")
    values = entry["Desktop Entry"]
    kind = ElementTree.parse(PACKAGING / "linux" / "gsal.xml").getroot()[0]
    assert values["Exec"].split() == ["gsal-app", "%f"]
    assert kind.attrib["type"] == values["MimeType"].rstrip(";")
    assert [child.attrib["pattern"] for child in kind if child.tag.endswith("glob")] == ["project.sqlite"]


def test_icons_come_in_every_format(tmp_path: Path) -> None:
    sizes = import_module("artwork").SIZES_PX

    command = "import sys; from pathlib import Path; from artwork import write_icons; "
    command += (
        f"write_icons(Path({str(ROOT / 'resources' / 'icons' / 'gsal.svg')!r}), Path({str(tmp_path)!r}))"
    )
    subprocess.run([sys.executable, "-c", command], check=True, cwd=PACKAGING)
    names = {path.name for path in tmp_path.iterdir()}
    assert {"gsal.ico", "gsal.icns", *(f"gsal-{size}.png" for size in sizes)} <= names


def test_every_part_has_its_licence() -> None:
    parts = {part.name: part for part in installed()}
    assert {"Python", "torch", "torchvision", "PySide6_Essentials", "SQLAlchemy", "fpdf2"} <= set(parts)
    assert not {"pytest", "ruff", "gsal", "pyinstaller"} & set(parts)
    assert all(part.terms and part.version for part in parts.values())
    assert "LGPL" in parts["PySide6_Essentials"].terms
    assert len(parts["torch"].text) > 1000
    for qt in ("PySide6_Essentials", "shiboken6"):
        assert "GNU LESSER GENERAL PUBLIC LICENSE" in parts[qt].text
        assert "GNU GENERAL PUBLIC LICENSE" in parts[qt].text
    assert '"torch"' in to_json(parts.values())
    assert "BSD" in to_text(parts.values())


def test_the_set_up_program_for_windows_compiles(tmp_path: Path) -> None:
    if shutil.which("makensis") is None:
        pytest.skip("makensis is not installed")
    windows = import_module("windows")

    folder = tmp_path / "gsal"
    (folder / "_internal").mkdir(parents=True)
    for name in ("gsal.exe", "gsal-app.exe", "LICENSE", "licences.txt", "_internal/python311.dll"):
        (folder / name).write_bytes(b"made up")
    made = windows.nsis(folder, tmp_path)
    assert made.name == f"gsal-{__version__}-setup.exe"
    assert made.read_bytes()[:2] == b"MZ"


def test_the_scripts_are_sound() -> None:
    for script in ("linux/install.sh", "try_deb.sh"):
        subprocess.run(["sh", "-n", str(PACKAGING / script)], check=True)


def test_what_is_unpacked_is_installed_for_one_user_and_taken_away_again(tmp_path: Path) -> None:
    unpacked, prefix = tmp_path / "unpacked", tmp_path / "home of Anna" / ".local"
    for name in ("lib/gsal/gsal-app", "bin/gsal", "bin/gsal-app", "share/mime/packages/gsal.xml"):
        (unpacked / name).parent.mkdir(parents=True, exist_ok=True)
        (unpacked / name).write_text("#!/bin/sh\n")
    (unpacked / "share" / "applications").mkdir()
    for source, place in (("gsal.desktop", "share/applications"), ("install.sh", ".")):
        shutil.copy(PACKAGING / "linux" / source, unpacked / place)
    (prefix / "lib" / "other").mkdir(parents=True)
    subprocess.run(["sh", "install.sh", str(prefix)], check=True, cwd=unpacked)
    entry = (prefix / "share" / "applications" / "gsal.desktop").read_text()
    assert f'Exec="{prefix}/bin/gsal-app" %f' in entry, "a menu may not look into ~/.local/bin"
    assert (prefix / "lib" / "gsal" / "gsal-app").is_file()
    subprocess.run(["sh", str(prefix / "lib" / "gsal" / "uninstall.sh")], check=True)
    assert [path.name for path in prefix.rglob("*gsal*")] == []
    assert (prefix / "lib" / "other").is_dir()
