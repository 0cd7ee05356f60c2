"""Which way a network's passes are computed: by hand for a DenseNet, else by automatic differentiation."""

import torch
from torch import Tensor, nn

from gsal.errors import ModelError
from gsal.saliency import autograd
from gsal.saliency.autograd import Pass
from gsal.saliency.densenet import transposed
from gsal.saliency.densenet.folded import Folded, folded
from gsal.saliency.frozen import check_images, check_logits
from gsal.saliency.layers import CamLayer
from gsal.saliency.options import Competition, Options, Precision

__all__ = ["is_by_hand", "passes"]

_PIXELS = 64 * 224 * 224
"""Of the pictures that go through a graphics card at once: the more, the more memory."""


def is_by_hand(model: nn.Module) -> bool:
    """Say whether a network takes the passes of `gsal.saliency.densenet`."""
    return folded(model) is not None


def passes(
    model: nn.Module,
    images: Tensor,
    *,
    layer: CamLayer | None = None,
    input_gradients: bool = False,
    slope: bool = False,
    options: Options = Options(),  # noqa: B008 - it is frozen
) -> Pass:
    """Explain a batch the fastest way there is for this network; the answers are the same to rounding.

    Args:
        model: A classifier; it is left as it was.
        images: (N, channels, H, W), normalised.
        layer: Where to compute Grad-CAM; None for not at all.
        input_gradients: Whether to compute `product`, and `slope` where the competition looks at it.
        slope: Whether to compute `slope` in any case; only with input gradients.
        options: Of them `competition` and `precision` matter here.

    Raises:
        ModelError: As `gsal.saliency.autograd.run`, or fast passes were asked for and there are none.
    """
    is_fast = options.precision is Precision.FAST
    dtype = torch.bfloat16 if is_fast else None
    network = folded(model, dtype) if layer is None or layer.linear is not None else None
    if network is not None:
        slope = slope or options.competition is Competition.PFAU_2019_SLOPE
        return _by_hand(network, images, layer, input_gradients=input_gradients, slope=slope)
    if is_fast:
        raise ModelError(
            f"There is no fast mode for this {type(model).__name__}: it is for DenseNets, with Grad-CAM on "
            "their last feature maps. Use float32."
        )
    return autograd.run(model, images, layer=layer, input_gradients=input_gradients)


def _by_hand(
    network: Folded, images: Tensor, layer: CamLayer | None, *, input_gradients: bool, slope: bool
) -> Pass:
    check_images(images)
    # On a processor each picture goes alone: it costs a small network a little, and no gate, which rounding
    # opens or closes where it is near zero, depends on the other pictures of a batch.
    is_alone = images.device.type == "cpu"
    size = 1 if is_alone else max(1, _PIXELS // (images.shape[-2] * images.shape[-1]))
    done = [
        transposed.run(network, part, gradients=input_gradients, slope=slope)
        for part in torch.split(images, size)
    ]
    logits = check_logits(torch.cat([one.logits for one in done]))
    found = [one.gradients for one in done if one.gradients is not None]
    slopes = [one.slope for one in found if one.slope is not None]
    return Pass(
        logits,
        None if layer is None else torch.cat([one.cam for one in done]),
        torch.cat([one.product for one in found]) if found else None,
        torch.cat(slopes) if slopes else None,
    )
