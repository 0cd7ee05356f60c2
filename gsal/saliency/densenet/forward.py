"""The forward pass of a folded DenseNet, keeping of each ReLU only where it let through.

Pixels are rows and channels are columns throughout, (N * h * w, channels), so that a 1 x 1 convolution is one
matrix product, and all layers of a block write into one buffer instead of being joined anew each time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from gsal.saliency.densenet.folded import Block, Folded, Layer, Stem, Transition

__all__ = ["Gates", "Kept", "Record", "StemRecord", "forward", "gate", "pixels", "rows_at_once"]

_CACHED = 262_144
"""Numbers that are worked on at once on a processor: what stays in its second-level cache."""


class Gates(NamedTuple):
    """Of one dense layer.

    Attributes:
        first: (n, k), the first norm's scale where its ReLU let through, else 0.
        second: (n, M), the output of the second ReLU.
    """

    first: Tensor
    second: Tensor


class Record(NamedTuple):
    """Of one block.

    Attributes:
        layers: Each one's gates.
        transition: (n, k), as `Gates.first`, a quarter of it for the average; None after the last block.
        size: (h, w).
    """

    layers: tuple[Gates, ...]
    transition: Tensor | None
    size: tuple[int, int]


class StemRecord(NamedTuple):
    """Of the stem.

    Attributes:
        output: (N, O, h, w), after its ReLU.
        places: (N, O, h', w'), which pixel of `output` each maximum of the pool was.
    """

    output: Tensor
    places: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What a forward pass gives, and what its transposed pass needs.

    Attributes:
        features: (n, k) rows of the last ReLU's output.
        size: (h, w) of the last maps.
        last: (n, k), as `Gates.first` of the last norm; None unless gates are kept.
        stem: None unless gates are kept.
        blocks: Likewise empty.
    """

    features: Tensor
    size: tuple[int, int]
    last: Tensor | None
    stem: StemRecord | None
    blocks: tuple[Record, ...]


def forward(network: Folded, images: Tensor, *, keep: bool) -> Kept:
    """Run pictures (N, channels, H, W) through a network."""
    first, pooled = _stem(network.stem, images.to(network.dtype))
    count, size = len(images), (pooled.shape[2], pooled.shape[3])
    rows = pixels(pooled)
    records = []
    for block in network.blocks:
        rows, gates = _dense(block, rows, count, size, keep=keep, dtype=network.transposed_dtype)
        held = None
        before = size
        if block.transition is not None:
            rows, held, size = _shrink(block.transition, rows, count, size, keep=keep)
        if keep:
            records.append(Record(gates, None if held is None else held.to(network.transposed_dtype), before))
    normed = torch.addcmul(network.shift, rows, network.scale)
    last = gate(network.scale, normed) if keep else None
    return Kept(normed.relu_(), size, last, first if keep else None, tuple(records))


def gate(scale: Tensor, normed: Tensor) -> Tensor:
    """Return the scale (k,) where what was normed (n, k) is positive, else 0: the slope of both steps."""
    made: Tensor = torch.ops.aten.threshold_backward(scale.expand_as(normed), normed, 0)
    return made


def pixels(maps: Tensor) -> Tensor:
    """Return maps (N, channels, h, w) as rows (N * h * w, channels); a view where channels come last."""
    return maps.permute(0, 2, 3, 1).flatten(0, 2)


def rows_at_once(rows: int, columns: int, device: torch.device) -> int:
    """Return how many rows of so many columns to work on at once."""
    return rows if device.type != "cpu" else max(64, _CACHED // columns)


def _maps(rows: Tensor, count: int, size: tuple[int, int]) -> Tensor:
    return rows.view(count, *size, -1).permute(0, 3, 1, 2)


def _stem(stem: Stem, images: Tensor) -> tuple[StemRecord, Tensor]:
    images = images.contiguous(memory_format=torch.channels_last)
    output = F.conv2d(images, stem.weight, stem.bias, stride=2, padding=3).relu_()
    pooled, places = F.max_pool2d(output, 3, 2, 1, return_indices=True)
    return StemRecord(output, places), pooled


def _dense(
    block: Block, rows: Tensor, count: int, size: tuple[int, int], *, keep: bool, dtype: torch.dtype
) -> tuple[Tensor, tuple[Gates, ...]]:
    width = rows.shape[1] + sum(len(layer.grow) for layer in block.layers)
    buffer = rows.new_empty(len(rows), width)
    buffer[:, : rows.shape[1]] = rows
    gates = []
    for layer in block.layers:
        known = len(layer.scale)
        squeezed, first = _squeeze(layer, buffer[:, :known], keep=keep, dtype=dtype)
        grown = F.conv2d(_maps(squeezed, count, size), layer.grow, padding=1)
        buffer[:, known : known + len(layer.grow)] = pixels(grown)
        if first is not None:
            gates.append(Gates(first, squeezed.to(dtype)))
    return buffer, tuple(gates)


def _squeeze(layer: Layer, rows: Tensor, *, keep: bool, dtype: torch.dtype) -> tuple[Tensor, Tensor | None]:
    squeezed = rows.new_empty(len(rows), len(layer.bias))
    first = torch.empty(rows.shape, dtype=dtype, device=rows.device) if keep else None
    for part in _parts(rows):
        normed = torch.addcmul(layer.shift, rows[part], layer.scale)
        if first is not None:
            first[part] = gate(layer.scale, normed)
        torch.addmm(layer.bias, normed.relu_(), layer.squeeze, out=squeezed[part])
    return squeezed.relu_(), first


def _shrink(
    transition: Transition, rows: Tensor, count: int, size: tuple[int, int], *, keep: bool
) -> tuple[Tensor, Tensor | None, tuple[int, int]]:
    normed = torch.addcmul(transition.shift, rows, transition.scale)
    held = gate(transition.scale / 4, normed) if keep else None
    # Averaging first gives the same as averaging what the convolution makes, for a quarter of its work.
    pooled = F.avg_pool2d(_maps(normed.relu_(), count, size), 2)
    return pixels(pooled) @ transition.weight, held, (pooled.shape[2], pooled.shape[3])


def _parts(rows: Tensor) -> Iterator[slice]:
    step = rows_at_once(len(rows), rows.shape[1], rows.device)
    for start in range(0, len(rows), step):
        yield slice(start, start + step)
