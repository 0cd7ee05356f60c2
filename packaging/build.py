"""Builds what is installed: `./run package [folder | deb | run | dmg | nsis]`, by default for this system.

Everything is made from one PyInstaller folder, dist/gsal. Needs the environment that `./run package` sets up.
"""

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import linux
import macos
import windows
from artwork import write_icons

from gsal.licences import LICENCES_FILE, installed, to_json, to_text

ROOT = Path(__file__).resolve().parent.parent
WORK, DIST = ROOT / "build" / "package", ROOT / "dist"
FOLDER = DIST / "gsal"

KINDS: dict[str, Callable[[Path, Path], Path]] = {
    "deb": linux.deb,
    "run": linux.self_extracting,
    "dmg": macos.dmg,
    "nsis": windows.nsis,
}
DEFAULT = {"linux": ("deb", "run"), "darwin": ("dmg",), "win32": ("nsis",)}


def main() -> int:
    """Build what is asked for; print where it is, its size, and how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "kinds", nargs="*", choices=["folder", *KINDS], help="by default those of this system"
    )
    parser.add_argument("--reuse", action="store_true", help="package the folder that was built before")
    arguments = parser.parse_args()
    kinds = arguments.kinds or DEFAULT[sys.platform]
    if not arguments.reuse:
        _told(build_folder)
    for kind in kinds:
        if kind != "folder":
            _told(partial(KINDS[kind], FOLDER, DIST))
    return 0


def build_folder() -> Path:
    """Make dist/gsal: both programs and everything they need."""
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    write_icons(ROOT / "resources" / "icons" / "gsal.svg", WORK)
    licences = installed()
    (WORK / LICENCES_FILE).write_text(to_json(licences), encoding="utf-8")
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(DIST), "--workpath", str(ROOT / "build" / "pyinstaller")]
    subprocess.run([*command, str(ROOT / "packaging" / "gsal.spec")], check=True, cwd=ROOT)
    if sys.platform != "win32":
        (FOLDER / "gsal").symlink_to("gsal-app")
    if sys.platform == "linux":
        linux.strip(FOLDER)
        linux.forget_builder(FOLDER)
    (FOLDER / "licences.txt").write_text(to_text(licences), encoding="utf-8")
    shutil.copy(ROOT / "LICENSE", FOLDER / "LICENSE")
    return FOLDER


def _told(build: Callable[[], Path]) -> None:
    started = time.monotonic()
    made = build()
    files = [made] if made.is_file() else [path for path in made.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files if not path.is_symlink())
    print(f"{made.relative_to(ROOT)}: {size / 1e6:,.0f} MB, {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
