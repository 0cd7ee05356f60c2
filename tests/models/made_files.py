"""Small networks written the ways labs write them."""

import importlib
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from typing_extensions import override

from gsal.models.registry import build_classifier

__all__ = ["Classes", "write_exported", "write_onnx", "write_script", "write_trace"]

_OPSET, _IR = 17, 10


class Classes(nn.Module):
    """A convolution, a linear layer and, if asked for, a softmax: few enough to write as ONNX by hand."""

    def __init__(self, classes: int, *, softmax: bool = False) -> None:
        super().__init__()
        fresh = build_classifier("densenet-small", classes, seed=1)
        self.conv = fresh.get_submodule("features.conv0")
        self.linear = nn.Linear(len(fresh.get_parameter("features.conv0.weight")), classes)
        with torch.no_grad():
            values = torch.linspace(-1, 1, self.linear.weight.numel())
            self.linear.weight.copy_(values.sin().view_as(self.linear.weight))
            self.linear.bias.copy_(torch.linspace(-0.2, 0.3, classes))
        self.softmax = softmax

    @override
    def forward(self, images: Tensor) -> Tensor:
        features: Tensor = self.conv(images).relu()
        logits: Tensor = self.linear(features.mean(dim=(2, 3)))
        return logits.softmax(1) if self.softmax else logits


def write_script(path: Path, network: nn.Module) -> Path:
    """Write a TorchScript program, which torch calls outdated."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.jit.script(network).save(path)  # type: ignore[no-untyped-call]
    return path


def write_trace(path: Path, network: nn.Module, example: Tensor) -> Path:
    """Write a TorchScript program from what one picture does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.trace(network, example, check_trace=False).save(path)  # type: ignore[no-untyped-call]
    return path


def write_exported(path: Path, network: nn.Module, example: Tensor, *, any_batch: bool = True) -> Path:
    """Write a torch.export program for any number of pictures, or for as many as the example has."""
    shapes: Any = ({0: torch.export.Dim("n")},) if any_batch else None
    torch.export.save(torch.export.export(network, (example,), dynamic_shapes=shapes), path)
    return path


def write_onnx(path: Path, network: Classes, *, size: int, batch: str | int = "n") -> Path:
    """Write the same network in ONNX, operator by operator: no exporter is needed for that."""
    onnx: Any = importlib.import_module("onnx")
    helper = onnx.helper
    conv, linear = network.conv, network.linear
    assert isinstance(conv, nn.Conv2d)
    stored = {"w": conv.weight, "v": linear.weight, "b": linear.bias}
    tensors = [
        onnx.numpy_helper.from_array(value.detach().numpy().astype(np.float32), name)
        for name, value in stored.items()
    ]
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["c"], strides=conv.stride, pads=2 * list(_pads(conv))),
        helper.make_node("Relu", ["c"], ["r"]),
        helper.make_node("ReduceMean", ["r"], ["m"], axes=[2, 3], keepdims=0),
        helper.make_node("Gemm", ["m", "v", "b"], ["z"], transB=1),
    ]
    if network.softmax:
        nodes.append(helper.make_node("Softmax", ["z"], ["p"], axis=1))
    kind = onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        "classes",
        [helper.make_tensor_value_info("x", kind, [batch, 3, size, size])],
        [helper.make_tensor_value_info(nodes[-1].output[0], kind, [batch, len(linear.bias)])],
        tensors,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR)
    path.write_bytes(model.SerializeToString())
    return path


def _pads(conv: nn.Conv2d) -> Iterable[int]:
    assert not isinstance(conv.padding, str)
    return conv.padding
