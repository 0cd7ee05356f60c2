"""Batches of pictures through the saliency methods: one forward pass for all of them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from gsal.arrays import FloatArray
from gsal.records import COLUMNS, PAPER_METHODS, SaliencyMethod
from gsal.saliency import aggregate
from gsal.saliency.autograd import Pass
from gsal.saliency.backends import passes
from gsal.saliency.cam import centre, enlarge
from gsal.saliency.competitive import compete
from gsal.saliency.controls import random_map, sobel_edges
from gsal.saliency.cost import ONE_PASS
from gsal.saliency.following import Follow, unfollowed
from gsal.saliency.frozen import check_images, check_logits, frozen
from gsal.saliency.gradients import integrated_gradients, smoothgrad
from gsal.saliency.guided import guided_grad_cam
from gsal.saliency.layers import CamLayer, find_layer
from gsal.saliency.occlusion import occlusion
from gsal.saliency.options import Options, preset_of

__all__ = ["Aggregates", "Explained", "aggregate_batch", "explain"]


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """The maps of a batch by one method.

    Attributes:
        maps: (N, C, H, W), signed, of the images' type.
        logits: (N, C) float64.
        gap: (N, C) float64, the completeness gap: sum g + b_c - z_c for Grad-CAM, sum g - z_c otherwise. For
            centred Grad-CAM, b_c and z_c are those less their mean over classes.
        preset: The settings that the maps depend on, by `gsal.saliency.options.preset_of`.
        layer: Of Grad-CAM and guided Grad-CAM; "" otherwise.
    """

    maps: npt.NDArray[np.floating[Any]]
    logits: FloatArray
    gap: FloatArray
    preset: str
    layer: str


class Aggregates(NamedTuple):
    """What is kept of a batch.

    Attributes:
        values: (N, C, len(COLUMNS)) float64 in the order of `gsal.records.COLUMNS`.
        mask_area: (N,) float64, |A|, the sum of the coverage.
        map_pixels: |P|.
    """

    values: FloatArray
    mask_area: FloatArray
    map_pixels: int


def explain(
    model: nn.Module,
    images: Tensor,
    methods: Collection[SaliencyMethod] = PAPER_METHODS,
    options: Options = Options(),  # noqa: B008 - it is frozen
    *,
    follow: Follow = unfollowed,
) -> dict[SaliencyMethod, Explained]:
    """Explain every class of every picture.

    Every method's map is the signed sum over channels (SPEC 7): where a method's paper shows the absolute
    value or the largest channel, that is a matter of display, and would make m positive whatever the network
    does. A map depends on the picture, the settings and the seed, never on the other pictures of a batch.

    Args:
        model: A classifier; it is left as it was.
        images: (N, channels, H, W), normalised, on the model's device.
        methods: What to compute; those of `gsal.saliency.cost.ONE_PASS` share one forward pass.
        options: How; the defaults are the paper's.
        follow: Is told of each forward pass before it, those of `gsal.saliency.cost.passes_of`.

    Raises:
        ModelError: The model or its layer cannot be explained, or not by one of these methods.
    """
    explained: dict[SaliencyMethod, Explained] = {}
    if ONE_PASS & set(methods):
        follow(len(images))
        explained |= _differentiate(model, images, methods, options)
    others = [method for method in methods if method not in ONE_PASS]
    logits = next((one.logits for one in explained.values()), None)
    if others and logits is None:
        follow(len(images))
        logits = _answers(model, images)
    for method in others:
        assert logits is not None  # noqa: S101 - there are other methods
        maps = _maps(model, images, method, options, classes=logits.shape[1], follow=follow)
        is_cam = method is SaliencyMethod.GUIDED_GRAD_CAM
        layer = find_layer(model, options.layer).name if is_cam else ""
        explained[method] = _explained(maps, logits, _preset(method, options, images), layer)
    return explained


def _differentiate(
    model: nn.Module, images: Tensor, methods: Collection[SaliencyMethod], options: Options
) -> dict[SaliencyMethod, Explained]:
    wants_cam = SaliencyMethod.GRAD_CAM in methods
    wants_gradients = bool(ONE_PASS & set(methods) - {SaliencyMethod.GRAD_CAM})
    watched = find_layer(model, options.layer) if wants_cam else None
    found = passes(
        model,
        images,
        layer=watched,
        input_gradients=wants_gradients,
        slope=SaliencyMethod.GRADIENT in methods,
        options=options,
    )
    logits = _double(found.logits)
    explained: dict[SaliencyMethod, Explained] = {}
    if watched is not None and found.cam is not None:
        explained[SaliencyMethod.GRAD_CAM] = _explained_cam(found.cam, logits, watched, images, options)
    for method, maps in _gradient_maps(found, methods, options).items():
        explained[method] = _explained(maps, logits, _preset(method, options, images))
    return explained


def _gradient_maps(
    found: Pass, methods: Collection[SaliencyMethod], options: Options
) -> dict[SaliencyMethod, Tensor]:
    maps: dict[SaliencyMethod, Tensor] = {}
    if found.product is not None and SaliencyMethod.COMPETITIVE in methods:
        won = compete(found.product, found.slope, preset=options.competition)
        maps[SaliencyMethod.COMPETITIVE] = won
    if found.product is not None and SaliencyMethod.GRADIENT_INPUT in methods:
        maps[SaliencyMethod.GRADIENT_INPUT] = found.product
    if found.slope is not None and SaliencyMethod.GRADIENT in methods:
        maps[SaliencyMethod.GRADIENT] = found.slope
    return maps


def _explained_cam(
    cam: Tensor, logits: FloatArray, watched: CamLayer, images: Tensor, options: Options
) -> Explained:
    explained = logits if watched.bias is None else logits - _double(watched.bias)
    if options.centred:
        cam, explained = centre(cam), explained - explained.mean(axis=1, keepdims=True)
    maps = enlarge(cam, images.shape[-2], images.shape[-1]).cpu().numpy()
    preset = _preset(SaliencyMethod.GRAD_CAM, options, images)
    return Explained(maps, logits, aggregate.moments(maps)[0] - explained, preset, watched.name)


def _explained(found: Tensor, logits: FloatArray, preset: str, layer: str = "") -> Explained:
    maps = found.cpu().numpy()
    return Explained(maps, logits, aggregate.moments(maps)[0] - logits, preset, layer)


def _maps(
    model: nn.Module,
    images: Tensor,
    method: SaliencyMethod,
    options: Options,
    *,
    classes: int,
    follow: Follow,
) -> Tensor:
    """Return the maps (N, C, H, W) of a method that goes through the network by itself, or not at all."""
    if method is SaliencyMethod.SMOOTHGRAD:
        return smoothgrad(
            *(model, images),
            samples=options.samples,
            noise=options.noise,
            seed=options.seed,
            follow=follow,
        )
    if method is SaliencyMethod.INTEGRATED_GRADIENTS:
        return integrated_gradients(model, images, steps=options.steps, follow=follow)
    if method is SaliencyMethod.GUIDED_GRAD_CAM:
        return guided_grad_cam(model, images, layer=options.layer, follow=follow)
    if method is SaliencyMethod.OCCLUSION:
        return occlusion(model, images, follow=follow)
    is_random = method is SaliencyMethod.RANDOM
    control = random_map(images, seed=options.seed) if is_random else sobel_edges(images)
    return torch.from_numpy(control).to(images)[:, None].expand(-1, classes, -1, -1)


def _answers(model: nn.Module, images: Tensor) -> FloatArray:
    check_images(images)
    with frozen(model), torch.inference_mode():
        return _double(check_logits(model(images)))


def _preset(method: SaliencyMethod, options: Options, images: Tensor) -> str:
    return preset_of(method, options, min(images.shape[-2:]))


def aggregate_batch(
    explained: Explained, coverage: npt.NDArray[Any], *, percentile: float = 98.0
) -> Aggregates:
    """Aggregate each picture's maps on its mask, for every class (SPEC 8).

    Args:
        explained: The maps of N pictures.
        coverage: (N, H, W) bool, or float coverage in [0, 1], on the network's grid.
        percentile: Of the peak aggregation.

    Raises:
        ValueError: The coverage does not fit the maps.
    """
    maps = explained.maps
    if coverage.shape != (maps.shape[0], *maps.shape[2:]):
        raise ValueError(f"the maps are {maps.shape}, the coverage {coverage.shape}")
    total, squares = aggregate.moments(maps)
    columns = {
        "mean": np.stack([aggregate.mean_saliency(*pair) for pair in zip(maps, coverage, strict=True)]),
        "peak": np.stack(
            [aggregate.peak_saliency(*pair, percentile) for pair in zip(maps, coverage, strict=True)]
        ),
        "map_sum": total,
        "map_sum_sq": squares,
        "gap": explained.gap,
    }
    return Aggregates(
        values=np.stack([columns[name] for name in COLUMNS], axis=-1),
        mask_area=coverage.sum(axis=(1, 2), dtype=np.float64),
        map_pixels=maps.shape[2] * maps.shape[3],
    )


def _double(tensor: Tensor) -> FloatArray:
    return tensor.detach().to(torch.float64).cpu().numpy()
