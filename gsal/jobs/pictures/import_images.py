"""Import a folder of photographs with their labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from gsal.images.source import Known, Problem, changed, examine, scan
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord, NewImage

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
        known = _KnownPictures(project, folder)
        imported = 0
        results = examine(found.found, ctx=ctx, known=known.by_hash)
        while batch := list(islice(results, _BATCH)):
            new = [item for item in batch if isinstance(item, NewImage)]
            problems += [item for item in batch if isinstance(item, Problem)]
            problems += known.settle([item for item in batch if isinstance(item, Known)])
            imported += len(project.store.images.add(new, folder=project.known_as(folder)))
        if known.differing:
            ctx.notice(
                f"{len(known.differing)} pictures have another label or patient in this "
                f"{'table' if labels else 'folder'} than in the project; the project's were kept."
            )
        return {
            "imported": imported,
            "already_there": known.already_there,
            "relinked": known.relinked,
            "problems": [{"file": p.file, "reason": p.reason, "line": p.line} for p in problems],
            "pictures": project.store.images.count(),
        }


class _KnownPictures:
    """The pictures that a project has, met again in a folder.

    Attributes:
        by_hash: By SHA-256.
        already_there: How many files are where the project has them, or copies under the same path.
        relinked: How many pictures the project looks for in the folder from now on.
        differing: Numbers of the pictures of which the folder or its table says another label or patient.
    """

    def __init__(self, project: Project, folder: Path) -> None:
        self._project = project
        self._folder = folder
        self.by_hash = {image.sha256: image for image in project.store.images.all()}
        roots = project.roots()
        self._places = {image.id: roots[image.root] / image.path for image in self.by_hash.values()}
        self.already_there = 0
        self.relinked = 0
        self.differing: set[int] = set()

    def settle(self, batch: Sequence[Known]) -> list[Problem]:
        """Relink pictures that are gone from where they were; return the copies of those that are not."""
        moved: dict[int, NewImage] = {}
        problems = []
        for item in batch:
            image, new = self.by_hash[item.picture.sha256], item.picture
            if _differs(new, image, listed=item.line is not None):
                self.differing.add(image.id)
            place = self._folder / new.path
            if place != self._places[image.id] and _gone(self._places[image.id], image):
                moved[image.id] = new
                self._places[image.id] = place
            elif place == self._places[image.id] or new.path == image.path:
                self.already_there += 1
            else:
                problems.append(Problem(new.path, f"same content as {self._name(image)}", item.line))
        self._project.store.images.relink(moved, folder=self._project.known_as(self._folder))
        self.relinked += len(moved)
        return problems

    def _name(self, image: ImageRecord) -> str:
        place = self._places[image.id]
        inside = place.is_relative_to(self._folder)
        return place.relative_to(self._folder).as_posix() if inside else image.path


def _gone(place: Path, image: ImageRecord) -> bool:
    try:
        return changed(place, image)
    except OSError:
        return True


def _differs(new: NewImage, image: ImageRecord, *, listed: bool) -> bool:
    """Compare what a folder says; a table says it also of pictures that it leaves without a label."""
    other_label = (listed or new.label is not None) and new.label != image.label
    return other_label or bool(new.patient_id and new.patient_id != image.patient_id)
