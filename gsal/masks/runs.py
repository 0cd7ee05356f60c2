"""Masks written as run lengths, by COCO and by CVAT: alternately pixels without and with ink."""

from collections.abc import Iterable, Sequence

import numpy as np

from gsal.arrays import IntArray, Mask

__all__ = ["counts_of", "mask_of_runs", "union_of_runs", "whole"]

_CHUNK_BITS = 5
_MAX_CHUNKS = 7
_FIRST, _LAST = 48, 111


def whole(value: int | float) -> int:
    """Return a number of JSON as a whole one.

    Raises:
        ValueError: It is none; it is never rounded.
        OverflowError: It is infinite.

    >>> whole(3.0)
    3
    """
    number = int(value)
    if isinstance(value, bool) or number != value:
        raise ValueError(f"{value} is no whole number")
    return number


def mask_of_runs(runs: Sequence[int], shape: tuple[int, int], *, is_by_column: bool) -> Mask:
    """Give the mask that run lengths stand for.

    Args:
        runs: Pixels without ink, then with ink, and so on; the first may be 0.
        shape: (height, width).
        is_by_column: Whether pixels are counted down the columns (COCO), else along the rows (CVAT).

    Raises:
        ValueError: The runs are none, no whole numbers, or not of so many pixels.

    >>> mask_of_runs([1, 2, 3], (2, 3), is_by_column=True).astype(int).tolist()
    [[0, 1, 0], [1, 0, 0]]
    """
    return union_of_runs([runs], shape, is_by_column=is_by_column)


def union_of_runs(several: Iterable[Sequence[int]], shape: tuple[int, int], *, is_by_column: bool) -> Mask:
    """Give the mask of all pixels that any of several run lengths has ink on, as `mask_of_runs` for one.

    The picture is gone through once, however many there are.

    >>> union_of_runs([[1, 2, 3], [2, 2, 2]], (1, 6), is_by_column=False).astype(int).tolist()
    [[0, 1, 1, 1, 0, 0]]
    """
    height, width = shape
    strokes = [_strokes(runs, height * width) for runs in several]
    edges = _joined(np.concatenate([np.empty((0, 2), np.int64), *strokes]))
    lengths = np.diff(edges.ravel(), prepend=0, append=height * width)
    pixels = np.repeat(np.arange(lengths.size) % 2 == 1, lengths)
    mask: Mask = pixels.reshape(width, height).T if is_by_column else pixels.reshape(height, width)
    return np.ascontiguousarray(mask)


def _strokes(runs: Sequence[int], pixels: int) -> IntArray:
    """Return the first pixel of each run with ink and the one after its last, (strokes, 2)."""
    lengths = [whole(run) for run in runs]
    if min(lengths, default=0) < 0 or sum(lengths) != pixels:
        raise ValueError(f"its runs are not of {pixels} pixels")
    edges = np.cumsum(np.array(lengths, np.int64))
    return edges[: edges.size // 2 * 2].reshape(-1, 2)


def _joined(strokes: IntArray) -> IntArray:
    """Return strokes, (strokes, 2), in order, those that touch or overlap as one."""
    if not strokes.size:
        return strokes
    first, after = strokes[np.argsort(strokes[:, 0])].T
    reach = np.maximum.accumulate(after)
    begins = np.append(True, first[1:] > reach[:-1])
    ends = np.append(begins[1:], True)
    return np.stack([first[begins], reach[ends]], axis=1)


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
