"""Import a folder of photographs with their labels."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from gsal.images.source import Problem, examine, scan
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import NewImage

__all__ = ["ImportImages"]

_BATCH = 64


@dataclass(frozen=True, slots=True)
class ImportImages:
    """Reads every picture once, keeps the good ones by reference, and says of each other why not.

    Attributes:
        folder: Where the pictures lie.
        labels: A table with columns file, label and optionally patient_id and lesion_id; "" for one folder
            per class.
    """

    kind: ClassVar[str] = "import images"
    folder: str
    labels: str = ""

    @property
    def title(self) -> str:
        """What it does, for people."""
        return f"Importing {Path(self.folder).name}"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Import; return counts and the problems, each with file, reason and line."""
        folder = Path(self.folder).resolve()
        labels = Path(self.labels) if self.labels else None
        found = scan(folder, labels=labels, classes=project.classes)
        problems = list(found.problems)
        known = project.store.images.hashes()
        imported = 0
        results = examine(found.found, ctx=ctx, known=known)
        while batch := list(islice(results, _BATCH)):
            new = [item for item in batch if isinstance(item, NewImage)]
            problems += [item for item in batch if isinstance(item, Problem)]
            imported += len(project.store.images.add(new, folder=folder))
        # The same file again, by content and name, is no problem.
        repeated = {p.file for p in problems if p.reason == f"same content as {p.file}"}
        return {
            "imported": imported,
            "already_there": len(repeated),
            "problems": [
                {"file": p.file, "reason": p.reason, "line": p.line}
                for p in problems
                if p.file not in repeated
            ],
            "pictures": project.store.images.count(),
        }
