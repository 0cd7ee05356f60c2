"""What runs the ink network: pictures per CPU second of each runtime, and how far each is from plain torch.

All on one thread, in turn, in one run; OpenVINO and ONNX Runtime take part where they are installed. LR-ASPP,
the light network, is the peer. By default on synthetic scenes, with a network that is trained on such scenes
first; GSAL_PHOTOS names a folder of real photographs, GSAL_WEIGHTS a file of a trained BiSeNet's weights.
"""

import importlib.util
import os
import statistics
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import nn
from typing_extensions import override

from gsal.arrays import RgbImage
from gsal.images.geometry import resize_image, scaled_shape
from gsal.images.loader import load_rgb
from gsal.masks.area import is_inked
from gsal.models.checkpoints import read_weights
from gsal.models.device import has_bfloat16
from gsal.models.preprocessing import normalise
from gsal.models.registry import build_segmenter
from gsal.progress import JobContext
from gsal.records import Preprocessing
from gsal.runtimes.openvino import OpenVino
from gsal.runtimes.openvino import is_installed as has_openvino
from gsal.runtimes.pytorch import PlainTorch, Torch
from gsal.runtimes.runtime import BFLOAT16, FLOAT32, InkMaps, Pictures, Runtime
from gsal.synthetic import SceneSettings, render_twins, scene_labels
from gsal.training.datasets import SegmenterData
from gsal.training.ink_maps import padded
from gsal.training.recipe import SEGMENTER_RECIPES
from gsal.training.segmenter import train_segmenter
from gsal.training.windows import INK
from tests.benchmarks.harness import Row, cpu_seconds, main

SIDE = 448
TIMED = 2
ROUNDS = 3
SCENES_TO_LEARN, SCENES, PHOTOGRAPHS = 8, 6, 24
PLAIN = "plain torch"
_CPU = torch.device("cpu")
_PREPROCESSING = Preprocessing(size=SIDE)


class _ChannelsLast(PlainTorch):
    """Plain torch with the channels last, and nothing else."""

    name = "channels last"

    def __init__(self, module: nn.Module, preprocessing: Preprocessing) -> None:
        super().__init__(module, preprocessing)
        self.module = self.module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    @override
    def __call__(self, pictures: Pictures) -> InkMaps:
        inputs = normalise(torch.from_numpy(pictures).permute(0, 3, 1, 2), self.preprocessing)
        with torch.inference_mode():
            return np.asarray(self.module(inputs)[:, 0].sigmoid().numpy(), np.float32)


class _OnnxRuntime:
    """The network exported to ONNX, once for each shape: its exporter writes shapes into the file."""

    name, precision = "onnx runtime", FLOAT32

    def __init__(self, module: nn.Module, preprocessing: Preprocessing) -> None:
        self.preprocessing, self.plain = preprocessing, PlainTorch(module, preprocessing)
        self.sessions: dict[tuple[int, ...], Any] = {}

    def __call__(self, pictures: Pictures) -> InkMaps:
        inputs = normalise(torch.from_numpy(pictures).permute(0, 3, 1, 2), self.preprocessing).contiguous()
        if pictures.shape not in self.sessions:
            self.sessions[pictures.shape] = self._session(inputs)
        (logits,) = self.sessions[pictures.shape].run(None, {"x": inputs.numpy()})
        return np.asarray(torch.from_numpy(logits)[:, 0].sigmoid().numpy(), np.float32)

    def _session(self, inputs: torch.Tensor) -> Any:
        onnxruntime = importlib.import_module("onnxruntime")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = torch.get_num_threads()
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(), torch.inference_mode():
            warnings.simplefilter("ignore")
            file = Path(folder) / "network.onnx"
            torch.onnx.export(self.plain.module, (inputs,), file, input_names=["x"], dynamo=False)
            return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])


def _runtimes(module: nn.Module) -> dict[str, Runtime]:
    """Return what there is on this machine, by name; `emulated` where the processor lacks bfloat16."""
    emulated = "" if has_bfloat16(_CPU) else ", emulated"
    found: dict[str, Runtime] = {
        PLAIN: PlainTorch(module, _PREPROCESSING),
        "channels last": _ChannelsLast(module, _PREPROCESSING),
        "torch": Torch(module, _PREPROCESSING, device=_CPU, precision=FLOAT32),
        f"torch bfloat16{emulated}": Torch(module, _PREPROCESSING, device=_CPU, precision=BFLOAT16),
    }
    if has_openvino():
        found["openvino"] = OpenVino(module, _PREPROCESSING, precision=FLOAT32)
        if OpenVino(module, _PREPROCESSING).precision == BFLOAT16:
            found["openvino bfloat16"] = OpenVino(module, _PREPROCESSING, precision=BFLOAT16)
    if all(importlib.util.find_spec(name) for name in ("onnx", "onnxruntime")):
        found["onnx runtime"] = _OnnxRuntime(module, _PREPROCESSING)
    return found


def _scaled(picture: RgbImage) -> Pictures:
    height, width = scaled_shape(*picture.shape[:2], long_side=SIDE)
    return padded(resize_image(picture, height=height, width=width))[None]


def _photographs(folder: Path) -> Iterator[RgbImage]:
    files = sorted(path for path in folder.rglob("*.jpg") if "mask" not in str(path.relative_to(folder)))
    for path in files[:: max(1, len(files) // PHOTOGRAPHS)][:PHOTOGRAPHS]:
        yield load_rgb(path)


def _synthetic() -> Iterator[RgbImage]:
    for index, label in enumerate(scene_labels(SCENES, 1)):
        twins = render_twins(index, label, settings=SceneSettings(size=SIDE), seed=1)
        yield from (twins.inked, twins.clean)


def _trained() -> nn.Module:
    """Return a BiSeNet that has seen some hundred windows of synthetic ink: probabilities of all heights."""
    pairs = []
    for index, label in enumerate(scene_labels(SCENES_TO_LEARN, 0)):
        twins = render_twins(index, label, settings=SceneSettings(size=SIDE))
        pairs += [(twins.inked, np.where(twins.ink, np.uint8(INK), np.uint8(0)))]
        pairs += [(twins.clean, np.zeros_like(twins.ink, np.uint8))]
    pictures, targets = zip(*pairs, strict=True)
    data = SegmenterData(pictures[4:], targets[4:], pictures[:4], targets[:4])
    short = SEGMENTER_RECIPES["short"]
    recipe = replace(
        short, size=SIDE, window=128, early_epochs=0, windows=64, epochs=4, batch_size=8, synthetic_ink=False
    )
    module = build_segmenter(seed=0)
    with tempfile.TemporaryDirectory() as folder:
        train_segmenter(module, data, recipe, seed=0, checkpoint=Path(folder) / "a.pt", ctx=JobContext())
    return module.deploy()


def _network() -> nn.Module:
    weights = os.environ.get("GSAL_WEIGHTS")
    if weights is None:
        return _trained()
    module = build_segmenter(seed=0)
    module.load_state_dict(read_weights(Path(weights)))
    return module.deploy()


def _differences(
    case: str, runtimes: Mapping[str, Runtime], plain: Runtime, batches: list[Pictures]
) -> Iterator[Row]:
    """Yield how far each is from plain torch: pixels, and pictures that change between inked and not."""
    expected = [plain(batch)[0] for batch in batches]
    yield Row(case, PLAIN, "inked_share", float(np.mean([is_inked(one > 0.5) for one in expected])), "1")
    for name in [name for name in runtimes if name != PLAIN]:
        found = [runtimes[name](batch)[0] for batch in batches]
        pairs = list(zip(found, expected, strict=True))
        largest = max(float(np.abs(a - b).max()) for a, b in pairs)
        changed = sum(int(((a > 0.5) != (b > 0.5)).sum()) for a, b in pairs) / sum(a.size for a in found)
        decisions = sum(is_inked(a > 0.5) != is_inked(b > 0.5) for a, b in pairs)
        yield Row(case, name, "largest_difference", largest, "1")
        yield Row(case, name, "changed_pixels", changed, "1")
        yield Row(case, name, "changed_pictures", float(decisions), f"of {len(batches)}")


def _speeds(case: str, subjects: Mapping[str, Callable[[], object]]) -> Iterator[Row]:
    seconds = cpu_seconds(subjects, rounds=ROUNDS)
    for name, taken in seconds.items():
        yield Row(case, name, "pictures_per_cpu_s", TIMED / statistics.median(taken), "1/s")
        ratios = [plain / own for plain, own in zip(seconds[PLAIN], taken, strict=True)]
        yield Row(case, name, "times_plain", statistics.median(ratios), "1")


def measure() -> list[Row]:
    """Time a batch of pictures of one shape, then compare on all."""
    folder = os.environ.get("GSAL_PHOTOS")
    name = "photographs" if folder else "synthetic"
    threads = torch.get_num_threads(), cv2.getNumThreads()
    module = _network()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    try:
        batches = [_scaled(picture) for picture in (_photographs(Path(folder)) if folder else _synthetic())]
        shape = batches[0].shape
        timed = np.concatenate([batch for batch in batches if batch.shape == shape][:TIMED])
        timed = np.concatenate([timed] * TIMED)[:TIMED]
        runtimes = _runtimes(module)
        light = Torch(
            build_segmenter("lraspp", seed=0).deploy(), _PREPROCESSING, device=_CPU, precision=FLOAT32
        )
        subjects = {**runtimes, "lraspp, torch": light}
        runs: dict[str, Callable[[], object]] = {
            subject: lambda runtime=runtime: runtime(timed)  # type: ignore[misc]
            for subject, runtime in subjects.items()
        }
        case = f"{name}, {shape[1]} x {shape[2]} px, 1 thread"
        measured = [*_speeds(case, runs)]
        return [*measured, *_differences(f"{name}, {SIDE} px", runtimes, runtimes[PLAIN], batches)]
    finally:
        torch.set_num_threads(threads[0])
        cv2.setNumThreads(threads[1])


if __name__ == "__main__":
    main(measure)
