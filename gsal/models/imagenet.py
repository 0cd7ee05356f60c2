"""ImageNet weights where the machine has them, and how a network takes them over."""

from pathlib import Path
from urllib.parse import urlparse

import torch
from torch import Tensor, nn
from torchvision import models as tv_models

from gsal.errors import ModelError
from gsal.models.checkpoints import differences, read_weights
from gsal.models.densenet import modern_keys

__all__ = ["AUXILIARY", "find_imagenet_weights", "imagenet_weights_path", "take_over"]

AUXILIARY = ("AuxLogits.", "aux1.", "aux2.")
"""Heads of GoogLeNet and Inception that only training uses, by the beginnings of their keys."""


def imagenet_weights_path(architecture: str) -> Path | None:
    """Return where torch's cache has torchvision's file of ImageNet weights, whether it is there or not.

    Args:
        architecture: A classification network of torchvision; others have no such file.
    """
    if architecture not in tv_models.list_models(module=tv_models):
        return None
    url = str(tv_models.get_model_weights(architecture).DEFAULT.url)
    return Path(torch.hub.get_dir()) / "checkpoints" / Path(urlparse(url).path).name


def find_imagenet_weights(architecture: str) -> Path | None:
    """Return torchvision's file of ImageNet weights if torch's cache holds it; nothing is downloaded."""
    path = imagenet_weights_path(architecture)
    return path if path is not None and path.is_file() else None


def take_over(network: nn.Module, path: Path) -> None:
    """Load a file of weights into a network that keeps its own last layer where that has another shape.

    Auxiliary heads in the file that the network lacks are left out.

    Args:
        network: A classification network, or one whose last layer was replaced by nn.Identity.
        path: .pth or .safetensors.

    Raises:
        ModelError: The file cannot be read or is of another architecture.
    """
    dropped = tuple(f"{name}." for name, child in network.named_children() if isinstance(child, nn.Identity))
    state = modern_keys(read_weights(path))
    state = {key: value for key, value in state.items() if not key.startswith(AUXILIARY + dropped)}
    own = network.state_dict()
    # Files older than torch 0.4.1 have no such counters, and nothing here reads them.
    state |= {key: own[key] for key in own if key.endswith("num_batches_tracked") and key not in state}
    if not dropped:
        _keep_other_head(state, network)
    if found := differences(state, network):
        raise ModelError(f"{path}: not weights of this architecture: {'; '.join(found)}.")
    network.load_state_dict(state)


def _keep_other_head(state: dict[str, Tensor], network: nn.Module) -> None:
    """Put the network's own last layer in place of one for another number of classes."""
    own = network.state_dict()
    head = next(reversed(dict(network.named_parameters()))).rpartition(".")[0] + "."
    for key in [key for key in own if key.startswith(head)]:
        if key not in state or state[key].shape != own[key].shape:
            state[key] = own[key]
