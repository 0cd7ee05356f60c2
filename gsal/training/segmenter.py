"""Training of the ink segmenter."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from gsal.arrays import IntArray
from gsal.masks.agreement import dice
from gsal.masks.soften import soften
from gsal.models.preprocessing import to_tensor
from gsal.progress import JobContext
from gsal.records import Preprocessing
from gsal.training.datasets import SegmenterData, fingerprint
from gsal.training.inference import segment_logits
from gsal.training.loop import VALIDATION_LOSS, StepLoss, TrainingResult, fit
from gsal.training.losses import segmentation_loss
from gsal.training.recipe import Recipe
from gsal.training.transforms import augment_pairs, build_transform

__all__ = ["train_segmenter"]


def train_segmenter(
    model: nn.Module, data: SegmenterData, recipe: Recipe, *, seed: int, checkpoint: Path, ctx: JobContext
) -> TrainingResult:
    """Train an ink segmenter in place (SPEC 3) on softened masks.

    Series: "loss/training", "loss/validation" (of the main head; the auxiliary ones weigh 1 each),
    "dice/validation" (mean Dice at probability .5 over the pictures where mask or prediction have ink).

    Args:
        model: In training mode from (N, 3, S, S) to a tuple of logits (N, 1, S, S), main head first.
        data: Pictures of S = recipe.size.
        recipe: How to train.
        seed: Of order and augmentation.
        checkpoint: File (.pt) that holds the state; an existing one is gone on from.
        ctx: Where to report.

    Raises:
        JobCancelled: The user asked to stop; the checkpoint holds the state.
        ModelError: The loss is not finite, or the checkpoint is damaged or of another training.
    """
    return fit(model, _Segmentation(data, recipe), recipe, seed=seed, checkpoint=checkpoint, ctx=ctx)


class _Segmentation:
    """Cross-entropy and Dice of all heads against softened masks."""

    def __init__(self, data: SegmenterData, recipe: Recipe) -> None:
        self.data, self.loss_kind = data, recipe.loss
        self.preprocessing = Preprocessing(size=recipe.size)
        self.transform = build_transform(recipe.augment, recipe.size)
        self.pictures = len(data.masks)
        self.fingerprint = fingerprint(
            data.pictures, data.masks, data.validation_pictures, data.validation_masks
        )

    def order(self, rng: np.random.Generator) -> IntArray:
        return rng.permutation(self.pictures)

    def loss(self, model: nn.Module, indices: IntArray) -> StepLoss:
        device = next(model.parameters()).device
        pictures, masks = augment_pairs(self.data.pictures[indices], self.data.masks[indices], self.transform)
        targets = _soft_targets(masks).to(device)
        heads = model(to_tensor(pictures, self.preprocessing).to(device))
        losses = [segmentation_loss(logits, targets, self.loss_kind) for logits in heads]
        return StepLoss(torch.stack(losses).sum(), losses[0].detach())

    def validate(self, model: nn.Module, *, check: Callable[[], None]) -> dict[str, float]:
        masks = self.data.validation_masks
        logits = segment_logits(model, self.data.validation_pictures, check=check)
        loss = segmentation_loss(torch.from_numpy(logits)[:, None], _soft_targets(masks), self.loss_kind)
        scores = [dice(ink, mask) for ink, mask in zip(logits >= 0, masks, strict=True)]
        defined = [score for score in scores if not np.isnan(score)]
        metrics = {VALIDATION_LOSS: loss.item()}
        return {**metrics, "dice/validation": float(np.mean(defined))} if defined else metrics


def _soft_targets(masks: npt.NDArray[np.bool_]) -> Tensor:
    return torch.from_numpy(np.stack([soften(mask) for mask in masks]))[:, None]
