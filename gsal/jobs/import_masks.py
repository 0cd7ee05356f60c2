"""Import ink masks that lie as PNGs beside their pictures' names."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from gsal.errors import GsalError, InputError
from gsal.jobs.batches import batches
from gsal.jobs.mask_making import new_mask
from gsal.masks.interchange import read_png
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import (
    Decision,
    ImageRecord,
    MaskRecord,
    MaskSet,
    MaskSource,
    NewMask,
    Purpose,
    Reader,
    ReaderKind,
    Verdict,
)

__all__ = ["ImportMasks"]

_BATCH = 64
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class ImportMasks:
    """Takes a mask for every picture of the same relative path, or else of the same name.

    The mask of a.jpg is a.png, or a.jpg.png; a name that fits several pictures is a problem.

    Attributes:
        folder: Of PNG masks.
        reader: Who drew them; "" for masks that are exact by construction.
        reader_kind: expert, researcher or developer.
    """

    kind: ClassVar[str] = "import masks"
    folder: str
    reader: str = ""
    reader_kind: str = ReaderKind.EXPERT

    @property
    def title(self) -> str:
        """What it does, for people."""
        return f"Importing masks of {Path(self.folder).name}"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Import; return counts and the problems, each with file and reason."""
        folder = Path(self.folder)
        if not folder.is_dir():
            raise InputError(folder, "there is no such folder", "Give the folder of the PNG masks.")
        reader = project.store.readers.add(self.reader, _kind(self.reader_kind)) if self.reader else None
        by_name = _by_name(project.store.images.all())
        paths = sorted(folder.rglob("*.png"))
        problems: list[dict[str, str]] = []
        taken: set[int] = set()
        imported = 0
        for batch in batches(ctx.track(paths, "Importing masks"), _BATCH):
            masks = []
            for path in batch:
                try:
                    image = _picture(path, folder, by_name, taken)
                    masks.append(_read(path, image, reader))
                except InputError as error:
                    problems.append({"file": str(path.relative_to(folder)), "reason": error.reason})
                else:
                    taken.add(image.id)
            imported += _keep(project, masks, reader)
        return {"imported": imported, "already_there": len(taken) - imported, "problems": problems}


def _kind(name: str) -> ReaderKind:
    try:
        return ReaderKind(name)
    except ValueError:
        raise GsalError(
            f"There is no kind of reader {name}; the kinds are {', '.join(ReaderKind)}."
        ) from None


def _by_name(images: list[ImageRecord]) -> dict[str, dict[int, ImageRecord]]:
    """Return pictures by root and path, by path, and by bare name, each with and without the ending."""
    named: dict[str, dict[int, ImageRecord]] = defaultdict(dict)
    for image in images:
        path = PurePosixPath(image.path)
        for spelling in (path, path.with_suffix("")):
            for name in (image.root / spelling, spelling, spelling.name):
                named[str(name)][image.id] = image
    return named


def _picture(
    path: Path, folder: Path, by_name: dict[str, dict[int, ImageRecord]], taken: set[int]
) -> ImageRecord:
    """Return the picture of a mask: of the longest end of its path that any picture has for a name."""
    parts = path.relative_to(folder).with_suffix("").parts
    ends = ("/".join(parts[start:]) for start in range(len(parts)))
    images = list(next((by_name[end] for end in ends if end in by_name), {}).values())
    if not images:
        raise InputError(path, "no picture of this name", "Name masks like their pictures.")
    if len(images) > 1:
        several = ", ".join(f"{image.root}/{image.path}" for image in images[:_SHOWN])
        remedy = "Name masks by path and whole name: MEL/a.jpg.png for MEL/a.jpg."
        raise InputError(path, f"{len(images)} pictures have this name ({several})", remedy)
    if images[0].id in taken:
        raise InputError(path, f"another mask of {images[0].path} lies in this folder too", "Leave one.")
    return images[0]


def _read(path: Path, image: ImageRecord, reader: Reader | None) -> NewMask:
    mask = read_png(path, (image.height, image.width))
    if reader is None:
        return new_mask(image.id, mask, MaskSource.EXACT)
    return new_mask(image.id, mask, MaskSource.HUMAN, reader_id=reader.id, tool="import")


def _keep(project: Project, masks: list[NewMask], reader: Reader | None) -> int:
    """Keep the masks that are not already there; return how many."""
    heads = _heads(project, [mask.image_id for mask in masks], reader)
    new = [m for m in masks if m.image_id not in heads or heads[m.image_id].sha256 != m.encoded.sha256]
    records = project.store.masks.add_many(new)
    if reader is not None:
        judged = project.store.decisions.status_by_image(reader.id, Purpose.REVIEW)
        # An import that was cut short may have kept masks and not yet accepted them.
        known = {mask.image_id for mask in masks} - {mask.image_id for mask in new} - judged.keys()
        for record in [*records, *(heads[number] for number in sorted(known))]:
            project.store.decisions.add(
                Decision(record.image_id, reader.id, Purpose.REVIEW, Verdict.ACCEPTED, record.id, 0.0, "")
            ).result()
    return len(records)


def _heads(project: Project, image_ids: list[int], reader: Reader | None) -> dict[int, MaskRecord]:
    """Return what is current where the masks would go: the exact masks, or what the reader last left."""
    if reader is None:
        return project.store.masks.best(image_ids, MaskSet.EXACT)
    left = ((i, project.store.masks.head(i, reader.id, Purpose.REVIEW)) for i in image_ids)
    return {image_id: head for image_id, head in left if head is not None}
