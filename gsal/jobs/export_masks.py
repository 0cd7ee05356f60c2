"""Write ink masks as 1-bit PNGs with a manifest."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from gsal.files import sha256_of_file, write_text
from gsal.jobs.mask_making import load_masks, mask_set_named
from gsal.masks.interchange import write_png
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord, MaskSet

__all__ = ["ExportMasks"]

MANIFEST = "masks.csv"


@dataclass(frozen=True, slots=True)
class ExportMasks:
    """One PNG per picture under its own relative path, and masks.csv with sizes and hashes.

    A mask has its picture's name with .png for the ending; where the project has several such pictures
    (a.png, a.jpg), .png follows the whole name (a.jpg.png).

    Attributes:
        folder: Where to.
        mask_set: Which masks.
    """

    kind: ClassVar[str] = "export masks"
    folder: str
    mask_set: str = MaskSet.BEST

    @property
    def title(self) -> str:
        """What it does, for people."""
        return "Writing masks"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Write the masks; return the folder and their number."""
        folder = Path(self.folder)
        heads = project.store.masks.best(None, mask_set_named(self.mask_set))
        images = {image.id: image for image in project.store.images.get_many(heads)}
        names = _names(project.store.images.all())
        table = io.StringIO()
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(
            ["file", "mask", "source", "height", "width", "ink_px", "picture_sha256", "mask_sha256"]
        )
        for record, mask in ctx.track(load_masks(project, heads.values()), "Writing masks", total=len(heads)):
            image = images[record.image_id]
            name = names[image.id]
            path = folder / name
            write_png(path, mask)
            writer.writerow(
                [
                    image.path,
                    name,
                    record.source,
                    *mask.shape,
                    repr(record.ink_px),
                    image.sha256,
                    sha256_of_file(path),
                ]
            )
        write_text(folder / MANIFEST, table.getvalue())
        return {"folder": self.folder, "masks": len(heads)}


def _names(images: Sequence[ImageRecord]) -> dict[int, str]:
    """Return the mask file of each picture; those of the whole project, so that part of it is as clear."""
    whole = {image.id: f"{image.root}/{image.path}" for image in images}
    short = {number: str(PurePosixPath(name).with_suffix("")) for number, name in whole.items()}
    # Folded, for file systems to which A.png and a.png are one.
    taken = Counter(name.casefold() for name in [*short.values(), *whole.values()])
    return {
        number: f"{name if taken[name.casefold()] == 1 else whole[number]}.png"
        for number, name in short.items()
    }
