"""A user's own classifier: a state_dict for an architecture that torchvision has, or a program."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from gsal.errors import ModelError
from gsal.models.checkpoints import differences, parse_weights, read_file
from gsal.models.densenet import modern_keys
from gsal.models.imagenet import AUXILIARY
from gsal.models.onnx_program import load_onnx
from gsal.models.program import load_program
from gsal.models.registry import build_classifier
from gsal.records import ModelFormat, Outputs, Preprocessing

__all__ = ["OutsideModel", "answers_for", "load_outside", "open_outside"]

_WRAPPERS = ("state_dict", "model_state_dict", "model")
_PREFIXES = ("module.", "model.", "_orig_mod.")
_SAME = 1e-3
"""Relative difference of two answers that are the same but for rounding."""


@dataclass(frozen=True, slots=True)
class OutsideModel:
    """What must be said about a file to use it.

    Attributes:
        architecture: A classification network of torchvision, or densenet-small; "" for a program.
        classes: In the order of its outputs.
        preprocessing: What its inputs went through in its training.
        format: Of the file.
        outputs: What it answers.
    """

    architecture: str
    classes: tuple[str, ...]
    preprocessing: Preprocessing
    format: ModelFormat = ModelFormat.STATE_DICT
    outputs: Outputs = Outputs.LOGITS


def load_outside(path: Path, described: OutsideModel) -> nn.Module:
    """Return a user's classifier in evaluation mode, after a dry run on two made-up pictures.

    A file of weights may hold the state_dict itself or a dictionary with one under "state_dict",
    "model_state_dict" or "model", with or without the prefixes of nn.DataParallel and torch.compile. No code
    in it is run; that of a program is (`ModelFormat.runs_code`).

    Args:
        path: .pt, .pth, .safetensors, .pt2 or .onnx.
        described: What the file does not say.

    Raises:
        ModelError: The file is unsafe or damaged, does not fit the architecture or the number of classes (the
            differences are named), or the network gives no finite logit per class.
    """
    network = open_outside(path, read_file(path), described)
    size = described.preprocessing.size
    ramp = torch.linspace(-1, 1, 3 * size * size).view(3, size, size)
    try:
        answers_for(network, torch.stack([ramp, -ramp]), described)
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from error
    return network


def open_outside(path: Path, data: bytes, described: OutsideModel) -> nn.Module:
    """Return a user's classifier in evaluation mode, not tried on any picture yet.

    Args:
        path: For what errors say, and for its suffix.
        data: The file's content.
        described: What the file does not say.

    Raises:
        ModelError: As `load_outside`.
    """
    classes, size = described.classes, described.preprocessing.size
    if len(set(classes)) != len(classes) or not classes:
        raise ModelError(f"{path}: give each of its classes once, in the order of its outputs.")
    if described.format is ModelFormat.ONNX:
        return load_onnx(path, data, outputs=described.outputs, size=size)
    if described.format.runs_code:
        return load_program(path, data, described.format, outputs=described.outputs, size=size)
    if described.outputs is not Outputs.LOGITS:
        raise ModelError(f"{path}: networks of torchvision answer with logits, not {described.outputs}.")
    return _with_weights(path, data, described)


def answers_for(network: nn.Module, pictures: Tensor, described: OutsideModel) -> Tensor:
    """Return a classifier's logits for pictures (N, 3, S, S) that differ, if they are what was described.

    Raises:
        ModelError: It fails on them, answers with another number of classes, with NaN or infinity, with
            probabilities where logits were promised or the other way round, or not the same for a picture
            alone as among others.
    """
    size, expected = described.preprocessing.size, (len(pictures), len(described.classes))
    try:
        with torch.inference_mode():
            answers, alone = network(pictures), network(pictures[:1])
    except (RuntimeError, AssertionError, ValueError) as error:
        raise ModelError(f"it does not take pictures of {size} x {size} ({error}).") from error
    if not isinstance(answers, Tensor) or tuple(answers.shape) != expected:
        shape = tuple(answers.shape) if isinstance(answers, Tensor) else type(answers).__name__
        raise ModelError(
            f"it gives {shape} values for {expected[0]} pictures, expected {expected[0]} x {expected[1]}, "
            f"one for each of {', '.join(described.classes)}."
        )
    if not bool(torch.isfinite(answers).all()):
        raise ModelError("it gives no finite logit for a picture. Its weights are too large, or damaged.")
    _refuse_other_outputs(answers, described.outputs)
    if not torch.allclose(answers[:1], alone, rtol=_SAME, atol=_SAME * float(answers.abs().max())):
        raise ModelError(
            "its answer for a picture depends on the other pictures of its batch, or on chance: it was "
            "exported in training mode. Call model.eval() before exporting it."
        )
    return answers


def _refuse_other_outputs(logits: Tensor, outputs: Outputs) -> None:
    shares = logits.exp() if outputs is Outputs.PROBABILITIES else logits
    are_shares = bool((shares >= 0).all()) and torch.allclose(
        shares.sum(dim=1), torch.ones(len(shares), dtype=shares.dtype), atol=_SAME
    )
    if outputs is Outputs.PROBABILITIES and not are_shares:
        raise ModelError("its answers do not sum to 1, so they are no probabilities: give outputs = logits.")
    if outputs is Outputs.LOGITS and are_shares and logits.shape[1] > 1:
        raise ModelError(
            "its answers are never below 0 and sum to 1, so they are probabilities: give outputs = "
            "probabilities, or export it without its softmax."
        )


def _with_weights(path: Path, data: bytes, described: OutsideModel) -> nn.Module:
    classes = len(described.classes)
    state = modern_keys(_unwrapped(parse_weights(path, data)))
    network = build_classifier(described.architecture, classes, seed=0, size=described.preprocessing.size)
    own = network.state_dict()
    # Auxiliary heads serve training only; files older than torch 0.4.1 have no counters of batches.
    state = {key: value for key, value in state.items() if key in own or not key.startswith(AUXILIARY)}
    state |= {key: own[key] for key in own if key.endswith("num_batches_tracked") and key not in state}
    if found := differences(state, network):
        raise ModelError(
            f"{path}: not weights of {described.architecture} with {classes} classes: {'; '.join(found)}."
        )
    network.load_state_dict(state)
    return network.eval()


def _unwrapped(state: Mapping[str, Any]) -> dict[str, Any]:
    for name in _WRAPPERS:
        if isinstance(state.get(name), dict):
            state = state[name]
    while prefix := next((p for p in _PREFIXES if state and all(k.startswith(p) for k in state)), ""):
        state = {key.removeprefix(prefix): value for key, value in state.items()}
    return dict(state)
