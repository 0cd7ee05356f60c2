"""Random changes of pictures, and of their masks with them; drawn from torch's current random state."""

import math
from typing import Any, TypeAlias

import torch
from torchvision import tv_tensors
from torchvision.transforms import v2

from gsal.arrays import RgbImage
from gsal.training.recipe import Augment
from gsal.training.windows import Target

__all__ = [
    "Transform",
    "augment_pair",
    "augment_picture",
    "build_transform",
    "build_window_transform",
    "windows_side",
]

Transform: TypeAlias = Any  # torchvision is untyped

_BORDER = 0.35  # corners move in by .21 of the side when rotated, the picture by .1 when shifted


def build_transform(kind: Augment, size: int) -> Transform | None:
    """Return a torchvision transform for pictures of size x size; None for no change.

    Rotation and shift bring in the mirrored picture, never a black corner that could pass for ink.
    """
    if kind is Augment.NONE:
        return None
    flips = [v2.RandomHorizontalFlip(), v2.RandomVerticalFlip()]
    if kind is Augment.FLIPS:
        return v2.Compose(flips)
    return v2.Compose(
        [
            *flips,
            v2.Pad(int(_BORDER * size), padding_mode="reflect"),
            v2.RandomAffine(180, (0.06, 0.06), (0.85, 1.2), 8, v2.InterpolationMode.BILINEAR),
            v2.CenterCrop(size),
            v2.ColorJitter(brightness=0.2, contrast=0.2, saturation=0.2, hue=0.02),
        ]
    )


def augment_picture(picture: RgbImage, transform: Transform | None) -> RgbImage:
    """Change a picture by one draw; (S, S, 3) uint8 in and out."""
    return picture if transform is None else _to_array(transform(_to_image(picture)))


def windows_side(kind: Augment, side: int) -> int:
    """Return the side of the windows from which those of `side` are cut after they were turned."""
    return math.ceil(1.45 * side) if kind is Augment.FULL else side


def build_window_transform(kind: Augment, side: int) -> Transform | None:
    """Return a torchvision transform from windows of `windows_side` to windows of side x side."""
    if kind is not Augment.FULL:
        return build_transform(kind, side)
    return v2.Compose(
        [
            v2.RandomHorizontalFlip(),
            v2.RandomVerticalFlip(),
            v2.RandomAffine(180, shear=8, interpolation=v2.InterpolationMode.BILINEAR),
            v2.CenterCrop(side),
            v2.ColorJitter(brightness=0.25, contrast=0.25, saturation=0.25, hue=0.03),
        ]
    )


def augment_pair(picture: RgbImage, target: Target, transform: Transform | None) -> tuple[RgbImage, Target]:
    """Change a picture and its target by one draw: geometry alike, colour in the picture only.

    Args:
        picture: (S, S, 3) uint8.
        target: (S, S) uint8; no new values come in.
        transform: Of `build_window_transform`.
    """
    if transform is None:
        return picture, target
    image, moved = transform(_to_image(picture), tv_tensors.Mask(torch.from_numpy(target)))
    return _to_array(image), moved.numpy()


def _to_image(picture: RgbImage) -> torch.Tensor:
    image: torch.Tensor = tv_tensors.Image(torch.from_numpy(picture).permute(2, 0, 1))
    return image


def _to_array(image: torch.Tensor) -> RgbImage:
    array: RgbImage = image.permute(1, 2, 0).numpy()
    return array
