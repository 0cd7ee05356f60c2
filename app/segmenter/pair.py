"""A photograph with the network's mask and the reference mask, read off the window's thread."""

from dataclasses import dataclass

import numpy as np

from app.review.canvas.pyramid import Pyramid
from app.review.reading.sizes import at_size
from app.segmenter.measured import Picture
from gsal.editing.painting import Painting
from gsal.jobs.masks.making import read_picture
from gsal.masks import codec
from gsal.project import Project

__all__ = ["Pair", "read_pair"]


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Both masks laid out at the size of their photograph: the network's, then the reference."""

    pyramid: Pyramid
    masks: tuple[Painting, Painting]


def read_pair(project: Project, picture: Picture) -> Pair:
    """Read a measured picture and the very revisions that were measured; a missing mask is empty.

    Raises:
        ImageError: The picture is gone, was changed, or cannot be read.
    """
    photograph = read_picture(project, project.store.images.get(picture.image_id))
    height, width = photograph.shape[:2]

    def laid_out(revision: int | None) -> Painting:
        if revision is None:
            return Painting(np.zeros((height, width), np.bool_), depth=1)
        return Painting(at_size(codec.decode(project.store.masks.load(revision)), height, width), depth=1)

    masks = laid_out(picture.predicted_mask), laid_out(picture.truth_mask)
    return Pair(Pyramid(photograph), masks)
