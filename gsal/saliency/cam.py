"""Grad-CAM (Selvaraju et al. 2017), signed and scaled so that it is complete."""

import torch.nn.functional as F
from torch import Tensor, nn

from gsal.saliency.backends import passes
from gsal.saliency.layers import find_layer

__all__ = ["centre", "enlarge", "grad_cam"]


def grad_cam(
    model: nn.Module,
    images: Tensor,
    *,
    relu: bool = False,
    centred: bool = False,
    layer: str | None = None,
    upsample: bool = True,
) -> Tensor:
    """Return Grad-CAM for every class (SPEC 7).

    With A the (h, w) feature maps and alpha_ck the mean of dz_c/dA_k over pixels, the map is
    sum_k alpha_ck A_k, upsampled bilinearly (align_corners=False) and multiplied by hw/(HW). Where the
    network is features, relu, average pool, linear (torchvision's DenseNet and ResNet), its sum plus
    the bias is the logit: exactly for integer factors, else nearly. This departs from the paper, which
    keeps the positive part only (`relu=True`) and does not scale.

    Args:
        model: A classifier; it is left as it was.
        images: (N, channels, H, W), normalised.
        relu: Keep the positive part, the form for display.
        centred: Subtract the mean map over classes, that is explain z_c minus the mean logit: unlike raw
            maps, these are the same for all weights that give the same softmax.
        layer: Dotted name of another layer, e.g. "denseblock4" for a DenseNet before its last norm.
        upsample: False leaves the maps on the layer's grid.

    Returns:
        (N, classes, H, W), or (N, classes, h, w), of the images' type.

    Raises:
        ModelError: The model or its layer cannot be explained.
    """
    cam = passes(model, images, layer=find_layer(model, layer)).cam
    assert cam is not None  # noqa: S101 - a layer was asked for
    if centred:
        cam = centre(cam)
    if upsample:
        cam = enlarge(cam, images.shape[-2], images.shape[-1])
    return cam.relu() if relu else cam


def centre(cam: Tensor) -> Tensor:
    """Return maps (N, C, h, w) less their mean over classes."""
    return cam - cam.mean(dim=1, keepdim=True)


def enlarge(cam: Tensor, height: int, width: int) -> Tensor:
    """Return maps (N, C, h, w) at (N, C, height, width), keeping their sums."""
    scale = cam.shape[-2] * cam.shape[-1] / (height * width)
    return F.interpolate(cam, size=(height, width), mode="bilinear", align_corners=False) * scale
