"""Pictures at the size a network sees them."""

from collections.abc import Iterator, Sequence

from gsal.arrays import RgbImage
from gsal.images.geometry import resize_image
from gsal.jobs.batches import map_ahead
from gsal.jobs.masks.making import read_picture
from gsal.jobs.pictures.variants import PictureVariant, render
from gsal.project import Project

__all__ = ["read_variants"]


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
