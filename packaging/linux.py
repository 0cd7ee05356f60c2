"""Linux: a Debian package, and a self-extracting file for systems without dpkg."""

import gzip
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from artwork import SIZES_PX
from manpage import manual

from gsal.version import __version__

HERE = Path(__file__).parent / "linux"
WORK = Path(__file__).parent.parent / "build" / "package"
_LIBRARY = re.compile(r"\.so(\.\d+)*$")
PROGRAMS = ("gsal-app", "gsal")

DEPENDS = (
    *(
        "libc6 (>= 2.36)",
        "libegl1",
        "libgl1",
        "libxcb1",
        "fontconfig-config",
        "fonts-dejavu-core",
        "xkb-data",
    ),
)
MAINTAINER = "The authors of gsal <gsal@localhost>"
CHANGELOG = """\
gsal ({version}) stable; urgency=medium

  * What a user can see of it is in NEWS.gz.

 -- {maintainer}  {date}
"""
CONTROL = """\
Package: gsal
Version: {version}
Section: science
Priority: optional
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {installed_kb}
Depends: {depends}
Recommends: xdg-utils
Description: ink bias audit for skin-lesion classifiers
 Finds out whether a skin-lesion classifier looks at ink instead of the lesion,
 and how much that costs: ink masks, cohorts, training, saliency over a whole
 data set, statistics, and a report. A window and a terminal program, with
 everything they need; no Python and no internet.
"""


def strip(folder: Path) -> None:
    """Take out names that only debuggers read: a tenth of the folder; needs binutils.

    Wheels whose libraries were renamed in place do not survive it, so only torch's and Python's are touched.

    Args:
        folder: Of both programs.
    """
    inside = folder / "_internal"
    libraries = [*(inside / "torch" / "lib").glob("*.so*"), *inside.glob("libpython3*.so*")]
    plain = [str(path) for path in libraries if not path.is_symlink()]
    subprocess.run(["strip", "--strip-unneeded", *plain], check=True)


def forget_builder(folder: Path) -> None:
    """Take the builder's folders out of where Python's libraries look for others; needs patchelf.

    Args:
        folder: Of both programs.
    """
    inside = folder / "_internal"
    libraries = [*inside.glob("libpython3*.so*"), *inside.glob("python3*/lib-dynload/*.so")]
    tool = Path(sys.executable).with_name("patchelf")
    subprocess.run([str(tool), "--remove-rpath", *map(str, libraries)], check=True)


def deb(folder: Path, into: Path) -> Path:
    """Make the Debian package of a built folder; return its path.

    Args:
        folder: Of both programs.
        into: Where it is put.
    """
    architecture = subprocess.run(
        ["dpkg", "--print-architecture"], check=True, capture_output=True, text=True
    ).stdout.strip()
    root = WORK / "deb"
    shutil.rmtree(root, ignore_errors=True)
    _lay_out(folder, root / "usr", link_to="../lib/gsal")
    documents = root / "usr" / "share" / "doc" / "gsal"
    documents.mkdir(parents=True)
    shutil.copy(HERE / "copyright", documents / "copyright")
    _compress((HERE.parent.parent / "CHANGELOG.md").read_text(encoding="utf-8"), documents / "NEWS.gz")
    changes = CHANGELOG.format(version=__version__, maintainer=MAINTAINER, date=_committed())
    _compress(changes, documents / "changelog.gz")
    installed = sum(path.lstat().st_size for path in root.rglob("*") if not path.is_dir())
    control = CONTROL.format(
        version=__version__,
        maintainer=MAINTAINER,
        architecture=architecture,
        installed_kb=-(-installed // 1024),
        depends=", ".join(DEPENDS),
    )
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN" / "control").write_text(control, encoding="utf-8")
    _plain_modes(root)
    made = into / f"gsal_{__version__}_{architecture}.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z19", "--build", str(root), str(made)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return made


def self_extracting(folder: Path, into: Path) -> Path:
    """Make a file that installs the program where its user may write; needs makeself.

    By gzip, which every Linux has: a bare one lacks zstd and xz.

    Args:
        folder: Of both programs.
        into: Where it is put.
    """
    root = WORK / "run"
    shutil.rmtree(root, ignore_errors=True)
    _lay_out(folder, root, link_to="../lib/gsal")
    shutil.copy(HERE / "install.sh", root / "install.sh")
    made = into / f"gsal-{__version__}-{os.uname().machine}.run"
    command = ["makeself", "--quiet", "--nox11", "--gzip", "--complevel", "9", "--tar-quietly"]
    subprocess.run([*command, str(root), str(made), f"gsal {__version__}", "./install.sh"], check=True)
    return made


def _lay_out(folder: Path, prefix: Path, *, link_to: str) -> None:
    """Put the programs, their links, icons, menu entry, type of projects and manuals under a prefix."""
    shutil.copytree(folder, prefix / "lib" / "gsal", symlinks=True)
    share = prefix / "share"
    for place in (
        prefix / "bin",
        share / "applications",
        share / "mime" / "packages",
        share / "man" / "man1",
    ):
        place.mkdir(parents=True)
    for program in PROGRAMS:
        (prefix / "bin" / program).symlink_to(f"{link_to}/{program}")
        _compress(manual(program), share / "man" / "man1" / f"{program}.1.gz")
    shutil.copy(HERE / "gsal.desktop", share / "applications" / "gsal.desktop")
    shutil.copy(HERE / "gsal.xml", share / "mime" / "packages" / "gsal.xml")
    for size in SIZES_PX:
        icons = share / "icons" / "hicolor" / f"{size}x{size}" / "apps"
        icons.mkdir(parents=True)
        shutil.copy(WORK / f"gsal-{size}.png", icons / "gsal.png")
    drawing = share / "icons" / "hicolor" / "scalable" / "apps"
    drawing.mkdir(parents=True)
    shutil.copy(HERE.parent.parent / "resources" / "icons" / "gsal.svg", drawing / "gsal.svg")


def _committed() -> str:
    """Return when the sources were last changed, or SOURCE_DATE_EPOCH, as mails write it."""
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return format_datetime(datetime.fromtimestamp(int(epoch), UTC))
    command = ["git", "log", "-1", "--format=%cD"]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=HERE).stdout.strip()


def _compress(text: str, path: Path) -> None:
    # Without a date, so that the same sources give the same package.
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def _plain_modes(root: Path) -> None:
    for path in root.rglob("*"):
        if not path.is_symlink():
            is_run = os.access(path, os.X_OK) and not _LIBRARY.search(path.name)
            path.chmod(0o755 if path.is_dir() or is_run else 0o644)
