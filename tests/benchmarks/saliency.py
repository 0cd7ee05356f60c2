"""Saliency of all classes, Grad-CAM and competitive gradient x input: ours against what others would write.

    python -m tests.benchmarks.saliency [--json]

One thread, all subjects in turn in one process. "autograd" is our reference: one forward pass, one backward
pass per class. "captum" is Captum as its user would write it: a call per class and method. "pytorch-grad-cam"
gives Grad-CAM only; without it (`pip install --no-deps grad-cam ttach`, `pip install scikit-learn`) its rows
are left out. "floor" is the arithmetic of our two passes alone: the same products and convolutions on numbers
that lie as torch likes them. Fast mode is not timed where the processor has no bfloat16: there it is slower.
"""

import multiprocessing
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import torch
import torch.nn.functional as F
from captum.attr import InputXGradient, LayerGradCam
from torch import Tensor, nn

from gsal.models.device import has_bfloat16
from gsal.models.registry import build_classifier
from gsal.records import PAPER_METHODS
from gsal.saliency import autograd
from gsal.saliency.backends import passes
from gsal.saliency.cam import enlarge
from gsal.saliency.competitive import compete
from gsal.saliency.densenet.folded import Folded, folded
from gsal.saliency.engine import explain
from gsal.saliency.layers import find_layer
from gsal.saliency.options import Options, Precision
from tests.benchmarks.harness import Row, cpu_seconds, main

CLASSES = 7
CASES = (("densenet-small", 64, 8), ("densenet121", 224, 2))
ROUNDS = 5
_FAST = Options(precision=Precision.FAST)


def ours(module: nn.Module, images: Tensor, options: Options = Options()) -> object:  # noqa: B008
    """Explain as the program does."""
    return explain(module, images, PAPER_METHODS, options)


def reference(module: nn.Module, images: Tensor) -> object:
    """Explain by automatic differentiation, with parameters frozen and channels last."""
    found = autograd.run(module, images, layer=find_layer(module), input_gradients=True)
    assert found.cam is not None
    assert found.product is not None
    return enlarge(found.cam, *images.shape[-2:]).numpy(), compete(found.product, found.slope).numpy()


def captum(module: nn.Module, images: Tensor) -> object:
    """Explain as a user of Captum would."""
    cam, gradient = LayerGradCam(module, module.get_submodule("features.norm5")), InputXGradient(module)
    maps = []
    for target in range(CLASSES):
        maps.append(cam.attribute(images, target=target).detach())
        maps.append(gradient.attribute(images.clone().requires_grad_(), target=target).detach())
    return maps


def pytorch_grad_cam(module: nn.Module, images: Tensor) -> object:
    """Compute Grad-CAM as a user of pytorch-grad-cam would."""
    from pytorch_grad_cam import GradCAM
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

    with GradCAM(model=module, target_layers=[module.get_submodule("features.norm5")]) as cam:
        return [
            cam(input_tensor=images, targets=[ClassifierOutputTarget(target)] * len(images))
            for target in range(CLASSES)
        ]


def forward(module: nn.Module, images: Tensor) -> object:
    """Only predict, with channels last as the fastest plain way."""
    with torch.inference_mode():
        return module(images.contiguous(memory_format=torch.channels_last))


def floor(network: Folded, size: int) -> Callable[[], object]:
    """Return the arithmetic of both passes for one picture, as something to call."""
    side = size // 4
    stem = network.stem.weight.shape[0]
    steps = [
        partial(F.conv2d, _maps(1, 3, size), network.stem.weight, None, 2, 3),
        partial(F.conv2d, _maps(CLASSES, stem, size // 2), network.stem.phases, None, 1, 2),
    ]
    for block in network.blocks:
        for layer in block.layers:
            known, middle, grown = *layer.squeeze.shape, len(layer.grow)
            steps += [
                partial(torch.mm, torch.randn(side**2, known), layer.squeeze),
                partial(F.conv2d, _maps(1, middle, side), layer.grow, None, 1, 1),
                partial(F.conv2d, _maps(CLASSES, grown, side), layer.grow_t, None, 1, 1),
                partial(torch.mm, torch.randn(CLASSES * side**2, middle), layer.squeeze_t),
            ]
        if block.transition is not None:
            side //= 2
            weight, weight_t = block.transition.weight, block.transition.weight_t
            steps += [
                partial(torch.mm, torch.randn(side**2, len(weight)), weight),
                partial(torch.mm, torch.randn(CLASSES * side**2, len(weight_t)), weight_t),
            ]

    def run() -> None:
        with torch.inference_mode():
            for step in steps:
                step()

    return run


def subjects() -> dict[str, Callable[[nn.Module, Tensor], object]]:
    """Return what can be measured here."""
    known: dict[str, Callable[[nn.Module, Tensor], object]] = {"ours": ours}
    if has_bfloat16(torch.device("cpu")):
        known["ours-fast"] = partial(ours, options=_FAST)
    known |= {"autograd": reference, "captum": captum}
    if find_spec("pytorch_grad_cam"):
        known["pytorch-grad-cam"] = pytorch_grad_cam
    return known


def measure() -> list[Row]:
    """Explain a few random pictures with untrained networks: cost does not depend on the weights."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [row for case in CASES for row in _case(*case)]
    finally:
        torch.set_num_threads(threads)


def _case(architecture: str, size: int, n: int) -> list[Row]:
    case = f"{architecture} {size} px, {CLASSES} classes"
    module, images = _network(architecture), _pictures(n, size)
    network = folded(module)
    assert network is not None
    known: dict[str, Callable[[], object]] = {
        name: partial(run, module, images) for name, run in subjects().items()
    }
    others: dict[str, Callable[[], object]] = {
        "forward": partial(forward, module, images),
        "floor": floor(network, size),
    }
    seconds = cpu_seconds(known | others, rounds=ROUNDS)
    seconds["floor"] = [n * one for one in seconds["floor"]]
    rows = []
    for name in known:
        rows += [
            Row(case, name, "cpu_s_per_image", median(seconds[name]) / n, "s"),
            Row(case, name, "forward_ratio", _ratio(seconds, name, "forward"), "1"),
            Row(case, name, "captum_ratio", _ratio(seconds, "captum", name), "1"),
            Row(case, name, "peak_mb", _peak(name, architecture, size), "MB"),
        ]
    rows += [
        Row(case, name, "floor_share", _ratio(seconds, "floor", name), "1")
        for name in known
        if name.startswith("ours")
    ]
    return rows + [
        Row(case, name, "relative_l2", _difference(module, images, options), "1")
        for name, options in (("ours", Options()), ("ours-fast", _FAST))
    ]


def _ratio(seconds: Mapping[str, list[float]], above: str, below: str) -> float:
    return median(a / b for a, b in zip(seconds[above], seconds[below], strict=True))


def _difference(module: nn.Module, images: Tensor, options: Options) -> float:
    """Return the relative L2 distance of gradient x input from the same in float64."""
    double = deepcopy(module).double()
    wanted = autograd.run(double, images.double(), input_gradients=True).product
    found = passes(module, images, input_gradients=True, options=options).product
    assert wanted is not None
    assert found is not None
    return float((found.double() - wanted).norm() / wanted.norm())


def _peak(name: str, architecture: str, size: int) -> float:
    """Return by how many MB explaining a picture raises the memory of a process that has predicted it."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_raised, (name, architecture, size))


def _raised(name: str, architecture: str, size: int) -> float:
    torch.set_num_threads(1)
    module, images = _network(architecture), _pictures(1, size)
    forward(module, images)
    before = _most_memory()
    subjects()[name](module, images)
    return _most_memory() - before


def _most_memory() -> float:
    """Return the most MB this process has held; what the system's own call says includes its parent's."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _network(architecture: str) -> nn.Module:
    return build_classifier(architecture, CLASSES, seed=0).eval()


def _pictures(n: int, size: int) -> Tensor:
    return torch.randn(n, 3, size, size, generator=torch.Generator().manual_seed(0))


def _maps(n: int, channels: int, side: int) -> Tensor:
    return torch.randn(n, channels, side, side).contiguous(memory_format=torch.channels_last)


if __name__ == "__main__":
    main(measure)
