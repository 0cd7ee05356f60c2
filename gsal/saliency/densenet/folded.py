"""The weights of a DenseNet in evaluation mode, with its norms folded in, ready for both passes."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, nn

from gsal.models import torchvision_compat  # noqa: F401 - before torchvision
from gsal.saliency.densenet.recognise import is_plain

from torchvision.models import DenseNet  # isort: skip
from torchvision.models.densenet import _DenseLayer, _Transition  # isort: skip

__all__ = ["Block", "Folded", "Layer", "Stem", "Transition", "folded"]


@dataclass(frozen=True, slots=True, eq=False)
class Stem:
    """The first convolution, 7 x 7 with stride 2, and its norm.

    Attributes:
        weight: (O, channels, 7, 7).
        bias: (O,).
        phases: (4 * channels, O, 4, 4): what a pixel of the input gets from the outputs near it. A transposed
            convolution of stride 2 is an ordinary one with four times the channels, one set for each place in
            a cell of 2 x 2 pixels (Shi et al. 2016).
    """

    weight: Tensor
    bias: Tensor
    phases: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """norm, relu, 1 x 1, norm, relu, 3 x 3: from k channels by M to G more.

    Attributes:
        scale: (k,) of the first norm.
        shift: (k,).
        squeeze: (k, M), the second norm folded in.
        bias: (M,).
        grow: (G, M, 3, 3).
        squeeze_t: (M, k).
        grow_t: (M, G, 3, 3), turned around.
    """

    scale: Tensor
    shift: Tensor
    squeeze: Tensor
    bias: Tensor
    grow: Tensor
    squeeze_t: Tensor
    grow_t: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Transition:
    """norm, relu, 1 x 1, average pool: from k channels to K at half the size.

    Attributes:
        scale: (k,) of the norm.
        shift: (k,).
        weight: (k, K).
        weight_t: (K, k).
    """

    scale: Tensor
    shift: Tensor
    weight: Tensor
    weight_t: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Dense layers, and the transition after them; None after the last block."""

    layers: tuple[Layer, ...]
    transition: Transition | None


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """A DenseNet as numbers.

    Attributes:
        scale: (k,) of the last norm.
        shift: (k,).
        weight: (C, k) of the classifier.
        bias: (C,).
        dtype: Of the forward pass.
        transposed_dtype: Of the transposed one.
    """

    stem: Stem
    blocks: tuple[Block, ...]
    scale: Tensor
    shift: Tensor
    weight: Tensor
    bias: Tensor
    dtype: torch.dtype
    transposed_dtype: torch.dtype


_Stamp = tuple[tuple[int, int], ...]
_kept: WeakKeyDictionary[nn.Module, dict[torch.dtype, tuple[_Stamp, Folded]]] = WeakKeyDictionary()


def folded(model: nn.Module, transposed_dtype: torch.dtype | None = None) -> Folded | None:
    """Return a DenseNet's folded weights, kept until the network changes; None for any other network.

    Args:
        model: Evaluation mode is assumed, whatever mode it is in.
        transposed_dtype: Of the transposed pass; by default the network's.
    """
    if not isinstance(model, DenseNet) or not is_plain(model):
        return None
    own: torch.dtype = model.classifier.weight.dtype
    dtype = transposed_dtype or own
    stamp = _stamp(model)
    kept = _kept.setdefault(model, {})
    if stamp is None or dtype not in kept or kept[dtype][0] != stamp:
        made = _fold(model, own, dtype)
        if stamp is None:
            return made
        kept[dtype] = stamp, made
    return kept[dtype][1]


def _stamp(model: nn.Module) -> _Stamp | None:
    """Return what changes whenever a weight does; None where torch does not keep count."""
    tensors = [*model.parameters(), *model.buffers()]
    if any(tensor.is_inference() for tensor in tensors):
        return None
    return tuple(
        (tensor.data_ptr(), tensor._version)  # noqa: SLF001 - torch offers no other count
        for tensor in tensors
    )


@torch.no_grad()
def _fold(model: DenseNet, dtype: torch.dtype, transposed: torch.dtype) -> Folded:
    features = model.features
    number = 1
    blocks = []
    while (block := getattr(features, f"denseblock{number}", None)) is not None:
        layers = tuple(_layer(layer, dtype, transposed) for layer in block.children())
        after = getattr(features, f"transition{number}", None)
        blocks.append(Block(layers, None if after is None else _transition(after, dtype, transposed)))
        number += 1
    scale, shift = _affine(features.norm5)
    return Folded(
        _stem(features.conv0, features.norm0, dtype, transposed),
        tuple(blocks),
        scale.to(dtype),
        shift.to(dtype),
        model.classifier.weight.detach(),
        model.classifier.bias.detach(),
        dtype,
        transposed,
    )


def _affine(norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """Return scale and shift of a norm, in float64: they are small, and everything rests on them."""
    assert norm.running_var is not None  # noqa: S101 - a plain network's
    assert norm.running_mean is not None  # noqa: S101
    scale = norm.weight.double() / (norm.running_var.double() + norm.eps).sqrt()
    return scale, norm.bias.double() - norm.running_mean.double() * scale


def _followed(conv: nn.Conv2d, norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """Return weight and bias of a convolution with the norm after it folded in."""
    scale, shift = _affine(norm)
    return conv.weight.double() * scale[:, None, None, None], shift


def _layer(layer: _DenseLayer, dtype: torch.dtype, transposed: torch.dtype) -> Layer:
    scale, shift = _affine(layer.norm1)
    squeeze, bias = _followed(layer.conv1, layer.norm2)
    grow = layer.conv2.weight
    flat = squeeze[:, :, 0, 0]
    return Layer(
        scale.to(dtype),
        shift.to(dtype),
        flat.t().to(dtype).contiguous(),
        bias.to(dtype),
        _last(grow.to(dtype)),
        flat.to(transposed).contiguous(),
        _last(grow.to(transposed).transpose(0, 1).flip(2, 3)),
    )


def _transition(transition: _Transition, dtype: torch.dtype, transposed: torch.dtype) -> Transition:
    scale, shift = _affine(transition.norm)
    weight = transition.conv.weight[:, :, 0, 0]
    return Transition(
        scale.to(dtype),
        shift.to(dtype),
        weight.t().to(dtype).contiguous(),
        weight.to(transposed).contiguous(),
    )


def _stem(conv: nn.Conv2d, norm: nn.BatchNorm2d, dtype: torch.dtype, transposed: torch.dtype) -> Stem:
    weight, bias = _followed(conv, norm)
    return Stem(_last(weight.to(dtype)), bias.to(dtype), _last(_phases(weight).to(transposed)))


def _phases(weight: Tensor) -> Tensor:
    """Return the weights (4 * channels, O, 4, 4) of the transposed stem from its weights (O, channels, 7, 7).

    An output at y sees the input rows 2 y - 3 to 2 y + 3. So row 2 i + p of the input, p being 0 or 1, is
    seen by the outputs i + t through the tap p + 3 - 2 t of the kernel, where there is one, t being -1 to 2.
    """
    outputs, channels = weight.shape[:2]
    phases = weight.new_zeros(2, 2, channels, outputs, 4, 4)
    taps = [(p, t + 1, p + 3 - 2 * t) for p in (0, 1) for t in range(-1, 3) if 0 <= p + 3 - 2 * t < 7]
    for p, row, tap_row in taps:
        for q, column, tap_column in taps:
            phases[p, q, :, :, row, column] = weight[:, :, tap_row, tap_column].t()
    return phases.flatten(0, 2)


def _last(tensor: Tensor) -> Tensor:
    return tensor.contiguous(memory_format=torch.channels_last)
