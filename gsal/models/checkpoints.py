"""Files of weights (safetensors) and of training states (.pt): written whole, checked when read."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor, nn

from gsal.errors import ModelError
from gsal.files import sha256_of_bytes, write_bytes

__all__ = [
    "check_hash",
    "differences",
    "load_state",
    "load_weights",
    "not_finite",
    "parse_weights",
    "read_file",
    "read_weights",
    "refuse_damaged",
    "save_state",
    "save_weights",
]

_NAMED = 3
_RETRAIN = "Restore the file from a backup, or train or import the model again."


def save_weights(path: Path, module: nn.Module) -> str:
    """Write the weights as safetensors and return the file's SHA-256."""
    state = {key: value.detach().cpu().contiguous() for key, value in module.state_dict().items()}
    data = safetensors.torch.save(state)
    write_bytes(path, data)
    return sha256_of_bytes(data)


def load_weights(path: Path, module: nn.Module, sha256: str) -> None:
    """Load weights after checking the file's hash, its keys and shapes, and that all values are finite.

    One flipped byte loads silently from either format: only the hash tells.

    Raises:
        ModelError: The file is missing, changed, of another architecture, or holds NaN or infinity.
    """
    data = read_file(path)
    check_hash(path, data, sha256)
    state = parse_weights(path, data)
    if found_differences := differences(state, module):
        raise ModelError(f"{path}: not weights of this network: {'; '.join(found_differences)}.")
    module.load_state_dict(state)


def read_weights(path: Path) -> dict[str, Any]:
    """Return what a file of weights holds (.safetensors, .pt, .pth); no code in it is run.

    Raises:
        ModelError: The file is missing, damaged, or would run code when read.
    """
    return parse_weights(path, read_file(path))


def parse_weights(path: Path, data: bytes) -> dict[str, Any]:
    """Return what the content of a file of weights holds; no code in it is run.

    Raises:
        ModelError: It is damaged, or would run code when read.
    """
    try:
        if path.suffix == ".safetensors":
            return safetensors.torch.load(data)
        refuse_damaged(path, data)
        state = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except UnpicklingError as error:
        raise ModelError(
            f"{path}: not loaded, because it is damaged or would run code when read. "
            "Save the network's state_dict() alone, or as safetensors."
        ) from error
    except (SafetensorError, RuntimeError, EOFError, zipfile.BadZipFile, ValueError, KeyError) as error:
        raise ModelError(f"{path}: incomplete, damaged, or no file of weights. {_RETRAIN}") from error
    if not isinstance(state, dict) or not all(isinstance(key, str) for key in state):
        raise ModelError(f"{path}: holds a {type(state).__name__}, expected the state_dict of a network.")
    return state


def read_file(path: Path) -> bytes:
    """Return what is in a file of a model.

    Raises:
        ModelError: It cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}).") from error


def check_hash(path: Path, data: bytes, sha256: str) -> None:
    """Refuse a file that is not the one it was.

    Raises:
        ModelError: Its content has another SHA-256.
    """
    if sha256 != (found := sha256_of_bytes(data)):
        raise ModelError(
            f"{path}: the file was changed or damaged (SHA-256 {found[:8]}, not {sha256[:8]}). {_RETRAIN}"
        )


def refuse_damaged(path: Path, data: bytes) -> None:
    """Compare the checksums in a zip archive, which torch writes but does not compare.

    Raises:
        ModelError: A part of the file is not what was written.
    """
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            broken = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise ModelError(f"{path}: the file is damaged. {_RETRAIN}") from error
    if broken is not None:
        raise ModelError(f"{path}: the file is damaged. {_RETRAIN}")


def differences(state: Mapping[str, Any], module: nn.Module) -> list[str]:
    """Say how weights differ from what a module takes; empty if they fit and are finite.

    >>> differences({"weight": torch.zeros(2, 3)}, nn.Linear(3, 4, bias=False))
    ['weight is 2 x 3, expected 4 x 3']
    """
    own = module.state_dict()
    found = []
    if missing := [key for key in own if key not in state]:
        found.append(f"missing {_some(missing)}")
    if unknown := sorted(key for key in state if key not in own):
        found.append(f"unknown {_some(unknown)}")
    shared = [key for key in own if key in state]
    if odd := [key for key in shared if not isinstance(state[key], Tensor)]:
        return [*found, f"no tensors: {_some(odd)}"]
    shapes = [
        f"{key} is {_shape(state[key])}, expected {_shape(own[key])}"
        for key in shared
        if state[key].shape != own[key].shape
    ]
    if shapes:
        found.append(_some(shapes))
    if broken := not_finite({key: state[key] for key in shared}):
        found.append(f"not finite: {broken}")
    return found


def not_finite(state: Mapping[str, Tensor]) -> str:
    """Name the tensors that hold NaN or infinity; "" if none does."""
    return _some([key for key, value in state.items() if not bool(torch.isfinite(value).all())])


def save_state(path: Path, state: Mapping[str, Any]) -> str:
    """Write a training state of tensors, numbers, texts, lists and dicts; return the file's SHA-256."""
    buffer = io.BytesIO()
    torch.save(dict(state), buffer)
    write_bytes(path, buffer.getvalue())
    return sha256_of_bytes(buffer.getvalue())


def load_state(path: Path, *, sha256: str | None = None) -> dict[str, Any]:
    """Return a training state; nothing in the file is run.

    Args:
        path: What `save_state` wrote.
        sha256: Of the file, where it is known. The checksums inside the file are verified always.

    Raises:
        ModelError: The file is missing, changed, damaged, or would run code when read.
    """
    data = read_file(path)
    if sha256 is not None and sha256_of_bytes(data) != sha256:
        raise ModelError(
            f"{path}: the training state was changed or damaged. Delete it to train from the start."
        )
    return parse_weights(path, data)


def _some(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _shape(tensor: Tensor) -> str:
    return " x ".join(map(str, tensor.shape)) or "a number"
