"""The window: `python -m app [PROJECT_FOLDER]`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from gsal.threads import share_cores
from gsal.version import __version__

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window, on a project if its folder is given; return the exit status."""
    parser = argparse.ArgumentParser(prog="gsal-app", description="The window of gsal.")
    parser.add_argument("project", nargs="?", type=Path, help="folder of the project to open")
    parser.add_argument("--version", action="version", version=f"gsal {__version__}")
    parser.add_argument(
        "--selftest", action="store_true", help="try every part of the program on made-up pictures, and end"
    )
    parser.add_argument("--log", type=Path, help="file for what the self-test says")
    arguments = parser.parse_args(argv)
    share_cores()
    if arguments.selftest:
        from app.selftest import run_selftest

        return run_selftest(arguments.log)
    from app.application import run

    project = arguments.project
    # A double click on the database means the project around it.
    if project is not None and project.is_file():
        project = project.parent
    return run(project)


if __name__ == "__main__":
    sys.exit(main())
