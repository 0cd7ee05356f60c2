"""Whether a saliency method can explain a model: it is tried on a picture, and what it gives is looked at."""

from torch import Tensor, nn

from gsal.errors import ModelError
from gsal.records import SaliencyMethod
from gsal.saliency.autograd import run
from gsal.saliency.layers import find_layer
from gsal.saliency.windows import Windows

__all__ = ["try_method"]


def try_method(model: nn.Module, images: Tensor, method: SaliencyMethod, *, layer: str | None = None) -> str:
    """Return what there is to say of a method that can explain a model.

    Args:
        model: A classifier that answers with finite logits; it is left as it was.
        images: (N, channels, S, S), normalised.
        method: Which.
        layer: Of Grad-CAM; by default the last feature maps.

    Raises:
        ModelError: It cannot; the text says why.
    """
    if method is SaliencyMethod.OCCLUSION:
        return f"Works, at {len(list(Windows.of(*images.shape[-2:])))} forward passes a picture."
    try:
        if method is SaliencyMethod.GRAD_CAM:
            return _watch(model, images, layer)
        return _differentiate(model, images)
    except RuntimeError as error:
        raise ModelError(f"It fails with: {str(error).splitlines()[-1]}") from error


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
    return f"Works, on layer {layer.name}, whose maps are {height} x {width}."


def _differentiate(model: nn.Module, images: Tensor) -> str:
    product = run(model, images, input_gradients=True).product
    assert product is not None  # noqa: S101 - it was asked for
    if not bool(product.any()):
        raise ModelError("All its gradients with respect to the picture are 0.")
    return "Works."
