"""A user's own classifier: a state_dict for an architecture that torchvision has."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from gsal.errors import ModelError
from gsal.models.checkpoints import differences, read_weights
from gsal.models.densenet import modern_keys
from gsal.models.registry import build_classifier
from gsal.records import Preprocessing

__all__ = ["OutsideModel", "load_outside"]

_WRAPPERS = ("state_dict", "model_state_dict", "model")
_PREFIXES = ("module.", "model.")


@dataclass(frozen=True, slots=True)
class OutsideModel:
    """What must be said about a file of weights to use it.

    Attributes:
        architecture: A classification network of torchvision, or densenet-small.
        classes: In the order of its logits.
        preprocessing: What its inputs went through in its training.
    """

    architecture: str
    classes: tuple[str, ...]
    preprocessing: Preprocessing


def load_outside(path: Path, described: OutsideModel) -> nn.Module:
    """Return a user's classifier in evaluation mode, after a dry run.

    The file may hold the state_dict itself or a dictionary with one under "state_dict", "model_state_dict" or
    "model", with or without the prefix of nn.DataParallel. No code in it is run.

    Args:
        path: .pt, .pth or .safetensors.
        described: What the file does not say.

    Raises:
        ModelError: The file is unsafe or damaged, does not fit the architecture or the number of classes (the
            differences are named), or the network gives no finite logit per class.
    """
    if len(set(described.classes)) != len(described.classes) or not described.classes:
        raise ModelError(f"{path}: give each of its classes once, in the order of its outputs.")
    network = build_classifier(described.architecture, len(described.classes), seed=0)
    state = modern_keys(_unwrapped(read_weights(path)))
    own = network.state_dict()
    state |= {key: own[key] for key in own if key.endswith("num_batches_tracked") and key not in state}
    if found := differences(state, network):
        raise ModelError(
            f"{path}: not weights of {described.architecture} with {len(described.classes)} classes: "
            f"{'; '.join(found)}."
        )
    network.load_state_dict(state)
    _dry_run(network.eval(), path, described)
    return network


def _unwrapped(state: Mapping[str, Any]) -> dict[str, Any]:
    for name in _WRAPPERS:
        if isinstance(state.get(name), dict):
            state = state[name]
    for prefix in _PREFIXES:
        if state and all(key.startswith(prefix) for key in state):
            state = {key.removeprefix(prefix): value for key, value in state.items()}
    return dict(state)


def _dry_run(network: nn.Module, path: Path, described: OutsideModel) -> None:
    size, classes = described.preprocessing.size, len(described.classes)
    try:
        with torch.inference_mode():
            logits = network(torch.zeros(2, 3, size, size))
    except RuntimeError as error:
        raise ModelError(f"{path}: it does not take pictures of {size} x {size} ({error}).") from error
    if not bool(torch.isfinite(logits).all()):
        raise ModelError(f"{path}: it gives no finite logit for a grey picture. Its weights are too large.")
    if tuple(logits.shape) != (2, classes):
        raise ModelError(
            f"{path}: it gives {tuple(logits.shape)} values for 2 pictures, expected 2 x {classes}."
        )
