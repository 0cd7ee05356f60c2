"""A photograph with its ink mask, ready to be shown under a map; read off the window's thread."""

from dataclasses import dataclass

import numpy as np

from app.review.canvas.pyramid import Pyramid
from app.review.reading.sizes import at_size
from gsal.arrays import Mask, RgbImage
from gsal.jobs.masks.making import read_picture
from gsal.masks import codec
from gsal.project import Project
from gsal.records import ImageRecord, MaskRecord, MaskSet
from gsal.saliency.overlay import Segments, edges, grey

__all__ = ["Photograph", "read_photograph"]


@dataclass(frozen=True, slots=True, eq=False)
class Photograph:
    """A picture as it is looked at.

    Attributes:
        pixels: (H, W, 3) uint8.
        colour, grey: The picture in halvings, as it is and without its colours.
        mask: That its figures rest on; None without one in the set.
        ink: (H, W), that mask at the size of the picture.
        outline: Of the ink.
    """

    image: ImageRecord
    pixels: RgbImage
    colour: Pyramid
    grey: Pyramid
    mask: MaskRecord | None
    ink: Mask | None
    outline: Segments

    def is_of(self, image: ImageRecord, mask: MaskRecord | None) -> bool:
        """Whether it shows this picture with this mask."""
        return self.image == image and self.mask == mask


def read_photograph(
    project: Project, image_id: int, mask_set: MaskSet, last: Photograph | None = None
) -> Photograph:
    """Read a picture and its mask.

    Args:
        project: Whose.
        image_id: Number of the picture.
        mask_set: Which mask.
        last: The one read before, which is returned again if it is the same.

    Raises:
        NotFoundError: There is no such picture.
        ImageError: It is gone, was changed, or cannot be read.
    """
    image = project.store.images.get(image_id)
    mask = project.store.masks.best([image_id], mask_set).get(image_id)
    if last is not None and last.is_of(image, mask):
        return last
    pixels = read_picture(project, image)
    ink, outline = None, np.empty((0, 4), np.int32)
    if mask is not None:
        ink = at_size(codec.decode(project.store.masks.load(mask.id)), *pixels.shape[:2])
        outline = edges(ink)
    return Photograph(image, pixels, Pyramid(pixels), Pyramid(grey(pixels)), mask, ink, outline)
