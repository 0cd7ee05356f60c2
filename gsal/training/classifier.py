"""Training of a classifier."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from scipy.special import softmax
from torch import nn

from gsal.arrays import IntArray
from gsal.models.preprocessing import normalise
from gsal.progress import JobContext
from gsal.records import Preprocessing
from gsal.training.datasets import ClassifierData, fingerprint
from gsal.training.feeding import Batch, Sample
from gsal.training.inference import predict_logits
from gsal.training.loop import VALIDATION_LOSS, StepLoss, TrainingResult, fit
from gsal.training.recipe import Recipe
from gsal.training.sampling import epoch_order
from gsal.training.scores import accuracy, macro_auroc
from gsal.training.transforms import Transform, augment_picture, build_transform

__all__ = ["train_classifier"]


def train_classifier(
    model: nn.Module, data: ClassifierData, recipe: Recipe, *, seed: int, checkpoint: Path, ctx: JobContext
) -> TrainingResult:
    """Train a classifier in place (SPEC 6).

    Series: "loss/training", "loss/validation" (cross-entropy, the former on augmented and balanced pictures),
    "accuracy/validation", "auroc/validation" (macro mean, left out where it is undefined).

    Args:
        model: From (N, 3, S, S) normalised by ImageNet's mean and std to (N, classes).
        data: Pictures of S = recipe.size.
        recipe: How to train.
        seed: Of order, augmentation and dropout.
        checkpoint: File (.pt) that holds the state; an existing one is gone on from.
        ctx: Where to report.

    Raises:
        JobCancelled: The user asked to stop; the checkpoint holds the state.
        ModelError: The loss is not finite, or the checkpoint is damaged or of another training.
    """
    return fit(model, _Classification(data, recipe), recipe, seed=seed, checkpoint=checkpoint, ctx=ctx)


@dataclass(frozen=True, slots=True, eq=False)
class _Augmented:
    """Pictures (S, S, 3) uint8, each changed at random, with their labels."""

    pictures: npt.NDArray[np.uint8]
    labels: IntArray
    transform: Transform | None

    def sample(self, index: int, *, epoch: int) -> Sample:
        del epoch
        picture = augment_picture(self.pictures[index], self.transform)
        return torch.from_numpy(np.ascontiguousarray(picture)), torch.tensor(self.labels[index])


class _Classification:
    """Cross-entropy on augmented, normalised pictures."""

    def __init__(self, data: ClassifierData, recipe: Recipe) -> None:
        self.data, self.sampler = data, recipe.sampler
        self.preprocessing = Preprocessing(size=recipe.size)
        self.source = _Augmented(data.pictures, data.labels, build_transform(recipe.augment, recipe.size))
        self.pictures = len(data.labels)
        self.fingerprint = fingerprint(
            data.pictures, data.labels, data.validation_pictures, data.validation_labels
        )

    def order(self, rng: np.random.Generator) -> IntArray:
        return epoch_order(self.data.labels, self.sampler, is_inked=self.data.is_inked, rng=rng)

    def loss(self, model: nn.Module, batch: Batch) -> StepLoss:
        device = next(model.parameters()).device
        pictures, labels = (one.to(device) for one in batch)
        logits = model(normalise(pictures.permute(0, 3, 1, 2), self.preprocessing))
        loss = F.cross_entropy(logits.float(), labels)
        return StepLoss(loss, loss.detach())

    def validate(self, model: nn.Module, *, check: Callable[[], None]) -> dict[str, float]:
        labels = self.data.validation_labels
        logits = predict_logits(model, self.data.validation_pictures, self.preprocessing, check=check)
        loss = F.cross_entropy(torch.from_numpy(logits), torch.from_numpy(labels)).item()
        metrics = {VALIDATION_LOSS: loss, "accuracy/validation": accuracy(logits, labels)}
        area = macro_auroc(softmax(logits, axis=1), labels)
        return metrics if np.isnan(area) else {**metrics, "auroc/validation": area}
