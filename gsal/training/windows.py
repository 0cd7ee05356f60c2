"""Square windows of pictures with masks: what a step of a segmenter's training sees."""

from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from gsal.arrays import RgbImage

__all__ = ["INK", "LOOK_ALIKE", "NO_INK", "UNKNOWN", "Target", "centred_window", "random_window"]

Target: TypeAlias = npt.NDArray[np.uint8]
"""(H, W): one of the four below at every pixel."""

NO_INK, INK, UNKNOWN, LOOK_ALIKE = 0, 1, 2, 3
"""LOOK_ALIKE is no ink either, but a rule took it for ink: there is more to learn there than elsewhere."""

_WORTH_A_LOOK = 0.7
_BESIDE = 0.1  # of the picture's long side


def random_window(
    picture: RgbImage, target: Target, *, side: int, zoom: tuple[float, float], rng: np.random.Generator
) -> tuple[RgbImage, Target]:
    """Cut a window at a random place and scale; most have ink or a look-alike in them.

    Beyond the border the mirrored picture goes on: a black corner could pass for ink.

    Args:
        picture: (H, W, 3) uint8.
        target: (H, W) of the same.
        side: Of the window, in pixels.
        zoom: Least and largest scale; it is drawn evenly in its logarithm.
        rng: Source of place and scale.
    """
    scale = float(np.exp(rng.uniform(*np.log(zoom))))
    rows, columns = np.nonzero((target == INK) | (target == LOOK_ALIKE))
    height, width = target.shape
    if rows.size and rng.random() < _WORTH_A_LOOK:
        beside = _BESIDE * max(height, width)
        at = rng.integers(rows.size)
        y, x = rows[at] + rng.uniform(-beside, beside), columns[at] + rng.uniform(-beside, beside)
    else:
        y, x = rng.uniform(0, height), rng.uniform(0, width)
    reach = side / scale / 2
    return _cut(picture, target, (_within(y, reach, height), _within(x, reach, width)), side, scale)


def centred_window(picture: RgbImage, target: Target, *, side: int) -> tuple[RgbImage, Target]:
    """Cut a window around the middle of the ink, or of the picture where there is none: always the same."""
    rows, columns = np.nonzero(target == INK)
    height, width = target.shape
    y, x = (float(rows.mean()), float(columns.mean())) if rows.size else (height / 2, width / 2)
    return _cut(picture, target, (_within(y, side / 2, height), _within(x, side / 2, width)), side, 1.0)


def _within(centre: float, reach: float, extent: int) -> float:
    """Keep a window inside the picture, or in its middle where the picture is smaller."""
    return extent / 2 if 2 * reach >= extent else float(np.clip(centre, reach, extent - reach))


def _cut(
    picture: RgbImage, target: Target, centre: tuple[float, float], side: int, scale: float
) -> tuple[RgbImage, Target]:
    y, x = centre
    # Pixel centres lie at half integers on both sides.
    shift = (side / 2 - scale * x + (scale - 1) / 2, side / 2 - scale * y + (scale - 1) / 2)
    move = np.array([[scale, 0, round(shift[0])], [0, scale, round(shift[1])]], np.float64)
    smooth = cv2.GaussianBlur(picture, (0, 0), 0.4 / scale) if scale < 1 else picture
    border = cv2.BORDER_REFLECT_101
    seen = cv2.warpAffine(smooth, move, (side, side), flags=cv2.INTER_LINEAR, borderMode=border)
    known = cv2.warpAffine(target, move, (side, side), flags=cv2.INTER_NEAREST, borderMode=border)
    return np.asarray(seen, np.uint8), np.asarray(known, np.uint8)
