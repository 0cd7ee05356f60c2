"""Masks written as run lengths, by COCO and by CVAT: alternately pixels without and with ink."""

from collections.abc import Sequence

import numpy as np

from gsal.arrays import Mask

__all__ = ["counts_of", "mask_of_runs"]

_CHUNK_BITS = 5
_MAX_CHUNKS = 7
_FIRST, _LAST = 48, 111


def mask_of_runs(runs: Sequence[int], shape: tuple[int, int], *, is_by_column: bool) -> Mask:
    """Give the mask that run lengths stand for.

    Args:
        runs: Pixels without ink, then with ink, and so on; the first may be 0.
        shape: (height, width).
        is_by_column: Whether pixels are counted down the columns (COCO), else along the rows (CVAT).

    Raises:
        ValueError: The runs are none, or not of so many pixels.

    >>> mask_of_runs([1, 2, 3], (2, 3), is_by_column=True).astype(int).tolist()
    [[0, 1, 0], [1, 0, 0]]
    """
    height, width = shape
    lengths = [int(run) for run in runs]
    if min(lengths, default=0) < 0 or sum(lengths) != height * width:
        raise ValueError(f"its runs are not of {height * width} pixels")
    values = np.arange(len(lengths)) % 2 == 1
    pixels = np.repeat(values, lengths)
    mask: Mask = pixels.reshape(width, height).T if is_by_column else pixels.reshape(height, width)
    return np.ascontiguousarray(mask)


def counts_of(text: str) -> list[int]:
    """Read COCO's compressed counts: each run less the one two before it, 5 bits a letter, the lowest first.

    pycocotools reads them too, but without looking whether they fill the picture: the rest of a mask cut
    short is then whatever was in memory.

    Raises:
        ValueError: The text is no such thing.
    """
    counts: list[int] = []
    value = chunks = 0
    for letter in text:
        bits = ord(letter) - _FIRST
        if not 0 <= bits <= _LAST - _FIRST or chunks == _MAX_CHUNKS:
            raise ValueError("its counts are no compressed run lengths")
        value |= (bits & 31) << (_CHUNK_BITS * chunks)
        chunks += 1
        if bits & 32:
            continue
        if bits & 16:
            value -= 1 << (_CHUNK_BITS * chunks)
        counts.append(value + (counts[-2] if len(counts) > 2 else 0))
        value = chunks = 0
    if chunks:
        raise ValueError("its counts are cut off")
    return counts
