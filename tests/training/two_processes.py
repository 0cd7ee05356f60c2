"""Trains a small network and writes its weights: alone, or as one of those that torchrun starts."""

import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from typing_extensions import override

from gsal.distributed import joined
from gsal.models.checkpoints import save_weights
from gsal.models.registry import build_classifier
from gsal.progress import JobContext
from gsal.training.classifier import train_classifier
from gsal.training.datasets import ClassifierData
from gsal.training.recipe import Augment, Loss, Recipe, Schedule

SIZE, PICTURES, CLASSES = 32, 22, 3


class Frozen(nn.BatchNorm2d):
    """Batch normalisation by fixed statistics: else each process has those of its own part."""

    @override
    def train(self, mode: bool = True) -> "Frozen":
        return super().train(mode=False)


def frozen_norms(network: nn.Module) -> nn.Module:
    """Freeze the statistics of a network in place."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.__class__ = Frozen
    return network


def main(folder: Path) -> None:
    """Train for two epochs of batches of up to eight pictures."""
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 256, (PICTURES + 6, SIZE, SIZE, 3), np.uint8)
    labels = np.arange(PICTURES + 6, dtype=np.int64) % CLASSES
    data = ClassifierData(pictures[:PICTURES], labels[:PICTURES], pictures[PICTURES:], labels[PICTURES:])
    recipe = Recipe(
        loss=Loss.CROSS_ENTROPY,
        size=SIZE,
        epochs=2,
        batch_size=8,
        learning_rate=0.05,
        schedule=Schedule.PLATEAU,
        augment=Augment.FULL,
        clip_norm=5.0,
    )
    torch.set_num_threads(1)
    with joined() as ranks:
        network = frozen_norms(build_classifier("densenet-small", CLASSES, seed=0))
        result = train_classifier(
            network, data, recipe, seed=1, checkpoint=folder / "state.pt", ctx=JobContext()
        )
        if ranks.is_first:
            save_weights(folder / "weights.safetensors", network)
            (folder / "result.txt").write_text(f"{result.processes} {result.final['loss/training']!r}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
