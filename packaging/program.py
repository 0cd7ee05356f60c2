"""Both installed programs: called gsal-app it is the window, called gsal the terminal program."""

import multiprocessing
import sys
from pathlib import Path

if __name__ == "__main__":
    # A process that draws samples is this program again: it takes over here and does not come back.
    multiprocessing.freeze_support()
    if Path(sys.argv[0]).stem.lower() == "gsal":
        from gsal.cli import main as terminal

        terminal()
    else:
        from app.__main__ import main as window

        sys.exit(window())
