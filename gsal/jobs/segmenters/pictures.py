"""The pictures a segmenter learns from, read at its size with what is known of their ink."""

from typing import TYPE_CHECKING

import numpy as np

from gsal.arrays import Mask, RgbImage
from gsal.images.geometry import resize_image, resize_mask, scaled_shape
from gsal.jobs.batches import map_ahead
from gsal.jobs.masks.making import read_picture
from gsal.jobs.segmenters.data import TrainingMasks
from gsal.masks import codec
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord, MaskRecord, MaskSource

if TYPE_CHECKING:
    from gsal.training.datasets import SegmenterData
    from gsal.training.windows import Target

__all__ = ["read_pictures"]


def read_pictures(
    project: Project, chosen: TrainingMasks, *, long_side: int, ctx: JobContext
) -> "SegmenterData":
    """Read pictures and masks; what one rule alone calls ink on an inked picture is unknown.

    Args:
        project: Whose.
        chosen: Which pictures, and which masks of them.
        long_side: Of the pictures as the network sees them, in pixels.
        ctx: Where to report.

    Raises:
        ModelError: None of the masks to train on has ink.
        ImageError: A picture is gone or cannot be read.
    """
    from gsal.training.datasets import SegmenterData

    def read(pair: tuple[ImageRecord, MaskRecord]) -> "tuple[RgbImage, Target]":
        image, record = pair
        picture = read_picture(project, image)
        height, width = scaled_shape(*picture.shape[:2], long_side=long_side)
        target = _target(project, record, height, width)
        return resize_image(picture, height=height, width=width), target

    pairs = chosen.training + chosen.validation
    results = list(ctx.track(map_ahead(read, pairs), "Reading pictures", total=len(pairs)))
    pictures, targets = [picture for picture, _ in results], [target for _, target in results]
    n = len(chosen.training)
    return SegmenterData(pictures[:n], targets[:n], pictures[n:], targets[n:])


def _target(project: Project, record: MaskRecord, height: int, width: int) -> "Target":
    """Return what is known; on an inked picture that nobody has looked at, one rule alone may be right."""
    from gsal.training.windows import INK, LOOK_ALIKE, UNKNOWN

    mask = codec.decode(project.store.masks.load(record.id))
    target = np.zeros((height, width), np.uint8)
    is_unsure = record.source is MaskSource.AUTOMATIC_PICK and mask.any()
    for claimed in _rules(project, record.image_id):
        target[resize_mask(claimed, height=height, width=width)] = UNKNOWN if is_unsure else LOOK_ALIKE
    target[resize_mask(mask, height=height, width=width)] = INK
    return target


def _rules(project: Project, image_id: int) -> list[Mask]:
    proposals = project.store.masks.proposals(image_id)
    rules = [mask.id for mask in proposals if mask.source is MaskSource.RULE]
    return [codec.decode(encoded) for encoded in project.store.masks.load_many(rules).values()]
