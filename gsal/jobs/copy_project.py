"""A whole project, copied: from a file to a server when a laboratory outgrows it, or back."""

import shutil
from pathlib import Path
from typing import Any

from gsal.errors import ProjectError
from gsal.progress import JobContext
from gsal.project import Project

__all__ = ["copy_project"]

_FOLDERS = ("checkpoints", "exports")
"""What of a folder belongs to a project besides its database; the rest is made again when it is needed."""


def copy_project(source: Path, folder: Path, ctx: JobContext, *, server: str = "") -> dict[str, Any]:
    """Copy a project into a new folder; nothing of the old one is changed.

    The weights of networks go first, then all rows of the database, which are compared with their originals
    before the copy is kept.

    Args:
        source: Folder of the project.
        folder: New, or empty of projects.
        ctx: Hears how far it is.
        server: Address of an empty PostgreSQL database for the copy; else it is a file in the folder.

    Returns:
        "folder", and "pictures", "masks" and "models" as numbers.

    Raises:
        JobCancelled: Stopped; there is no copy, but perhaps some of its files.
        ProjectError: There is a project in the folder, or it lies inside the old one.
        ProjectDamaged: The copy does not hold what the project holds; it was not kept.
    """
    if folder.resolve().is_relative_to(source.resolve()):
        raise ProjectError(f"{folder}: a copy cannot lie inside its original. Choose another folder.")
    with Project.open(source, read_only=True, program="gsal copy") as project:
        _copy_files(source, folder, ctx)
        with project.copy(
            folder, lambda items, stage, n: ctx.track(items, stage, total=n), server=server
        ) as made:
            return {
                "folder": str(folder),
                "pictures": made.store.images.count(),
                "masks": made.store.masks.count(),
                "models": len(made.store.models.all()),
            }


def _copy_files(source: Path, folder: Path, ctx: JobContext) -> None:
    files = [path for name in _FOLDERS for path in sorted((source / name).rglob("*")) if path.is_file()]
    for path in ctx.track(files, "Copying files"):
        target = folder / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
