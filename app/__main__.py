"""The window: `python -m app [PROJECT_FOLDER]`."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from gsal.threads import patient_threads

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window, on a project if its folder is given; return the exit status."""
    parser = argparse.ArgumentParser(prog="gsal-app", description="The window of gsal.")
    parser.add_argument("project", nargs="?", type=Path, help="folder of the project to open")
    arguments = parser.parse_args(argv)
    patient_threads()
    # One core stays with the window: torch reads this when a job first imports it.
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 2) - 1)))
    from app.application import run

    return run(arguments.project)


if __name__ == "__main__":
    sys.exit(main())
