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
from gsal.saliency.backends import passes
from gsal.saliency.cam import enlarge
from gsal.saliency.competitive import compete
from gsal.saliency.layers import find_layer
from gsal.saliency.occlusion import occlude
from gsal.saliency.options import Options
from gsal.saliency.windows import Windows

__all__ = ["Aggregates", "Explained", "aggregate_batch", "explain"]


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """The maps of a batch by one method.

    Attributes:
        maps: (N, C, H, W), signed, of the images' type.
        logits: (N, C) float64.
        gap: (N, C) float64, the completeness gap: sum g + b_c - z_c for Grad-CAM, sum g - z_c otherwise.
        preset: Of the competition, or the windows of occlusion; "" for Grad-CAM.
        layer: Of Grad-CAM; "" otherwise.
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
) -> dict[SaliencyMethod, Explained]:
    """Explain every class of every picture.

    Args:
        model: A classifier; it is left as it was.
        images: (N, channels, H, W), normalised, on the model's device.
        methods: What to compute; those of the paper share one forward pass.
        options: How; the defaults are the paper's.

    Raises:
        ModelError: The model or its layer cannot be explained, or not by one of these methods.
    """
    explained: dict[SaliencyMethod, Explained] = {}
    if SaliencyMethod.GRAD_CAM in methods or SaliencyMethod.COMPETITIVE in methods:
        explained |= _differentiate(model, images, methods, options)
    if SaliencyMethod.OCCLUSION in methods:
        windows = Windows.of(images.shape[-2], images.shape[-1])
        drops, z = occlude(model, images, windows=windows)
        maps, logits = drops.cpu().numpy(), _double(z)
        gap = aggregate.moments(maps)[0] - logits
        explained[SaliencyMethod.OCCLUSION] = Explained(maps, logits, gap, windows.preset, "")
    return explained


def _differentiate(
    model: nn.Module, images: Tensor, methods: Collection[SaliencyMethod], options: Options
) -> dict[SaliencyMethod, Explained]:
    wants_cam, wants_cgi = SaliencyMethod.GRAD_CAM in methods, SaliencyMethod.COMPETITIVE in methods
    watched = find_layer(model, options.layer) if wants_cam else None
    found = passes(model, images, layer=watched, input_gradients=wants_cgi, options=options)
    logits = _double(found.logits)
    explained: dict[SaliencyMethod, Explained] = {}
    if watched is not None and found.cam is not None:
        maps = enlarge(found.cam, images.shape[-2], images.shape[-1]).cpu().numpy()
        bias = 0.0 if watched.bias is None else _double(watched.bias)
        gap = aggregate.moments(maps)[0] + bias - logits
        explained[SaliencyMethod.GRAD_CAM] = Explained(maps, logits, gap, "", watched.name)
    if found.product is not None:
        maps = compete(found.product, found.slope, preset=options.competition).cpu().numpy()
        gap = aggregate.moments(maps)[0] - logits
        explained[SaliencyMethod.COMPETITIVE] = Explained(maps, logits, gap, options.competition.value, "")
    return explained


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
