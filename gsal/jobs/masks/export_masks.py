"""Write ink masks for other programs, with a manifest."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

import numpy as np

from gsal.arrays import Mask
from gsal.errors import GsalError
from gsal.files import sha256_of_bytes, write_bytes, write_text
from gsal.jobs.masks.making import load_masks, mask_set_named
from gsal.masks.coco import write_coco
from gsal.masks.foreign import MaskFormat
from gsal.masks.interchange import encode_png
from gsal.masks.manifest import NAME, UPRIGHT, MaskRow, pixels_sha256, table
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord, MaskRecord, MaskSet, Reader

__all__ = ["COCO_NAME", "ExportMasks"]

COCO_NAME = "masks.coco.json"

Exported = tuple[MaskRow, Mask]


@dataclass(frozen=True, slots=True)
class ExportMasks:
    """One PNG per picture under its own relative path, or one COCO file; and masks.csv with sizes and hashes.

    A mask has its picture's name with .png for the ending; where the project has several such pictures
    (a.png, a.jpg), .png follows the whole name (a.jpg.png). Masks have the size of their upright picture;
    those kept smaller (of rules and networks) are enlarged and marked so.

    Attributes:
        folder: Where to.
        mask_set: Which masks.
        mask_format: png or coco.
        with_readers: Whether the readers' names are told, not only what kind of reader drew a mask.
        hide_names: Whether pictures are called by their hash, for file names can be patients' names.
    """

    kind: ClassVar[str] = "export masks"
    folder: str
    mask_set: str = MaskSet.BEST
    mask_format: str = MaskFormat.PNG
    with_readers: bool = False
    hide_names: bool = False

    @property
    def title(self) -> str:
        """What it does, for people."""
        return "Writing masks"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Write the masks; return the folder and their number."""
        if self.mask_format not in {MaskFormat.PNG, MaskFormat.COCO}:
            raise GsalError(f"Masks are not written as {self.mask_format}; the formats are png and coco.")
        folder = Path(self.folder)
        heads = project.store.masks.best(None, mask_set_named(self.mask_set))
        exported = ctx.track(self._exported(project, heads), "Writing masks", total=len(heads))
        rows = (
            _write_pngs(folder, exported)
            if self.mask_format == MaskFormat.PNG
            else _write_coco(folder, exported)
        )
        write_text(folder / NAME, table(rows, with_readers=self.with_readers))
        return {
            "folder": self.folder,
            "masks": len(rows),
            "enlarged": sum(r.is_enlarged == "1" for r in rows),
        }

    def _exported(self, project: Project, heads: Mapping[int, MaskRecord]) -> Iterator[Exported]:
        """Yield each mask at its picture's size, with its row of the manifest but for the file."""
        images = {image.id: image for image in project.store.images.get_many(heads)}
        names = _names(project.store.images.all())
        readers = {reader.id: reader for reader in project.store.readers.all()}
        parents = project.store.masks.get_many(
            {m.parent_id for m in heads.values() if m.parent_id is not None}
        )
        for record, mask in load_masks(project, heads.values()):
            image = images[record.image_id]
            shape = image.height, image.width
            parent = parents.get(record.parent_id or 0)
            sized = _enlarged(mask, shape)
            row = _row(image, record, sized, readers.get(record.reader_id or 0), parent)
            row = replace(row, mask=names[image.id], is_enlarged="" if mask.shape == shape else "1")
            if self.hide_names:
                row = replace(row, mask=f"{image.sha256}.png", picture="")
            if not self.with_readers:
                row = replace(row, reader="")
            yield row, sized


def _row(
    image: ImageRecord, record: MaskRecord, mask: Mask, reader: Reader | None, parent: MaskRecord | None
) -> MaskRow:
    return MaskRow(
        picture=f"{image.root}/{image.path}",
        mask="",
        picture_sha256=image.sha256,
        width=str(image.width),
        height=str(image.height),
        orientation=UPRIGHT,
        source=str(record.source),
        reader_kind=str(reader.kind) if reader else "",
        reader=reader.name if reader else "",
        uuid=record.uuid,
        parent_uuid=parent.uuid if parent else "",
        ink_px=repr(record.ink_px),
        is_enlarged="",
        mask_sha256="",
        pixels_sha256=pixels_sha256(mask),
        created=record.created,
    )


def _write_pngs(folder: Path, exported: Iterator[Exported]) -> list[MaskRow]:
    rows = []
    for row, mask in exported:
        content = encode_png(mask)
        write_bytes(folder / row.mask, content)
        rows.append(replace(row, mask_sha256=sha256_of_bytes(content)))
    return rows


def _write_coco(folder: Path, exported: Iterator[Exported]) -> list[MaskRow]:
    rows: list[MaskRow] = []

    def noted() -> Iterator[Exported]:
        for row, mask in exported:
            rows.append(replace(row, mask=f"{COCO_NAME}#{len(rows) + 1}"))
            yield row, mask

    write_coco(folder / COCO_NAME, noted())
    return rows


def _enlarged(mask: Mask, shape: tuple[int, int]) -> Mask:
    """Give a mask at its picture's size: each pixel takes the value of the cell its centre lies in."""
    if mask.shape == shape:
        return mask
    rows, columns = (
        ((np.arange(to) + 0.5) * (cells / to)).astype(np.int64)
        for cells, to in zip(mask.shape, shape, strict=True)
    )
    enlarged: Mask = mask[rows][:, columns]
    return enlarged


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
