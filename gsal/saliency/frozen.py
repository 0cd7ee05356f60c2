"""A model held still while it is explained, and left exactly as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from gsal.errors import ModelError

__all__ = ["check_images", "check_logits", "frozen"]


@contextmanager
def frozen(model: nn.Module) -> Iterator[None]:
    """Put the model into evaluation mode with parameters that need no gradient, and undo both afterwards.

    Evaluation mode makes pictures of a batch independent, without which one backward pass per class would
    mix them; frozen parameters make a backward pass a third cheaper.
    """
    training = [module for module in model.modules() if module.training]
    learning = [parameter for parameter in model.parameters() if parameter.requires_grad]
    try:
        for module in training:  # model.eval() does no more, and exported programs refuse it
            module.training = False
        for parameter in learning:
            parameter.requires_grad_(False)
        yield
    finally:
        for module in training:
            module.training = True
        for parameter in learning:
            parameter.requires_grad_(True)


def check_images(images: Tensor) -> None:
    """Refuse what is no batch of normalised pictures.

    Raises:
        ModelError: `images` is not a floating-point tensor (N, channels, H, W) with N > 0.
    """
    if images.ndim != 4 or not images.is_floating_point() or not images.numel():
        raise ModelError(
            f"Saliency needs normalised pictures, a floating-point tensor (N, channels, H, W); got "
            f"{images.dtype} {tuple(images.shape)}. gsal.models.preprocessing.to_tensor makes one."
        )


def check_logits(output: Any) -> Tensor:  # noqa: ANN401 - a user's model may answer with anything
    """Return a model's answer if it is one logit per picture and class, all finite.

    Raises:
        ModelError: It is anything else.
    """
    if not isinstance(output, Tensor) or output.ndim != 2:
        shape = tuple(output.shape) if isinstance(output, Tensor) else type(output).__name__
        raise ModelError(
            f"Only classifiers that answer with logits (N, classes) can be explained; got {shape}."
        )
    if not bool(torch.isfinite(output).all()):
        raise ModelError("The model's logits are not finite for these pictures; its weights are damaged.")
    return output
