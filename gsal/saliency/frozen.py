"""A model held still while it is explained, and left exactly as it was."""

from collections.abc import Iterator
from contextlib import contextmanager

from torch import Tensor, nn

from gsal.errors import ModelError

__all__ = ["check_images", "frozen"]


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
