"""The three pictures of a card, small, made off the window's thread."""

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtGui import QImage

from gsal.arrays import RgbImage, SaliencyMap
from gsal.errors import GsalError
from gsal.jobs.masks.making import read_picture
from gsal.jobs.saliency.look import Explainer
from gsal.masks import codec
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord, MaskSet, ModelRecord, SaliencyMethod
from gsal.saliency.overlay import Look, blended, scale_limit

__all__ = ["CardPictures", "Shot", "explained", "taken"]

_LOOK = Look()


@dataclass(frozen=True, slots=True, eq=False)
class CardPictures:
    """What there is of a card's pictures so far.

    Attributes:
        photograph: None where it cannot be read.
        ink: The photograph with its ink in yellow; None without a mask in the set.
        saliency: The map over the photograph; None until it is made.
        problem: Why something is missing, for people; "" while it may still come.
    """

    photograph: QImage | None = None
    ink: QImage | None = None
    saliency: QImage | None = None
    problem: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether nothing more comes."""
        return self.saliency is not None or bool(self.problem)

    @property
    def nbytes(self) -> int:
        """What it takes in memory."""
        shown = (self.photograph, self.ink, self.saliency)
        return sum(image.sizeInBytes() for image in shown if image is not None)


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A photograph that was read, of which a map can be made.

    Attributes:
        pixels: (H, W, 3) uint8, as it is.
        small: (h, w, 3) uint8, as it is shown.
        pictures: Photograph and ink.
    """

    image: ImageRecord
    pixels: RgbImage
    small: RgbImage
    pictures: CardPictures


def taken(project: Project, image_id: int, mask_set: MaskSet) -> Shot:
    """Read a picture and its mask.

    Raises:
        NotFoundError: There is no such picture.
        ImageError: It is gone, was changed, or cannot be read.
    """
    from gsal.reports.gallery import mask_picture, shrunk

    image = project.store.images.get(image_id)
    pixels = read_picture(project, image)
    record = project.store.masks.best([image_id], mask_set).get(image_id)
    if record is None:
        small, _ = shrunk(pixels, np.zeros(pixels.shape[:2], np.bool_))
        return Shot(image, pixels, small, CardPictures(_image(small)))
    small, ink = shrunk(pixels, codec.decode(project.store.masks.load(record.id)))
    return Shot(image, pixels, small, CardPictures(_image(small), _image(mask_picture(small, ink))))


def explained(
    explainer: Explainer, shot: Shot, model: ModelRecord, method: SaliencyMethod, ctx: JobContext
) -> CardPictures:
    """Make the map of the class that the model answers with; a refusal is told in its place.

    Raises:
        JobCancelled: It was stopped.
    """
    try:
        made = explainer.explain(model, shot.image, method, picture=shot.pixels, ctx=ctx)
    except GsalError as error:
        return replace(shot.pictures, problem=str(error))
    saliency: SaliencyMap = made.maps[made.predicted]
    limit = scale_limit([saliency], _LOOK.colours)
    return replace(shot.pictures, saliency=_image(blended(shot.small, saliency, limit, _LOOK)))


def _image(pixels: RgbImage) -> QImage:
    height, width = pixels.shape[:2]
    return QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()
