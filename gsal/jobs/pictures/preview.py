"""A picture in every variant, at a network's size, to be looked at before anything is computed with it."""

from collections.abc import Mapping
from dataclasses import dataclass

from gsal.arrays import RgbImage
from gsal.images.geometry import resize_image
from gsal.jobs.masks.making import read_picture
from gsal.jobs.pictures.variants import Colour, PictureVariant, choose_donors, croppable, render
from gsal.project import Project
from gsal.records import ImageRecord, MaskRecord, MaskSet, Variant

__all__ = ["Previewed", "pictures_to_preview", "preview"]


@dataclass(frozen=True, slots=True, eq=False)
class Previewed:
    """A variant of a picture.

    Attributes:
        picture: (S, S, 3) uint8; None where there is no such variant.
        why_not: Why there is none; "" if there is.
    """

    variant: Variant
    picture: RgbImage | None
    why_not: str = ""


def pictures_to_preview(project: Project, mask_set: MaskSet) -> list[ImageRecord]:
    """Return the pictures with a mask in a set, those with most ink first."""
    masks = project.store.masks.best(None, mask_set)
    images = [image for image in project.store.images.all() if image.id in masks]
    return sorted(images, key=lambda image: (-masks[image.id].ink_px, image.id))


def preview(
    project: Project,
    image: ImageRecord,
    *,
    mask_set: MaskSet,
    size: int,
    fill: Colour | None,
    seed: int = 0,
) -> list[Previewed]:
    """Return a picture in each variant.

    Args:
        project: Whose.
        image: The picture.
        mask_set: That says which pixels are ink.
        size: Side of the network's input, in pixels.
        fill: Mean colour of the data set; None while it is not known.
        seed: Chooses whose ink is pasted.

    Raises:
        ImageError: A picture is gone or cannot be read.
    """
    masks = project.store.masks.best(None, mask_set)
    mask = masks.get(image.id)
    is_inked = mask is not None and mask.ink_px > project.min_ink_px
    found = []
    for variant in Variant:
        wanted, why_not = _wanted(project, image, variant, masks, is_inked=is_inked, fill=fill, seed=seed)
        picture = None
        if wanted is not None:
            whole = render(project, wanted, read=read_picture)
            picture = resize_image(whole, height=size, width=size)
        found.append(Previewed(variant, picture, why_not))
    return found


def _wanted(
    project: Project,
    image: ImageRecord,
    variant: Variant,
    masks: Mapping[int, MaskRecord],
    *,
    is_inked: bool,
    fill: Colour | None,
    seed: int,
) -> tuple[PictureVariant | None, str]:
    """Return what to render, or None and why it cannot be."""
    if variant is Variant.ORIGINAL:
        return PictureVariant(image), ""
    if variant is Variant.PASTED:
        return _pasted(project, image, masks, is_inked=is_inked, seed=seed)
    if not is_inked:
        return None, "This picture has no ink."
    wanted = PictureVariant(image, variant, masks[image.id])
    if variant is Variant.ABLATED_ALIKE:
        wanted = PictureVariant(image, variant, masks[image.id], fill=fill)
        return (wanted, "") if fill is not None else (None, "Finding the mean colour of all pictures.")
    if variant is Variant.CROPPED and not next(croppable(project, [wanted]))[1]:
        return None, "The ink leaves no large crop."
    return wanted, ""


def _pasted(
    project: Project, image: ImageRecord, masks: Mapping[int, MaskRecord], *, is_inked: bool, seed: int
) -> tuple[PictureVariant | None, str]:
    if is_inked:
        return None, "This picture has ink of its own."
    images = [one for one in project.store.images.all() if one.side is image.side]
    donors = choose_donors(images, [image], masks, min_ink_px=project.min_ink_px, seed=seed)
    if image.id not in donors:
        return None, "No picture of another patient has ink."
    return PictureVariant(image, Variant.PASTED, donor=donors[image.id]), ""
