"""Pictures that wait to be explained, read a few ahead: each file once for all of its variants and masks."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

from gsal.arrays import Coverage, RgbImage
from gsal.images.geometry import coverage, resize_image
from gsal.jobs.batches import map_ahead
from gsal.jobs.masks.making import read_picture
from gsal.jobs.pictures.variants import render
from gsal.jobs.saliency.plan import Look, Waiting
from gsal.masks import codec
from gsal.project import Project
from gsal.records import ImageRecord, MaskRecord

__all__ = ["Seen", "read_waiting"]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A variant of a picture as the network sees it.

    Attributes:
        look: Which, and for which runs.
        picture: (S, S, 3) uint8.
        coverage: (S, S) float32, the share of each cell that is ink, by the mask's SHA-256.
    """

    look: Look
    picture: RgbImage
    coverage: Mapping[str, Coverage]


def read_waiting(project: Project, waiting: Sequence[Waiting], *, size: int) -> Generator[tuple[Seen, ...]]:
    """Yield the variants of each picture at size x size, in the order given.

    Raises:
        ImageError: A picture is gone or cannot be read.
    """

    def read(one: Waiting) -> tuple[Seen, ...]:
        picture = read_picture(project, one.image)
        masks = {m.sha256: m for look in one.looks for m in look.masks.values()}
        covered = {sha256: _coverage(project, mask, size) for sha256, mask in masks.items()}

        def read_before(project: Project, image: ImageRecord) -> RgbImage:
            del project, image
            return picture

        return tuple(
            Seen(
                look,
                resize_image(render(project, look.picture, read=read_before), height=size, width=size),
                covered,
            )
            for look in one.looks
        )

    return map_ahead(read, waiting)


def _coverage(project: Project, mask: MaskRecord, size: int) -> Coverage:
    return coverage(codec.decode(project.store.masks.load(mask.id)), height=size, width=size)
