"""Maps of a network that forgets layer after layer, beside those it had."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import torch
from torch import Tensor, nn

from gsal.arrays import FloatArray
from gsal.records import SaliencyMethod
from gsal.saliency.engine import Explained, explain
from gsal.saliency.options import Options
from gsal.saliency.randomisation import cascade
from gsal.saliency.sanity import AS_TRAINED
from gsal.saliency.similarity import rank_correlation, scaled, structural_similarity

__all__ = ["Compared", "compare"]


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A few pictures at one stage.

    Attributes:
        stage: What was randomised last; `gsal.saliency.sanity.AS_TRAINED` for nothing.
        similarity: By method, (n, 3) float64: the rank correlation of the signed maps with those of the
            network as trained, that of their absolute values, and the structural similarity of the signed
            maps, each scaled to its largest absolute value. NaN where a map is constant.
        settings: By method, the preset and the layer of its maps.
    """

    stage: str
    similarity: Mapping[SaliencyMethod, FloatArray]
    settings: Mapping[SaliencyMethod, tuple[str, str]]


def compare(
    model: nn.Module,
    images: Tensor,
    methods: Sequence[SaliencyMethod],
    *,
    options: Options,
    seed: int,
    batch: int = 4,
    skip: int = 0,
) -> Iterator[Compared]:
    """Yield how alike maps are to those of the network as trained, stage by stage, a few pictures at a time.

    The class explained is the one that the network as trained predicts. The random control draws anew at each
    stage: it changes though it knows nothing of the network.

    Args:
        model: A classifier; it is left as it was.
        images: (N, channels, H, W), normalised, on the model's device.
        methods: Which to compare.
        options: Of the methods.
        seed: Of the network's new parameters.
        batch: Pictures at a time.
        skip: How many that would come first are known already: they are neither compared nor yielded.

    Raises:
        ModelError: The model hides its layers, or cannot be explained by one of the methods.
    """
    parts = torch.split(images, batch)

    @cache
    def trained(place: int) -> _Maps:
        return _Maps.of(explain(model, parts[place], methods, options))

    for place in range(skip, len(parts)):
        yield trained(place).compared(trained(place), AS_TRAINED)
    for number, (stage, network) in enumerate(cascade(model, images[:1], seed=seed), start=1):
        for place in range(max(0, skip - number * len(parts)), len(parts)):
            before = trained(place)
            found = _explain(network, parts[place], methods, options, number)
            yield before.compared(_Maps.of(found, before.classes), stage)


@dataclass(frozen=True, slots=True, eq=False)
class _Maps:
    """The maps of one class each, (n, H, W) by method, and those classes, (n,)."""

    maps: dict[SaliencyMethod, FloatArray]
    classes: np.ndarray
    settings: dict[SaliencyMethod, tuple[str, str]]

    @classmethod
    def of(cls, found: Mapping[SaliencyMethod, Explained], classes: np.ndarray | None = None) -> "_Maps":
        if classes is None:
            classes = next(iter(found.values())).logits.argmax(axis=1)
        rows = np.arange(len(classes))
        maps = {method: np.array(one.maps[rows, classes]) for method, one in found.items()}
        return cls(maps, classes, {method: (one.preset, one.layer) for method, one in found.items()})

    def compared(self, other: "_Maps", stage: str) -> Compared:
        similarity = {method: _similarity(maps, other.maps[method]) for method, maps in self.maps.items()}
        return Compared(stage, similarity, self.settings)


def _explain(
    model: nn.Module, images: Tensor, methods: Sequence[SaliencyMethod], options: Options, number: int
) -> dict[SaliencyMethod, Explained]:
    others = [method for method in methods if method is not SaliencyMethod.RANDOM]
    found = explain(model, images, others, options) if others else {}
    if SaliencyMethod.RANDOM in methods:
        anew = replace(options, seed=options.seed + number)
        found |= explain(model, images, [SaliencyMethod.RANDOM], anew)
    return found


def _similarity(one: FloatArray, other: FloatArray) -> FloatArray:
    return np.stack(
        [
            rank_correlation(one, other),
            rank_correlation(np.abs(one), np.abs(other)),
            structural_similarity(scaled(one), scaled(other), value_range=2),
        ],
        axis=1,
    )
