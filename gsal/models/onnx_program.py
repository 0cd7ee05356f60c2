"""ONNX networks, run by ONNX Runtime, an optional extra (`pip install gsal[onnx]`): answers, no gradients."""

import importlib
import importlib.util
import os
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gsal.errors import ModelError
from gsal.models.program import Program, only_one_at_a_time
from gsal.records import ModelFormat, Outputs

__all__ = ["load_onnx"]

_TYPES = {
    "tensor(float)": torch.float32,
    "tensor(double)": torch.float64,
    "tensor(float16)": torch.float16,
}
_QUIET = 3
_WEIGHTS_FOLDER = "session.model_external_initializers_file_folder_path"


def load_onnx(path: Path, data: bytes, *, outputs: Outputs, size: int) -> Program:
    """Return an ONNX network on the processor. No code is in such a file: it names operators of the runtime.

    Args:
        path: For what errors say.
        data: The file's content.
        outputs: What it answers.
        size: Side of its input, in pixels.

    Raises:
        ModelError: ONNX Runtime is not installed, the file is damaged or keeps its weights in other files, or
            it does not take one RGB picture of this size.
    """
    session = _session(path, data)
    inputs = session.get_inputs()
    if len(inputs) != 1:
        names = ", ".join(one.name for one in inputs)
        raise ModelError(f"{path}: it takes {len(inputs)} inputs ({names}), expected one, the picture.")
    wanted, shape = inputs[0], list(inputs[0].shape)
    fits = len(shape) == 4 and all(
        isinstance(side, str | None) or side == expected
        for side, expected in zip(shape[1:], (3, size, size), strict=True)
    )
    if not fits or wanted.type not in _TYPES:
        raise ModelError(
            f"{path}: it takes {wanted.type} ({', '.join(map(str, shape))}), expected pictures "
            f"(N, 3, {size}, {size}) of floating-point numbers."
        )
    dtype = _TYPES[wanted.type]

    def answer(images: Tensor) -> Tensor:
        values = images.detach().to("cpu", dtype).contiguous().numpy()
        found = session.run(None, {wanted.name: values})[0]
        return torch.from_numpy(found).to(images.dtype)

    batch = shape[0] if isinstance(shape[0], int) else None
    if batch is None and only_one_at_a_time(answer, size):
        batch = 1
    return Program(answer, abilities=ModelFormat.ONNX.abilities, outputs=outputs, batch=batch)


def _session(path: Path, data: bytes) -> Any:  # noqa: ANN401 - an optional package, whose types are not there
    runtime = _import_runtime()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    options.log_severity_level = _QUIET
    # Only what is in the file, and was hashed, is read: there is no folder of this name.
    options.add_session_config_entry(_WEIGHTS_FOLDER, os.devnull)
    try:
        return runtime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        # Its errors have Exception alone in common.
        if "xternal data" in str(error):
            raise ModelError(
                f"{path}: its weights are in other files. Export it as one file: "
                "torch.onnx.export(..., external_data=False)."
            ) from error
        raise ModelError(f"{path}: no ONNX network, or a damaged one ({error}).") from error


def _import_runtime() -> Any:  # noqa: ANN401 - see above
    if importlib.util.find_spec("onnxruntime") is None:
        raise ModelError(
            "ONNX Runtime is not installed, without which ONNX files cannot be run. Install it with "
            "`pip install gsal[onnx]`."
        )
    runtime = importlib.import_module("onnxruntime")
    runtime.disable_telemetry_events()
    return runtime
