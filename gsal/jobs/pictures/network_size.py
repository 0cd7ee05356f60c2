"""Pictures and masks at the size a network sees them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gsal.arrays import Coverage, RgbImage
from gsal.images.geometry import coverage, resize_image
from gsal.jobs.batches import map_ahead
from gsal.jobs.masks.making import read_picture
from gsal.jobs.pictures.variants import PictureVariant, render
from gsal.masks import codec
from gsal.project import Project
from gsal.records import ImageRecord, MaskRecord

__all__ = ["Sized", "read_sized", "read_variants"]


@dataclass(frozen=True, slots=True, eq=False)
class Sized:
    """A picture on the network's grid, and the share of each cell that its mask, if any, covers."""

    image: ImageRecord
    picture: RgbImage
    coverage: Coverage | None
    mask: MaskRecord | None


def read_sized(
    project: Project,
    images: Sequence[ImageRecord],
    *,
    size: int,
    masks: Mapping[int, MaskRecord] | None = None,
) -> Iterator[Sized]:
    """Yield pictures at size x size, read a few ahead.

    Args:
        project: Whose pictures.
        images: In the order wanted.
        size: Side of the network's square grid, in pixels.
        masks: Ink masks by picture, for their coverage of the grid.

    Raises:
        ImageError: A picture is gone or cannot be read.
    """

    def read(image: ImageRecord) -> Sized:
        picture = read_picture(project, image)
        record = masks.get(image.id) if masks else None
        mask = codec.decode(project.store.masks.load(record.id)) if record else None
        covered = None if mask is None else coverage(mask, height=size, width=size)
        return Sized(image, resize_image(picture, height=size, width=size), covered, record)

    return map_ahead(read, images)


def read_variants(
    project: Project, wanted: Sequence[PictureVariant], *, size: int
) -> Iterator[tuple[PictureVariant, RgbImage]]:
    """Yield variants of pictures at size x size, read a few ahead.

    Raises:
        ImageError: A picture is gone or cannot be read.
    """

    def read(one: PictureVariant) -> tuple[PictureVariant, RgbImage]:
        picture = render(project, one, read=read_picture)
        return one, resize_image(picture, height=size, width=size)

    return map_ahead(read, wanted)
