"""Training of a classifier."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from scipy.special import softmax
from torch import nn

from gsal.arrays import IntArray
from gsal.models.preprocessing import normalise
from gsal.progress import JobContext
from gsal.records import Preprocessing
from gsal.training.datasets import ClassifierData, Pictures, fingerprint
from gsal.training.feeding import Batch, Sample
from gsal.training.inference import predict_logits
from gsal.training.loop import VALIDATION_LOSS, StepLoss, fit
from gsal.training.recipe import Recipe
from gsal.training.result import TrainingResult
from gsal.training.sampling import epoch_order
from gsal.training.scores import (
    accuracy,
    calibration_error,
    class_aurocs,
    confusion_matrix,
    macro_auroc,
    reliability,
)
from gsal.training.transforms import Transform, augment_picture, build_transform

__all__ = ["judge", "train_classifier"]


def train_classifier(
    model: nn.Module, data: ClassifierData, recipe: Recipe, *, seed: int, checkpoint: Path, ctx: JobContext
) -> TrainingResult:
    """Train a classifier in place (SPEC 6).

    Series: "loss/training", "loss/validation" (cross-entropy, the former on augmented and balanced pictures),
    "accuracy/validation", "auroc/validation" (macro mean) and "auroc/CLASS" (one against the rest), the last
    two where they are defined.

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


def judge(model: nn.Module, data: ClassifierData, preprocessing: Preprocessing) -> dict[str, Any]:
    """Return how a trained classifier does on the validation pictures, JSON-ready.

    Returns:
        "n"; "confusion", counts by true class (rows) and named class; "reliability", of `ReliabilityBin`; and
        "calibration_error".
    """
    logits = predict_logits(model, data.validation_pictures, preprocessing)
    labels = data.validation_labels
    bins = reliability(softmax(logits, axis=1), labels)
    return {
        "n": len(labels),
        "confusion": confusion_matrix(logits, labels).tolist(),
        "reliability": [asdict(one) for one in bins],
        "calibration_error": calibration_error(bins),
    }


@dataclass(frozen=True, slots=True, eq=False)
class _Augmented:
    """Pictures (S, S, 3) uint8, each changed at random, with their labels."""

    pictures: Pictures
    labels: IntArray
    transform: Transform | None

    def sample(self, index: int, *, epoch: int) -> Sample:
        del epoch
        # A copy: pictures may be mapped from a file, which torch must not write to.
        picture = augment_picture(np.array(self.pictures[index]), self.transform)
        return torch.from_numpy(np.ascontiguousarray(picture)), torch.tensor(self.labels[index])


class _Classification:
    """Cross-entropy on augmented, normalised pictures."""

    def __init__(self, data: ClassifierData, recipe: Recipe) -> None:
        self.data, self.sampler = data, recipe.sampler
        self.preprocessing = Preprocessing(size=recipe.size)
        self.source = _Augmented(data.pictures, data.labels, build_transform(recipe.augment, recipe.size))
        self.pictures = len(data.labels)
        self.fingerprint = fingerprint(
            *data.pictures, data.labels, data.validation_pictures, data.validation_labels
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
        probabilities = softmax(logits, axis=1)
        areas = {"auroc/validation": macro_auroc(probabilities, labels)}
        each = class_aurocs(probabilities, labels)[: len(self.data.classes)]
        areas |= {f"auroc/{name}": float(area) for name, area in zip(self.data.classes, each, strict=True)}
        return metrics | {series: area for series, area in areas.items() if not np.isnan(area)}
