"""From a mask's pixels to a revision that can be kept, and back."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from gsal.arrays import Mask, RgbImage
from gsal.errors import GsalError, ImageError
from gsal.images.geometry import ink_px
from gsal.images.loader import load_rgb
from gsal.images.source import changed
from gsal.masks import codec
from gsal.project import Project
from gsal.records import ImageRecord, MaskRecord, MaskSet, MaskSource, NewMask

__all__ = ["Unreadable", "inked_by_image", "load_masks", "mask_set_named", "new_mask", "read_picture"]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A picture that a job names and goes on without."""

    path: str
    reason: str


def read_picture(project: Project, image: ImageRecord) -> RgbImage:
    """Read a picture of the project.

    Raises:
        ImageError: It is gone, was changed since it was imported, or cannot be read; the text names the file.
    """
    path = project.image_path(image)
    # A file that is gone or cannot be read is spoken of by the loader.
    with suppress(OSError):
        if changed(path, image):
            raise ImageError(
                path,
                "changed since it was imported",
                "Put the original file back; to use the changed one, import it under another name.",
            )
    return load_rgb(path)


def new_mask(
    image_id: int,
    mask: Mask,
    source: MaskSource,
    *,
    rule: str = "",
    model_id: int | None = None,
    reader_id: int | None = None,
    threshold: float | None = None,
    tool: str = "",
    settings: dict[str, Any] | None = None,
) -> NewMask:
    """Return a mask as a revision that can be kept, with its ink at the reference size."""
    return NewMask(
        uuid=str(uuid.uuid4()),
        image_id=image_id,
        encoded=codec.encode(mask),
        source=source,
        ink_px=ink_px(mask),
        rule=rule,
        model_id=model_id,
        reader_id=reader_id,
        threshold=threshold,
        tool=tool,
        settings=settings,
    )


def load_masks(project: Project, records: Iterable[MaskRecord]) -> Iterator[tuple[MaskRecord, Mask]]:
    """Yield each record with its pixels, a few hundred read at a time."""
    wanted = list(records)
    for start in range(0, len(wanted), 256):
        part = wanted[start : start + 256]
        encoded = project.store.masks.load_many(record.id for record in part)
        for record in part:
            yield record, codec.decode(encoded[record.id])


def mask_set_named(name: str) -> MaskSet:
    """Return the mask set of that name.

    Raises:
        GsalError: There is none.
    """
    try:
        return MaskSet(name)
    except ValueError:
        raise GsalError(f"There is no mask set {name}; the mask sets are {', '.join(MaskSet)}.") from None


def inked_by_image(project: Project, mask_set: MaskSet) -> dict[int, bool]:
    """Return for each picture with a mask in the set whether it is inked: more than the project's bound."""
    heads = project.store.masks.best(None, mask_set)
    return {image_id: head.ink_px > project.min_ink_px for image_id, head in heads.items()}
