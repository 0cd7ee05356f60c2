"""Windows: a set-up program by NSIS."""

import subprocess
from pathlib import Path

from gsal.version import __version__

SCRIPT = Path(__file__).parent / "windows" / "gsal.nsi"


def nsis(folder: Path, into: Path) -> Path:
    """Make the set-up program of a built folder; needs makensis, which runs on Linux as well.

    Args:
        folder: Of both programs.
        into: Where it is put.
    """
    made = into / f"gsal-{__version__}-setup.exe"
    defined = {
        "VERSION": __version__,
        "FOLDER": folder,
        "OUTPUT": made,
        "SOURCE": SCRIPT.parent.parent.parent,
    }
    options = [f"-D{name}={value}" for name, value in defined.items()]
    subprocess.run(["makensis", "-V2", *options, str(SCRIPT)], check=True)
    return made
