"""A photograph in halvings by area average, so that any zoom draws few pixels and no moire."""

from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from gsal.arrays import RgbImage

__all__ = ["Pyramid"]

_LEAST_SIDE_PX = 512


class Pyramid:
    """Level 0 is the picture; a pixel of level k covers 2^k x 2^k of it, the last ones less.

    Args:
        picture: (H, W, 3) uint8.

    Attributes:
        shape: (height, width) of the picture in pixels.
        arrays: The levels, (h, w, 4) uint8: blue, green, red and 255.
    """

    def __init__(self, picture: RgbImage) -> None:
        self.shape = picture.shape[0], picture.shape[1]
        self.arrays = [_bgrx(picture)]
        while max(self.arrays[-1].shape[:2]) > _LEAST_SIDE_PX:
            self.arrays.append(_halved(self.arrays[-1]))

    @property
    def rgb(self) -> RgbImage:
        """The picture, (H, W, 3) uint8: a view of level 0, so that its pixels are kept once."""
        return self.arrays[0][..., 2::-1]

    def coarsest(self) -> Self:
        """Return a pyramid of the coarsest level alone: what is left of a picture that is not looked at."""
        return type(self)(self.smaller(long_side_px=1))

    def level_for(self, scale: float) -> int:
        """Return the level to draw at so many screen pixels per picture pixel: the first not too fine."""
        level = 0
        while level + 1 < len(self.arrays) and scale * 2 ** (level + 1) <= 1.0:
            level += 1
        return level

    def smaller(self, *, long_side_px: int) -> RgbImage:
        """Return the finest halving whose long side is at most this, else the coarsest; (h, w, 3) uint8."""
        fitting = (array for array in self.arrays if max(array.shape) <= long_side_px)
        return np.asarray(cv2.cvtColor(next(fitting, self.arrays[-1]), cv2.COLOR_BGRA2RGB), dtype=np.uint8)


def _bgrx(picture: RgbImage) -> npt.NDArray[np.uint8]:
    return np.ascontiguousarray(cv2.cvtColor(picture, cv2.COLOR_RGB2BGRA), dtype=np.uint8)


def _halved(image: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    height, width = image.shape[:2]
    even = cv2.copyMakeBorder(image, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    size = (width + 1) // 2, (height + 1) // 2
    return np.ascontiguousarray(cv2.resize(even, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
