"""Example pictures: photograph, ink mask and saliency overlay side by side (Fig. 3 of the paper)."""

import io

import numpy as np
from PIL import Image
from scipy import ndimage

from gsal.arrays import Mask, RgbImage, SaliencyMap
from gsal.reports.content import GalleryItem
from gsal.reports.document import Picture, Strip

__all__ = ["mask_picture", "saliency_picture", "shrunk", "strip"]

_LONG_SIDE = 360
_QUALITY = 88
_YELLOW = np.array([255.0, 214.0, 0.0])
_FOR, _AGAINST = np.array([213.0, 94.0, 0.0]), np.array([0.0, 114.0, 178.0])


def mask_picture(picture: RgbImage, mask: Mask) -> RgbImage:
    """Return the picture with its ink filled yellow at 45 % and outlined white on black.

    Args:
        picture: (H, W, 3) uint8.
        mask: (H, W) bool.
    """
    result = picture.astype(np.float64)
    result[mask] = 0.55 * result[mask] + 0.45 * _YELLOW
    halo = ndimage.binary_dilation(mask, iterations=2) & ~mask
    rim = ndimage.binary_dilation(mask) & ~mask
    result[halo] = 0.0
    result[rim] = 255.0
    return result.round().astype(np.uint8)


def saliency_picture(picture: RgbImage, saliency: SaliencyMap) -> RgbImage:
    """Return the picture in grey with the map over it: orange speaks for the class, blue against it.

    Each map is scaled to its own largest magnitude, so colours are not comparable between pictures.

    Args:
        picture: (H, W, 3) uint8.
        saliency: (h, w), of the whole picture; stretched to its size. Undefined values show nothing.
    """
    height, width = picture.shape[:2]
    values = np.nan_to_num(np.asarray(saliency, dtype=np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    stretched = Image.fromarray(values).resize((width, height), Image.Resampling.BILINEAR)
    field = np.asarray(stretched, dtype=np.float64)
    largest = float(np.abs(field).max())
    strength = (np.abs(field) / largest if largest > 0 else field)[..., np.newaxis]
    grey = np.repeat(
        np.asarray(Image.fromarray(picture).convert("L"), dtype=np.float64)[..., np.newaxis], 3, axis=2
    )
    colour = np.where(field[..., np.newaxis] > 0, _FOR, _AGAINST)
    mixed = grey * (1 - 0.75 * strength) + colour * 0.75 * strength
    return mixed.round().clip(0, 255).astype(np.uint8)


def shrunk(picture: RgbImage, mask: Mask, *, long_side: int = _LONG_SIDE) -> tuple[RgbImage, Mask]:
    """Return a picture and its mask at the size they are shown in.

    Args:
        picture: (H, W, 3) uint8.
        mask: (H, W) bool.
        long_side: Of what is returned.
    """
    height, width = picture.shape[:2]
    scale = long_side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    shrinks = scale < 1
    resample = Image.Resampling.BOX if shrinks else Image.Resampling.BICUBIC
    small = np.asarray(Image.fromarray(picture).resize(size, resample), dtype=np.uint8)
    smooth = Image.Resampling.BOX if shrinks else Image.Resampling.BILINEAR
    covered = np.asarray(Image.fromarray(mask.astype(np.float32)).resize(size, smooth))
    # A stroke thinner than a cell must not vanish from the example.
    return small, covered > (0.25 if shrinks else 0.5)


def strip(item: GalleryItem) -> Strip:
    """Return photograph, ink mask and saliency overlay, long side 360 px, with no metadata of the file.

    Raises:
        ValueError: The mask has another size than the picture.
    """
    if item.mask.shape != item.picture.shape[:2]:
        raise ValueError(f"mask {item.mask.shape} does not fit the picture {item.picture.shape[:2]}")
    picture, mask = shrunk(item.picture, item.mask)
    return Strip(
        pictures=(
            Picture(_jpeg(picture), "Photograph"),
            Picture(_jpeg(mask_picture(picture, mask)), "Photograph with its ink mask"),
            Picture(_jpeg(saliency_picture(picture, item.saliency)), f"{item.method} overlay"),
        ),
        caption=item.caption,
    )


def _jpeg(picture: RgbImage) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, format="JPEG", quality=_QUALITY, subsampling=0)
    return stream.getvalue()
