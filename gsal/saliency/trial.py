"""Whether a saliency method can explain a model: it is tried on a picture, and what it gives is looked at."""

import time

import torch
from torch import Tensor, nn

from gsal.errors import ModelError
from gsal.records import Ability, SaliencyMethod
from gsal.saliency.autograd import run
from gsal.saliency.cost import ONE_PASS, Passes, passes_of, passes_words
from gsal.saliency.frozen import check_images, check_logits, frozen
from gsal.saliency.guided import guided_backpropagation
from gsal.saliency.layers import find_layer

__all__ = ["forward_seconds", "try_method"]


def try_method(model: nn.Module, images: Tensor, method: SaliencyMethod, *, layer: str | None = None) -> str:
    """Return what there is to say of a method that can explain a model; slow ones are not run in full.

    Args:
        model: A classifier that answers with finite logits; it is left as it was.
        images: (N, channels, S, S), normalised.
        method: Which.
        layer: Of Grad-CAM; by default the last feature maps.

    Raises:
        ModelError: It cannot; the text says why.
    """
    if method.is_control:
        return "Works with every model, for it does not look at it."
    try:
        found = _watch(model, images, layer) if method.needs is Ability.ACTIVATIONS else "Works"
        if method is SaliencyMethod.GUIDED_GRAD_CAM:
            guided_backpropagation(model, images, classes=[0])
        elif method.needs is Ability.INPUT_GRADIENTS:
            _differentiate(model, images)
        cost = "" if method in ONE_PASS else f", at {passes_words(_passes(model, images, method))}"
    except RuntimeError as error:
        raise ModelError(f"It fails with: {str(error).splitlines()[-1]}") from error
    return f"{found}{cost}."


def forward_seconds(model: nn.Module, images: Tensor) -> float:
    """Return the seconds a forward pass takes for one picture of the batch, measured after a first one."""
    check_images(images)
    with frozen(model), torch.inference_mode():
        check_logits(model(images)).cpu()
        started = time.perf_counter()
        check_logits(model(images)).cpu()
    return (time.perf_counter() - started) / len(images)


def _passes(model: nn.Module, images: Tensor, method: SaliencyMethod) -> Passes:
    with frozen(model), torch.inference_mode():
        classes = check_logits(model(images[:1])).shape[1]
    return passes_of([method], classes=classes, size=images.shape[-1])


def _watch(model: nn.Module, images: Tensor, name: str | None) -> str:
    layer = find_layer(model, name)
    cam = run(model, images, layer=layer).cam
    assert cam is not None  # noqa: S101 - a layer was asked for
    height, width = cam.shape[-2:]
    if height != width:
        raise ModelError(
            f"Layer {layer.name!r} gives maps of {height} x {width} for square pictures: its channels come "
            "last. Name another layer."
        )
    if height == 1:
        raise ModelError(
            f"The maps of layer {layer.name!r} are 1 x 1 for pictures of {images.shape[-1]} px: they do not "
            "tell where. Name an earlier layer, or use larger pictures."
        )
    return f"Works, on layer {layer.name}, whose maps are {height} x {width}"


def _differentiate(model: nn.Module, images: Tensor) -> None:
    product = run(model, images, input_gradients=True).product
    assert product is not None  # noqa: S101 - it was asked for
    if not bool(product.any()):
        raise ModelError("All its gradients with respect to the picture are 0.")
