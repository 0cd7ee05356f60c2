"""macOS: a disk image with the application."""

import subprocess
from pathlib import Path

from gsal.version import __version__


def dmg(folder: Path, into: Path) -> Path:
    """Make the disk image of gsal.app, which lies beside the built folder; needs hdiutil of macOS.

    Args:
        folder: Of both programs.
        into: Where it is put.
    """
    made = into / f"gsal-{__version__}.dmg"
    command = [
        "hdiutil",
        "create",
        "-volname",
        f"gsal {__version__}",
        "-srcfolder",
        str(folder.parent / "gsal.app"),
    ]
    subprocess.run([*command, "-ov", "-format", "ULFO", str(made)], check=True)
    return made
