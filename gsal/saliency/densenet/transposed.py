"""The transposed pass of a DenseNet: the gradients of all logits with respect to the picture, at once.

In evaluation mode a network of convolutions, ReLUs and norms is linear around each picture, and its gradient
is its transpose: the same convolutions turned around, in the opposite order, with the ReLUs' gates between
them. Written out it needs no graph and no gradients of weights, and has all classes share each gate, where
automatic differentiation repeats the pass class by class. It equals it to rounding.
"""

from collections.abc import Iterator
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from gsal.saliency.densenet.folded import Block, Folded, Layer, Stem, Transition
from gsal.saliency.densenet.forward import Gates, Kept, Record, StemRecord, forward, pixels, rows_at_once

__all__ = ["Gradients", "Passed", "run"]


class Gradients(NamedTuple):
    """Over the channels of the picture.

    Attributes:
        product: Sum of x * dz_c/dx, (N, C, H, W), in the images' type.
        slope: Sum of dz_c/dx, likewise; None unless it was asked for.
    """

    product: Tensor
    slope: Tensor | None


class Passed(NamedTuple):
    """What came of both passes.

    Attributes:
        logits: (N, C).
        cam: Grad-CAM on the last maps, signed, (N, C, h, w).
        gradients: None unless they were asked for.
    """

    logits: Tensor
    cam: Tensor
    gradients: Gradients | None


@torch.no_grad()
def run(network: Folded, images: Tensor, *, gradients: bool = True, slope: bool = False) -> Passed:
    """Explain every class of every picture (N, channels, H, W), normalised, of any size."""
    kept = forward(network, images, keep=gradients)
    height, width = kept.size
    cam = (kept.features @ network.weight.t()).div_(height * width)
    cam = cam.view(len(images), height, width, -1).permute(0, 3, 1, 2).contiguous()
    logits = cam.sum(dim=(2, 3)) + network.bias
    if kept.last is None or kept.stem is None:
        return Passed(logits, cam, None)
    flow = (network.weight[:, None] * (kept.last / (height * width))).to(network.transposed_dtype)
    for block, record in zip(reversed(network.blocks), reversed(kept.blocks), strict=True):
        if block.transition is not None:
            flow = _enlarge(block.transition, record, flow, len(images))
        flow = _undo(block, record, flow, len(images))
    return Passed(logits, cam, _through_stem(network.stem, kept, flow, images, slope=slope))


def _enlarge(transition: Transition, record: Record, flow: Tensor, count: int) -> Tensor:
    """Return the flow (C, n, k) above a transition from that below it (C, n', K)."""
    assert record.transition is not None  # noqa: S101 - it has a transition
    classes, (height, width) = len(flow), record.size
    low, narrow = height // 2, width // 2
    spread = (flow.reshape(-1, flow.shape[2]) @ transition.weight_t).view(
        classes, count, low, 1, narrow, 1, -1
    )
    gates = record.transition.view(count, height, width, -1)
    even = gates[:, : 2 * low, : 2 * narrow].reshape(count, low, 2, narrow, 2, -1)
    if (height, width) == (2 * low, 2 * narrow):
        whole: Tensor = spread * even
        return whole.view(classes, count * height * width, -1)
    # The average pool drops a last odd row or column.
    above = flow.new_zeros(classes, *gates.shape)
    above[:, :, : 2 * low, : 2 * narrow] = (spread * even).flatten(4, 5).flatten(2, 3)
    return above.flatten(1, 3)


def _undo(block: Block, record: Record, flow: Tensor, count: int) -> Tensor:
    """Return the flow (C, n, k) into a block from that out of it, which is overwritten."""
    for layer, gates in zip(reversed(block.layers), reversed(record.layers), strict=True):
        _undo_layer(layer, gates, flow, count, record.size)
    return flow[:, :, : len(block.layers[0].scale)] if block.layers else flow


def _undo_layer(layer: Layer, gates: Gates, flow: Tensor, count: int, size: tuple[int, int]) -> None:
    """Add to the flow of a layer's inputs what comes through it from its outputs."""
    classes, rows, known = len(flow), flow.shape[1], len(layer.scale)
    outputs = flow[:, :, known : known + len(layer.grow)]
    maps = outputs.reshape(classes * count, *size, -1).permute(0, 3, 1, 2)
    squeezed = pixels(F.conv2d(maps, layer.grow_t, padding=1)).view(classes, rows, -1)
    for some, part in _parts(classes, rows, known, flow.device):
        within = squeezed[some, part]
        torch.ops.aten.threshold_backward.grad_input(within, gates.second[part], 0, grad_input=within)
        through = within.flatten(0, 1) @ layer.squeeze_t
        flow[some, part, :known].addcmul_(through.view(*within.shape[:2], known), gates.first[part])


def _parts(classes: int, rows: int, columns: int, device: torch.device) -> Iterator[tuple[slice, slice]]:
    """Yield the classes and rows that are worked on at once: a few classes whole, or part of one."""
    step = rows_at_once(rows, columns, device)
    together = classes if device.type != "cpu" else max(1, step // rows)
    for first in range(0, classes, together):
        for start in range(0, rows, step):
            yield slice(first, first + together), slice(start, start + step)


def _through_stem(stem: Stem, kept: Kept, flow: Tensor, images: Tensor, *, slope: bool) -> Gradients:
    assert kept.stem is not None  # noqa: S101 - gates were kept
    count, channels, height, width = images.shape
    phases = _in_phases(images, kept.stem.output.shape[2:])
    products, slopes = [], []
    for of_class in flow.view(len(flow), count, -1, flow.shape[2]):
        found = _stem_gradient(stem, kept.stem, of_class).to(images.dtype)
        products.append(_over_channels(found * phases, channels))
        if slope:
            slopes.append(_over_channels(found, channels))

    def joined(parts: list[Tensor]) -> Tensor:
        return F.pixel_shuffle(torch.stack(parts, dim=1), 2)[:, :, 0, :height, :width].contiguous()

    return Gradients(joined(products), joined(slopes) if slope else None)


def _over_channels(phases: Tensor, channels: int) -> Tensor:
    """Return (N, 4 * channels, h, w) summed over the channels, (N, 4, h, w)."""
    count, _, height, width = phases.shape
    return phases.reshape(count, 4, channels, height, width).sum(dim=2)


def _in_phases(images: Tensor, size: torch.Size) -> Tensor:
    """Return pictures as (N, 4 * channels, h, w), the four places in a cell of 2 x 2 pixels first."""
    count, channels, height, width = images.shape
    low, narrow = size
    even = F.pad(images, (0, 2 * narrow - width, 0, 2 * low - height))
    cells = even.view(count, channels, low, 2, narrow, 2).permute(0, 3, 5, 1, 2, 4)
    return cells.reshape(count, 4 * channels, low, narrow)


def _stem_gradient(stem: Stem, record: StemRecord, flow: Tensor) -> Tensor:
    """Return dz/dx of one class in phases, (N, 4 * channels, h, w), from the flow into the pool."""
    count, outputs, height, width = record.output.shape
    before = flow.new_zeros(count, height * width, outputs)
    before.scatter_add_(1, record.places.permute(0, 2, 3, 1).flatten(1, 2), flow)
    gates = record.output.permute(0, 2, 3, 1).flatten(1, 2).to(flow.dtype)
    torch.ops.aten.threshold_backward.grad_input(before, gates, 0, grad_input=before)
    maps = before.view(count, height, width, outputs).permute(0, 3, 1, 2)
    return F.conv2d(F.pad(maps, (1, 2, 1, 2)), stem.phases)
