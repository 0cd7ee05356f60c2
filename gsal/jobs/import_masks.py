"""Import ink masks that lie as PNGs beside their pictures' names."""

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
    MaskSource,
    NewMask,
    Purpose,
    Reader,
    ReaderKind,
    Verdict,
)

__all__ = ["ImportMasks"]

_BATCH = 64


@dataclass(frozen=True, slots=True)
class ImportMasks:
    """Takes a mask for every picture of the same relative path, or else of the same name without ending.

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
        imported = 0
        for batch in batches(ctx.track(paths, "Importing masks"), _BATCH):
            masks = []
            for path in batch:
                try:
                    masks.append(_read(path, folder, by_name, reader))
                except InputError as error:
                    problems.append({"file": str(path.relative_to(folder)), "reason": error.reason})
            imported += _keep(project, masks, reader)
        return {"imported": imported, "problems": problems}


def _kind(name: str) -> ReaderKind:
    try:
        return ReaderKind(name)
    except ValueError:
        raise GsalError(
            f"There is no kind of reader {name}; the kinds are {', '.join(ReaderKind)}."
        ) from None


def _by_name(images: list[ImageRecord]) -> dict[str, ImageRecord | None]:
    """Return pictures by path and by bare name, both without ending; None where a bare name is ambiguous."""
    named: dict[str, ImageRecord | None] = {}
    for image in images:
        stem = PurePosixPath(image.path).stem
        named[stem] = None if stem in named else image
    return named | {str(PurePosixPath(image.path).with_suffix("")): image for image in images}


def _read(path: Path, folder: Path, by_name: dict[str, ImageRecord | None], reader: Reader | None) -> NewMask:
    relative = PurePosixPath(path.relative_to(folder).with_suffix("").as_posix())
    image = by_name.get(str(relative)) or by_name.get(relative.name)
    if image is None:
        raise InputError(path, "no picture of this name, or several", "Name masks like their pictures.")
    mask = read_png(path, (image.height, image.width))
    if reader is None:
        return new_mask(image.id, mask, MaskSource.EXACT)
    return new_mask(image.id, mask, MaskSource.HUMAN, reader_id=reader.id, tool="import")


def _keep(project: Project, masks: list[NewMask], reader: Reader | None) -> int:
    records = project.store.masks.add_many(masks)
    if reader is not None:
        for record in records:
            project.store.decisions.add(
                Decision(record.image_id, reader.id, Purpose.REVIEW, Verdict.ACCEPTED, record.id, 0.0, "")
            ).result()
    return len(records)
