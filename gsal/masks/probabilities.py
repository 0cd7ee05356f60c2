"""A network's ink probabilities in steps of 1/20, small enough to keep, so that a threshold can be moved."""

import hashlib
import struct
import zlib

import numpy as np
import numpy.typing as npt

from gsal.arrays import Mask
from gsal.errors import ProjectDamaged
from gsal.records import EncodedProbabilities

__all__ = ["LEVELS", "at_threshold", "decode", "encode"]

LEVELS = 20
"""Steps from 0 to 1; thresholds can be told apart at 1/20, 2/20 ... 19/20."""

_THRESHOLDS = np.array([step / LEVELS for step in range(1, LEVELS)], np.float32)
_ZLIB_LEVEL = 9


def encode(probabilities: npt.NDArray[np.float32]) -> EncodedProbabilities:
    """Encode a map of probabilities; a pixel keeps how many of the 19 thresholds it exceeds.

    Args:
        probabilities: (H, W) float32 in [0, 1].

    >>> import numpy as np
    >>> kept = decode(encode(np.array([[0.0, 0.5, 0.51, 1.0]], np.float32)))
    >>> kept.tolist(), at_threshold(kept, 0.5).tolist()
    ([[0, 9, 10, 19]], [[False, False, True, True]])
    """
    height, width = probabilities.shape
    steps = np.searchsorted(_THRESHOLDS, probabilities, side="left").astype(np.uint8)
    data = zlib.compress(steps.tobytes(), _ZLIB_LEVEL)
    return EncodedProbabilities(height, width, LEVELS, data, _digest(height, width, LEVELS, data))


def decode(encoded: EncodedProbabilities) -> npt.NDArray[np.uint8]:
    """Decode a map, (H, W) uint8 of steps for `at_threshold`, after verifying its checksum.

    Raises:
        ProjectDamaged: What is stored is not what was written.
    """
    height, width = encoded.height, encoded.width
    if _digest(height, width, encoded.levels, encoded.data) != encoded.sha256:
        raise _damaged("its checksum does not fit")
    if encoded.levels != LEVELS:
        raise _damaged(f"it has {encoded.levels} steps and not {LEVELS}")
    try:
        steps = zlib.decompressobj().decompress(encoded.data, height * width + 1)
    except zlib.error as error:
        raise _damaged("it cannot be unpacked") from error
    if len(steps) != height * width:
        raise _damaged("its size does not fit")
    return np.frombuffer(steps, np.uint8).reshape(height, width)


def at_threshold(steps: npt.NDArray[np.uint8], share: float) -> Mask:
    """Give the mask of the pixels above a probability: what the network's mask at this threshold is.

    Args:
        steps: (H, W) uint8, of `decode`.
        share: The threshold; the nearest of 1/20 ... 19/20 is taken, at which the mask is exact.

    Returns:
        (H, W) bool.
    """
    mask: Mask = steps >= min(max(round(share * LEVELS), 1), LEVELS - 1)
    return mask


def _digest(height: int, width: int, levels: int, data: bytes) -> str:
    return hashlib.sha256(struct.pack(">3q", height, width, levels) + data).hexdigest()


def _damaged(reason: str) -> ProjectDamaged:
    return ProjectDamaged(
        f"The stored probabilities of a network's mask are damaged: {reason}. Its threshold cannot be moved; "
        "run `gsal segment` with another threshold to have new masks."
    )
