"""A picture as a network is shown it: as it is, or with its ink or all else taken away."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from gsal.arrays import Mask, RgbImage
from gsal.errors import GsalError
from gsal.images.geometry import coverage, resize_image, resize_mask, working_shape
from gsal.jobs.masks.making import load_masks
from gsal.masks import codec
from gsal.project import Project
from gsal.records import ImageRecord, MaskRecord, Variant
from gsal.variants import (
    METHODS_VERSION,
    ablate,
    blur,
    choose_donor,
    crop,
    find_crop,
    inpaint,
    paste,
)

__all__ = ["Donor", "PictureVariant", "basis_of", "choose_donors", "croppable", "render", "variants_named"]

Colour = tuple[int, int, int]
ReadPicture = Callable[[Project, ImageRecord], RgbImage]


@dataclass(frozen=True, slots=True)
class Donor:
    """A picture whose ink another one receives, and the mask of that ink."""

    image: ImageRecord
    mask: MaskRecord


@dataclass(frozen=True, slots=True)
class PictureVariant:
    """A picture and what is done to it, before it is read.

    Attributes:
        mask: Of its ink, where the variant is of pictures with ink.
        donor: Whose ink is pasted.
        fill: Colour of what is ablated; None for the picture's own mean.
    """

    image: ImageRecord
    variant: Variant = Variant.ORIGINAL
    mask: MaskRecord | None = None
    donor: Donor | None = None
    fill: Colour | None = None

    @property
    def basis(self) -> str:
        """Hash of all but the picture that its pixels come from; "" for the picture as it is."""
        return basis_of(
            self.variant,
            self.mask.sha256 if self.mask else "",
            donor=f"{self.donor.image.sha256} {self.donor.mask.sha256}" if self.donor else "",
            fill=str(self.fill or ""),
        )


def basis_of(variant: Variant, mask_sha256: str, *, donor: str = "", fill: str = "") -> str:
    """Return the hash that a variant's rows are known by; "" for the picture as it is.

    Args:
        variant: What is done to the picture.
        mask_sha256: Of the mask of its ink.
        donor: Hashes of the picture and the mask that ink is pasted from.
        fill: The colour of what is ablated, in words.
    """
    if variant is Variant.ORIGINAL:
        return ""
    parts = [str(METHODS_VERSION), str(variant), mask_sha256, donor, fill]
    return sha256("\n".join(parts).encode()).hexdigest()


def variants_named(
    names: Sequence[str], *, possible: Collection[Variant] = tuple(Variant)
) -> tuple[Variant, ...]:
    """Return the variants of these names, the original first, each once, in their own order.

    Args:
        names: Of variants.
        possible: Those that can be asked for; the others are refused by whoever asks.

    Raises:
        GsalError: There is none of a name.
    """
    try:
        asked = {Variant(name) for name in names}
    except ValueError as error:
        raise GsalError(f"{error}; the variants are {', '.join(possible)}.") from None
    return tuple(v for v in Variant if v in asked or v is Variant.ORIGINAL)


def choose_donors(
    images: Sequence[ImageRecord],
    receivers: Sequence[ImageRecord],
    masks: Mapping[int, MaskRecord],
    *,
    min_ink_px: float,
    seed: int,
) -> dict[int, Donor]:
    """Return whose ink each picture receives, by its number: an inked picture's of another patient.

    Args:
        images: The donors are taken from, those without enough ink left out.
        receivers: Those that have no donor are left out of what is returned.
        masks: By picture.
        min_ink_px: A donor has more ink than that.
        seed: Another one gives other donors.
    """
    inked = {i.sha256: i for i in images if i.id in masks and masks[i.id].ink_px > min_ink_px}
    patients = {key: image.patient for key, image in inked.items()}
    chosen = {i.id: choose_donor(i.sha256, i.patient, patients, seed=seed) for i in receivers}
    return {
        image_id: Donor(inked[key], masks[inked[key].id])
        for image_id, key in chosen.items()
        if key is not None
    }


def croppable(project: Project, wanted: Sequence[PictureVariant]) -> Iterator[tuple[PictureVariant, bool]]:
    """Yield each crop that is wanted, and whether there is one; only masks are read."""
    by_image = {one.image.id: one for one in wanted}
    for record, mask in load_masks(project, [one.mask for one in wanted if one.mask is not None]):
        one = by_image[record.image_id]
        yield one, find_crop(_touched(mask, one.image)) is not None


def render(project: Project, wanted: PictureVariant, *, read: ReadPicture) -> RgbImage:
    """Return the picture as the variant has it, (H, W, 3) uint8.

    The original and what is ablated keep the picture's size (SPEC 5). All else is made on its working copy,
    so that an inpainted picture of 24 megapixels takes no minute.

    Args:
        project: Whose.
        wanted: What to make.
        read: Reads a picture.

    Raises:
        ImageError: A picture is gone or cannot be read.
        GsalError: A mask is missing, or the crop would be too small.
    """
    picture = read(project, wanted.image)
    if wanted.variant is Variant.ORIGINAL:
        return picture
    if wanted.variant in {Variant.ABLATED, Variant.ABLATED_ALIKE}:
        height, width = picture.shape[:2]
        mask = resize_mask(_ink(project, wanted.image, wanted.mask), height=height, width=width)
        return ablate(picture, mask, fill=wanted.fill)
    height, width = working_shape(*picture.shape[:2])
    copy = resize_image(picture, height=height, width=width)
    if wanted.donor is not None:
        donor = resize_image(read(project, wanted.donor.image), height=height, width=width)
        ink = resize_mask(_ink(project, wanted.donor.image, wanted.donor.mask), height=height, width=width)
        return paste(copy, donor, ink)
    return _without_ink(wanted, copy, _touched(_ink(project, wanted.image, wanted.mask), wanted.image))


def _without_ink(wanted: PictureVariant, picture: RgbImage, ink: Mask) -> RgbImage:
    if wanted.variant is Variant.INPAINTED:
        return inpaint(picture, ink)
    if wanted.variant is Variant.BLURRED:
        return blur(picture, ink)
    cropped = crop(picture, ink)
    if cropped is None:
        raise GsalError(f"{wanted.image.path}: its ink leaves no crop that is large enough.")
    return cropped


def _touched(mask: Mask, image: ImageRecord) -> Mask:
    """Return the pixels of the working copy that hold any ink: what is taken away is taken wholly."""
    height, width = working_shape(image.height, image.width)
    touched: Mask = coverage(mask, height=height, width=width) > 0
    return touched


def _ink(project: Project, image: ImageRecord, record: MaskRecord | None) -> Mask:
    if record is None:
        raise GsalError(f"{image.path} has no ink mask any more. Mask it again, or create its cohort anew.")
    return np.asarray(codec.decode(project.store.masks.load(record.id)))
