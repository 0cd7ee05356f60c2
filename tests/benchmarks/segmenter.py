"""Ink networks at 448 px: CPU seconds and pictures/s of every runtime in turn, and how far each is from plain torch.

"ours" is the default of a machine without the optional extra: torch, folded, channels last. ONNX Runtime and OpenVINO
are measured where they are installed; LR-ASPP is the peer among networks. By default a fresh network on synthetic
scenes: cost does not depend on the weights, agreement does. GSAL_PHOTOS names a folder of real pictures and
GSAL_WEIGHTS a trained BiSeNet (.safetensors, .pt).
"""

import importlib.util
import io
import os
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from gsal.images.geometry import resize_image, scaled_shape
from gsal.images.loader import load_rgb
from gsal.models.checkpoints import read_weights
from gsal.models.device import has_bfloat16
from gsal.models.preprocessing import normalise
from gsal.models.registry import build_segmenter
from gsal.models.segmenter import Segmenter
from gsal.records import Preprocessing
from gsal.runtimes.agreement import agreement
from gsal.runtimes.folding import fold
from gsal.runtimes.openvino import OpenVino, is_installed
from gsal.runtimes.pytorch import PlainTorch, Torch
from gsal.runtimes.runtime import BFLOAT16, FLOAT32, InkMaps, Pictures, Runtime
from gsal.synthetic import render_twins, scene_labels
from gsal.training.ink_maps import padded
from tests.benchmarks.harness import Row, main

SIDE, PICTURES, COMPARED, ROUNDS = 448, 4, 12, 3
PREPROCESSING = Preprocessing(size=SIDE)
CPU = torch.device("cpu")


class ChannelsLast(PlainTorch):
    """Plain torch with the channels last in memory, not folded."""

    name = "torch channels-last"

    def __init__(self, module: nn.Module, preprocessing: Preprocessing) -> None:
        super().__init__(module, preprocessing)
        self.module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def __call__(self, pictures: Pictures) -> InkMaps:
        inputs = normalise(torch.from_numpy(pictures).permute(0, 3, 1, 2), self.preprocessing)
        with torch.inference_mode():
            return np.asarray(self.module(inputs)[:, 0].sigmoid().numpy(), np.float32)


class OnnxRuntime:
    """The folded network in ONNX Runtime, on the processor."""

    name, precision = "onnxruntime", FLOAT32

    def __init__(self, module: nn.Module, preprocessing: Preprocessing) -> None:
        runtime: Any = importlib.import_module("onnxruntime")
        file = io.BytesIO()
        axes = {"x": {0: "n", 2: "h", 3: "w"}, "y": {0: "n", 2: "h", 3: "w"}}
        example = torch.zeros(1, 3, 96, 64)
        names = {"input_names": ["x"], "output_names": ["y"]}
        torch.onnx.export(fold(module), (example,), file, dynamo=False, dynamic_axes=axes, **names)  # type: ignore[arg-type]
        options = runtime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        self.session = runtime.InferenceSession(file.getvalue(), options, providers=["CPUExecutionProvider"])
        self.preprocessing = preprocessing

    def __call__(self, pictures: Pictures) -> InkMaps:
        inputs = normalise(torch.from_numpy(pictures).permute(0, 3, 1, 2), self.preprocessing)
        (logits,) = self.session.run(None, {"x": inputs.contiguous().numpy()})
        return torch.from_numpy(logits)[:, 0].sigmoid().numpy()


def _pictures() -> list[Pictures]:
    if folder := os.environ.get("GSAL_PHOTOS"):
        files = sorted(p for p in Path(folder).rglob("*") if p.suffix.lower() in {".jpg", ".jpeg", ".png"})
        photographs = [p for p in files if "mask" not in str(p.relative_to(folder))]
        loaded = [load_rgb(path) for path in photographs[:: max(1, len(photographs) // COMPARED)][:COMPARED]]
    else:
        loaded = [render_twins(n, label).inked for n, label in enumerate(scene_labels(COMPARED, 0))]
    sized = [(one, *scaled_shape(*one.shape[:2], long_side=SIDE)) for one in loaded]
    return [padded(resize_image(one, height=height, width=width))[None] for one, height, width in sized]


def _network(architecture: str) -> Segmenter:
    module = build_segmenter(architecture, seed=0)
    if architecture == "bisenet" and (weights := os.environ.get("GSAL_WEIGHTS")):
        module.load_state_dict(read_weights(Path(weights)))
    return module.deploy()


def _runtimes(module: nn.Module) -> dict[str, Runtime]:
    emulated = "" if has_bfloat16(CPU) else ", emulated"
    found: dict[str, Runtime] = {
        "torch eager": PlainTorch(module, PREPROCESSING),
        "torch channels-last": ChannelsLast(module, PREPROCESSING),
        "ours": Torch(module, PREPROCESSING, device=CPU, precision=FLOAT32),
        f"torch bfloat16{emulated}": Torch(module, PREPROCESSING, device=CPU, precision=BFLOAT16),
    }
    if is_installed():
        found["openvino"] = OpenVino(module, PREPROCESSING, precision=FLOAT32)
        fastest = OpenVino(module, PREPROCESSING)
        if fastest.precision == BFLOAT16:
            found["openvino bfloat16"] = fastest
    if importlib.util.find_spec("onnxruntime") is not None:
        found["onnxruntime"] = OnnxRuntime(module, PREPROCESSING)
    return found


def _in_turn(
    runtimes: dict[str, Runtime], pictures: Sequence[Pictures]
) -> dict[str, list[tuple[float, float]]]:
    """Return CPU and wall seconds per picture, of each runtime and round."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in runtimes}
    for runtime in runtimes.values():
        runtime(pictures[0])
    for _ in range(ROUNDS):
        for name, runtime in runtimes.items():
            cpu, wall = time.process_time(), time.perf_counter()
            for picture in pictures:
                runtime(picture)
            n = len(pictures)
            times[name].append(((time.process_time() - cpu) / n, (time.perf_counter() - wall) / n))
    return times


def measure() -> list[Row]:
    """Run every runtime on the same pictures, in turn."""
    pictures = _pictures()
    module = _network("bisenet")
    runtimes = _runtimes(module)
    subjects = {**runtimes, "lraspp": Torch(_network("lraspp"), PREPROCESSING, device=CPU, precision=FLOAT32)}
    times = _in_turn(subjects, pictures[:PICTURES])
    case = f"{SIDE} px, {torch.get_num_threads()} threads"
    found = []
    for name, seconds in times.items():
        cpu, wall = (statistics.median(column) for column in zip(*seconds, strict=True))
        ratios = [theirs[0] / ours[0] for theirs, ours in zip(seconds, times["ours"], strict=True)]
        found.append(Row(case, name, "pictures_per_s", 1 / wall, "1/s"))
        found.append(Row(case, name, "cpu_s_per_image", cpu, "s"))
        found.append(Row(case, name, "ratio_to_ours", statistics.median(ratios), "1"))
    for name, runtime in runtimes.items():
        if name != "torch eager":
            agreed = agreement(runtime, runtimes["torch eager"], pictures)
            found.append(Row(case, name, "largest_difference", agreed.largest_difference, "1"))
            found.append(Row(case, name, "changed_share", agreed.changed_share, "1"))
    return found


if __name__ == "__main__":
    main(measure)
