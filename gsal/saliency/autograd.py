"""The reference backend: one forward pass, then one backward pass per class where one is needed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from gsal.errors import ModelError
from gsal.models.abilities import require
from gsal.records import Ability
from gsal.saliency.frozen import check_images, check_logits, frozen
from gsal.saliency.layers import CamLayer

__all__ = ["Pass", "run"]


@dataclass(frozen=True, slots=True, eq=False)
class Pass:
    """What the saliency methods are made of, for all classes.

    Attributes:
        logits: (N, C).
        cam: Grad-CAM on the layer's own grid, signed, (N, C, h, w); None if not asked for.
        product: Sum over channels of x * dz_c/dx, (N, C, H, W); None if not asked for.
        slope: Sum over channels of dz_c/dx, likewise.
    """

    logits: Tensor
    cam: Tensor | None
    product: Tensor | None
    slope: Tensor | None


def run(
    model: nn.Module, images: Tensor, *, layer: CamLayer | None = None, input_gradients: bool = False
) -> Pass:
    """Explain a batch.

    The passes go class by class: on a CPU that is faster than torch's batched gradients, and than a batch
    that repeats each picture for every class.

    Args:
        model: A classifier; it is left as it was.
        images: (N, channels, H, W), normalised.
        layer: Where to compute Grad-CAM; None for not at all.
        input_gradients: Whether to compute `product` and `slope`.

    Raises:
        ModelError: The model does not answer with finite logits (N, C), its layer cannot be watched, or it
            has no gradients.
    """
    check_images(images)
    if input_gradients:
        require(model, Ability.INPUT_GRADIENTS)
    analytic = layer is not None and layer.linear is not None
    needs_graph = input_gradients or (layer is not None and not analytic)
    with frozen(model), _grad_mode(needs_graph), _watched(layer, input_gradients) as seen:
        inputs = _leaf(images, input_gradients)
        logits = check_logits(model(inputs))
        features = None if layer is None else _only(seen, layer)
        explained = _backward(logits, inputs if input_gradients else None, None if analytic else features)
    if features is not None and layer is not None and layer.linear is not None:
        return replace(explained, cam=_linear_cam(features.detach().relu(), layer.linear))
    return explained


@contextmanager
def _grad_mode(enabled: bool) -> Iterator[None]:
    # A caller in inference mode would otherwise get no graph, whatever the gradient mode is.
    with torch.inference_mode(False), torch.set_grad_enabled(enabled):
        yield


def _leaf(images: Tensor, needs_gradient: bool) -> Tensor:
    copied = images.clone() if images.is_inference() else images.detach()
    return copied.contiguous(memory_format=torch.channels_last).requires_grad_(needs_gradient)


def _linear_cam(features: Tensor, linear: nn.Linear) -> Tensor:
    """Return sum_k alpha_k A_k with alpha_k = W_ck / (hw), (N, C, h, w)."""
    height, width = features.shape[-2:]
    return torch.einsum("nkhw,ck->nchw", features, linear.weight.detach()) / (height * width)


def _backward(logits: Tensor, inputs: Tensor | None, features: Tensor | None) -> Pass:
    cams: list[Tensor] = []
    products: list[Tensor] = []
    slopes: list[Tensor] = []
    for of_inputs, of_features in _gradients(logits, inputs, features):
        if features is not None and of_features is not None:
            alpha = of_features.mean(dim=(2, 3), keepdim=True)
            cams.append((alpha * features.detach()).sum(dim=1))
        if inputs is not None and of_inputs is not None:
            products.append((of_inputs * inputs.detach()).sum(dim=1))
            slopes.append(of_inputs.sum(dim=1))
    cam, product, slope = (torch.stack(maps, dim=1) if maps else None for maps in (cams, products, slopes))
    return Pass(logits.detach(), cam, product, slope)


def _gradients(
    logits: Tensor, inputs: Tensor | None, features: Tensor | None
) -> Iterator[tuple[Tensor | None, Tensor | None]]:
    """Yield, class by class, the gradients of its logits with respect to the inputs and the features.

    One backward pass serves the whole batch, for in evaluation mode no picture's logits depend on another.
    """
    sources = [tensor for tensor in (inputs, features) if tensor is not None]
    classes = logits.shape[1] if sources else 0
    for index in range(classes):
        found = torch.autograd.grad(
            logits[:, index].sum(), sources, retain_graph=index < classes - 1, materialize_grads=True
        )
        yield (found[0] if inputs is not None else None), (found[-1] if features is not None else None)


def _only(seen: list[Tensor], layer: CamLayer) -> Tensor:
    if len(seen) != 1:
        raise ModelError(
            f"Layer {layer.name!r} gives a tensor {len(seen)} times in a forward pass; Grad-CAM needs one. "
            "Exported and scripted programs hide their layers: only input-gradient methods explain them."
        )
    if seen[0].ndim != 4:
        raise ModelError(
            f"Layer {layer.name!r} gives {tuple(seen[0].shape)}; Grad-CAM needs maps (N, channels, h, w)."
        )
    return seen[0]


@contextmanager
def _watched(layer: CamLayer | None, input_gradients: bool) -> Iterator[list[Tensor]]:
    """Collect the output of the layer while a forward pass runs."""
    seen: list[Tensor] = []
    if layer is None:
        yield seen
        return

    def keep(module: nn.Module, args: Any, output: Any) -> Tensor | None:  # noqa: ANN401 - torch's signature
        del module, args
        if not isinstance(output, Tensor):
            return None
        if layer.linear is not None:
            seen.append(output)
            return None
        # Without input gradients the graph need not reach below the layer. The network goes on with a copy,
        # because the next operation often works in place.
        features = output if input_gradients else output.detach().requires_grad_()
        seen.append(features)
        return features.clone()

    handle = layer.module.register_forward_hook(keep)
    try:
        yield seen
    finally:
        handle.remove()
