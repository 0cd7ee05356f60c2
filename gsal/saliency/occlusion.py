"""Occlusion (Zeiler & Fergus 2014): how much each logit falls when a window of the picture is hidden.

It asks a model for its answers alone, and so explains every model, at some hundred forward passes a picture.
"""

import torch
from torch import Tensor, nn

from gsal.saliency.following import Follow, unfollowed
from gsal.saliency.frozen import check_images, check_logits, frozen
from gsal.saliency.windows import Windows

__all__ = ["occlude", "occlusion"]


def occlusion(model: nn.Module, images: Tensor, *, follow: Follow = unfollowed) -> Tensor:
    """Return occlusion for every class.

    A window is hidden by the mean colour of the network's training set, 0 in the normalised picture. A pixel
    gets the mean, over the windows that hide it, of z_c(picture) - z_c(picture with the window hidden).

    Args:
        model: A classifier, of any format; it is left as it was.
        images: (N, channels, H, W), normalised.
        follow: Is told of each pass before it.

    Returns:
        (N, classes, H, W), of the images' type.

    Raises:
        ModelError: The model does not answer with finite logits.
    """
    windows = Windows.of(images.shape[-2], images.shape[-1])
    return occlude(model, images, windows=windows, follow=follow)[0]


def occlude(
    model: nn.Module, images: Tensor, *, windows: Windows, follow: Follow = unfollowed
) -> tuple[Tensor, Tensor]:
    """Return the maps of `occlusion` by these windows, and the logits (N, classes)."""
    check_images(images)
    with frozen(model), torch.inference_mode():
        follow(len(images))
        logits = check_logits(model(images))
        maps = [_drops(model, image, z, windows, follow) for image, z in zip(images, logits, strict=True)]
    return torch.stack(maps), logits


def _drops(model: nn.Module, image: Tensor, logits: Tensor, windows: Windows, follow: Follow) -> Tensor:
    """Return the map of one picture, (classes, H, W); its windows go through the model by rows."""
    total = image.new_zeros(len(logits), *image.shape[1:])
    seen = image.new_zeros(image.shape[1:])
    places = list(windows)
    in_row = len({columns.start for _, columns in places})
    for start in range(0, len(places), in_row):
        row = places[start : start + in_row]
        hidden = image.repeat(len(row), 1, 1, 1)
        for picture, (rows, columns) in zip(hidden, row, strict=True):
            picture[:, rows, columns] = 0
        follow(len(hidden))
        drops = logits - check_logits(model(hidden))
        for drop, (rows, columns) in zip(drops, row, strict=True):
            total[:, rows, columns] += drop[:, None, None]
            seen[rows, columns] += 1
    return total / seen
