"""Saliency of all classes: ours against Captum as a user would write it, CPU seconds per picture."""

import torch
from captum.attr import InputXGradient, LayerGradCam
from torch import Tensor, nn

from gsal.models.registry import build_classifier
from gsal.records import PAPER_METHODS
from gsal.saliency.engine import explain
from tests.benchmarks.harness import Row, cpu_seconds, main, rows

CLASSES = 7
CASES = (("densenet-small", 64, 8), ("densenet121", 224, 2))


def _captum(module: nn.Module, images: Tensor) -> list[Tensor]:
    layer = module.features.norm5  # type: ignore[union-attr]
    cam, gradient = LayerGradCam(module, layer), InputXGradient(module)
    maps = []
    for target in range(CLASSES):
        maps.append(cam.attribute(images, target=target).detach())
        maps.append(gradient.attribute(images.clone().requires_grad_(), target=target).detach())
    return maps


def measure() -> list[Row]:
    """Explain a few random pictures with untrained networks: cost does not depend on the weights."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        measured = []
        for architecture, size, n in CASES:
            module = build_classifier(architecture, CLASSES, seed=0).eval()
            images = torch.randn(n, 3, size, size, generator=torch.Generator().manual_seed(0))
            seconds = cpu_seconds(
                {
                    "ours": lambda m=module, x=images: explain(m, x, PAPER_METHODS),  # type: ignore[misc]
                    "captum": lambda m=module, x=images: _captum(m, x),  # type: ignore[misc]
                },
                rounds=3,
            )
            measured += rows(
                f"{architecture} {size} px, {CLASSES} classes", seconds, metric="cpu_s_per_image", per=n
            )
        return measured
    finally:
        torch.set_num_threads(threads)


if __name__ == "__main__":
    main(measure)
