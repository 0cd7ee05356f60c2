"""Ink networks run by OpenVINO, an optional extra (`pip install gsal[openvino]`)."""

import copy
import importlib.util
import sys
import warnings
from typing import Any

import numpy as np
import torch
from torch import nn
from typing_extensions import override

from gsal.errors import ModelError
from gsal.records import Preprocessing
from gsal.runtimes.folding import fold
from gsal.runtimes.runtime import BFLOAT16, FLOAT32, InkMaps, Pictures

__all__ = ["OpenVino", "is_installed"]

_EXAMPLE = (1, 3, 96, 64)


def is_installed() -> bool:
    """Whether OpenVINO can be imported; it is not imported for that."""
    return importlib.util.find_spec("openvino") is not None


class OpenVino:
    """The network converted in memory, for batches and pictures of any size, on the processor.

    Args:
        module: From (N, 3, H, W) to ink logits (N, 1, H, W); it stays as it is.
        preprocessing: Mean and standard deviation of the network.
        precision: None for bfloat16 where the processor has it in hardware, else float32.

    Raises:
        ModelError: OpenVINO is not installed, or cannot convert the network.
    """

    name = "openvino"

    def __init__(
        self, module: nn.Module, preprocessing: Preprocessing, *, precision: str | None = None
    ) -> None:
        openvino = _import_openvino()
        core = openvino.Core()
        has_bfloat16 = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        self.precision = precision or (BFLOAT16 if has_bfloat16 else FLOAT32)
        network = _Probability(module, preprocessing).eval()
        settings = {
            "INFERENCE_PRECISION_HINT": "bf16" if self.precision == BFLOAT16 else "f32",
            "INFERENCE_NUM_THREADS": torch.get_num_threads(),
        }
        try:
            with torch.inference_mode(), warnings.catch_warnings():
                # Tracing warns of comparisons of shapes, whose outcome is the same for all sides that are
                # multiples of 32.
                warnings.simplefilter("ignore")
                model = openvino.convert_model(
                    network, example_input=torch.zeros(_EXAMPLE), input=[(-1, 3, -1, -1)]
                )
            self._compiled = core.compile_model(model, "CPU", settings)
        except Exception as error:
            # Its converters raise errors of many kinds, some of them Exception itself.
            raise ModelError(f"OpenVINO cannot run this network: {error}") from error

    def __call__(self, pictures: Pictures) -> InkMaps:
        """Return the ink probabilities of pictures of one shape."""
        inputs = np.ascontiguousarray(pictures.transpose(0, 3, 1, 2), np.float32)
        return np.array(self._compiled([inputs])[0][:, 0], np.float32)


class _Probability(nn.Module):
    """From pixels 0 to 255 to ink probabilities: what lies around the network is converted with it."""

    def __init__(self, module: nn.Module, preprocessing: Preprocessing) -> None:
        super().__init__()
        self.network = fold(copy.deepcopy(module).to("cpu", torch.float32))
        self.mean = nn.Buffer(255 * torch.tensor(preprocessing.mean).view(3, 1, 1))
        self.std = nn.Buffer(255 * torch.tensor(preprocessing.std).view(3, 1, 1))

    @override
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.network((x - self.mean) / self.std)
        return logits.sigmoid()


def _import_openvino() -> Any:  # noqa: ANN401 - an optional package, whose types are not there to check
    # Its Python package reports each import to its maker, unless the module that does so cannot be imported.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    try:
        return importlib.import_module("openvino")
    except ImportError as error:
        raise ModelError(
            "OpenVINO is not installed. Install it with `pip install gsal[openvino]`, or choose torch."
        ) from error
