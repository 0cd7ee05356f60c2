"""Random changes of pictures, and of their masks with them; drawn from torch's current random state."""

import math
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import torch
from torchvision import tv_tensors
from torchvision.transforms import v2

from gsal.training.recipe import Augment

__all__ = ["augment_pairs", "augment_pictures", "build_transform", "build_window_transform", "windows_side"]

Transform: TypeAlias = Any  # torchvision is untyped
Pictures: TypeAlias = npt.NDArray[np.uint8]

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


def augment_pictures(pictures: Pictures, transform: Transform | None) -> Pictures:
    """Change each picture by its own draw; (N, S, S, 3) uint8 in and out."""
    if transform is None:
        return pictures
    return np.stack([_to_array(transform(_to_image(picture))) for picture in pictures])


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


def augment_pairs(
    pictures: Pictures, targets: Pictures, transform: Transform | None
) -> tuple[Pictures, Pictures]:
    """Change each picture and its target by one draw: geometry alike, colour in the picture only.

    Args:
        pictures: (N, S, S, 3) uint8.
        targets: (N, S, S) uint8; no new values come in.
        transform: Of `build_window_transform`.
    """
    if transform is None:
        return pictures, targets
    pairs = [
        transform(_to_image(picture), tv_tensors.Mask(torch.from_numpy(target)))
        for picture, target in zip(pictures, targets, strict=True)
    ]
    changed = np.stack([_to_array(image) for image, _ in pairs])
    return changed, np.stack([target.numpy() for _, target in pairs])


def _to_image(picture: Pictures) -> torch.Tensor:
    image: torch.Tensor = tv_tensors.Image(torch.from_numpy(picture).permute(2, 0, 1))
    return image


def _to_array(image: torch.Tensor) -> Pictures:
    array: Pictures = image.permute(1, 2, 0).numpy()
    return array
