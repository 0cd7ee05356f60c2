"""Networks by name."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import torch
from torch import nn
from torchvision import models as tv_models

from gsal.errors import ModelError
from gsal.models.bisenet import BiSeNet
from gsal.models.densenet import DENSENETS, build_densenet
from gsal.models.imagenet import take_over
from gsal.models.lraspp import LrAspp
from gsal.models.segmenter import Segmenter

__all__ = ["CLASSIFIERS", "SEGMENTERS", "build_classifier", "build_segmenter"]

CLASSIFIERS: tuple[str, ...] = ("densenet-small", *tv_models.list_models(module=tv_models))
"""Architectures of `build_classifier`: ours and torchvision's for classification."""

SEGMENTERS: Mapping[str, Callable[[], Segmenter]] = {"bisenet": BiSeNet, "lraspp": LrAspp}
"""Architectures of `build_segmenter`, the default first: BiSeNet, and one of a quarter of its parameters."""

_ONE_OUTPUT = {name: {"aux_logits": False, "init_weights": True} for name in ("googlenet", "inception_v3")}


def build_classifier(
    architecture: str, classes: int, *, weights: Path | None = None, seed: int, size: int | None = None
) -> nn.Module:
    """Return a classifier whose fresh weights depend on the seed alone.

    Args:
        architecture: One of CLASSIFIERS.
        classes: Number of logits.
        weights: A file of this architecture's weights (.pth, .safetensors), e.g. of `find_imagenet_weights`;
            its last layer is taken over only if it has as many classes.
        seed: Of the fresh weights.
        size: Side of its input in pixels, on which the weights of vision transformers depend; None for 224.

    Raises:
        ModelError: Unknown architecture, one that takes no pictures of this size, or weights that do not fit.
    """
    if architecture not in CLASSIFIERS:
        raise ModelError(
            f"There is no architecture {architecture!r}. Use densenet121, densenet-small, resnet18 "
            "or another classification network of torchvision."
        )
    with _seeded(seed):
        network: nn.Module
        if architecture in DENSENETS:
            network = build_densenet(architecture, classes)
        else:
            options = _ONE_OUTPUT.get(architecture, {}) | _sized(architecture, size)
            try:
                network = tv_models.get_model(architecture, weights=None, num_classes=classes, **options)
            except (AssertionError, ValueError) as error:
                raise ModelError(f"{architecture} takes no pictures of {size} x {size} ({error}).") from error
    if weights is not None:
        take_over(network, weights)
    return network


def build_segmenter(architecture: str = "bisenet", *, weights: Path | None = None, seed: int) -> Segmenter:
    """Return an ink segmenter whose fresh weights depend on the seed alone.

    Args:
        architecture: One of SEGMENTERS.
        weights: A file of ImageNet weights of the backbone (ResNet-18, MobileNetV3-Large);
            `find_imagenet_weights` of the segmenter's `imagenet` gives the one in torch's cache.
        seed: Of the fresh weights.

    Raises:
        ModelError: Unknown architecture, or weights that do not fit it.
    """
    if architecture not in SEGMENTERS:
        raise ModelError(f"There is no segmenter {architecture!r}. Use one of: {', '.join(SEGMENTERS)}.")
    with _seeded(seed):
        network = SEGMENTERS[architecture]()
    if weights is not None:
        take_over(network.classification, weights)
    return network


def _sized(architecture: str, size: int | None) -> dict[str, int | tuple[int, int]]:
    if size is None:
        return {}
    if architecture.startswith("vit_"):
        return {"image_size": size}
    return {"input_size": (size, size)} if architecture == "maxvit_t" else {}


@contextlib.contextmanager
def _seeded(seed: int) -> Iterator[None]:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield
