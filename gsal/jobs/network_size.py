"""Pictures and masks at the size a network sees them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gsal.arrays import Coverage, RgbImage
from gsal.cohorts.ablation import ablate
from gsal.images.geometry import coverage, resize_image, resize_mask
from gsal.jobs.batches import map_ahead
from gsal.jobs.mask_making import read_picture
from gsal.masks import codec
from gsal.project import Project
from gsal.records import ImageRecord, MaskRecord

__all__ = ["Sized", "read_sized"]


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
    is_ablated: bool = False,
) -> Iterator[Sized]:
    """Yield pictures at size x size, read a few ahead.

    Args:
        project: Whose pictures.
        images: In the order wanted.
        size: Side of the network's square grid, in pixels.
        masks: Ink masks by picture, for their coverage of the grid.
        is_ablated: Whether uninked pixels become the picture's mean (SPEC 5); pictures need a mask then.

    Raises:
        ImageError: A picture is gone or cannot be read.
    """

    def read(image: ImageRecord) -> Sized:
        picture = read_picture(project, image)
        height, width = picture.shape[:2]
        record = masks.get(image.id) if masks else None
        mask = codec.decode(project.store.masks.load(record.id)) if record else None
        if is_ablated and mask is not None:
            picture = ablate(picture, resize_mask(mask, height=height, width=width))
        covered = None if mask is None else coverage(mask, height=size, width=size)
        return Sized(image, resize_image(picture, height=size, width=size), covered, record)

    return map_ahead(read, images)
