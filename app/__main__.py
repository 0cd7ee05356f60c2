"""The window: `python -m app [PROJECT_FOLDER]`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from gsal.threads import share_cores

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window, on a project if its folder is given; return the exit status."""
    parser = argparse.ArgumentParser(prog="gsal-app", description="The window of gsal.")
    parser.add_argument("project", nargs="?", type=Path, help="folder of the project to open")
    arguments = parser.parse_args(argv)
    share_cores()
    from app.application import run

    return run(arguments.project)


if __name__ == "__main__":
    sys.exit(main())
