"""Training of the ink segmenter."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor, nn

from gsal.arrays import IntArray, Mask, RgbImage
from gsal.masks.agreement import dice
from gsal.masks.soften import soften
from gsal.models.preprocessing import normalise
from gsal.progress import JobContext
from gsal.records import Preprocessing
from gsal.training.datasets import SegmenterData, fingerprint
from gsal.training.feeding import Batch, Sample
from gsal.training.inference import segment_logits
from gsal.training.loop import VALIDATION_LOSS, StepLoss, fit
from gsal.training.losses import segmentation_loss
from gsal.training.recipe import LEAST_INK_FREE, SegmenterRecipe
from gsal.training.result import TrainingResult
from gsal.training.sampling import windows_order
from gsal.training.transforms import augment_pair, build_window_transform, windows_side
from gsal.training.windows import INK, UNKNOWN, Target, centred_window, random_window

__all__ = ["DrawInk", "train_segmenter"]

DrawInk: TypeAlias = Callable[[RgbImage, np.random.Generator], tuple[RgbImage, Mask]]
"""Draws ink on a picture and returns both; see `gsal.synthetic.paste.paste_ink`."""


def train_segmenter(
    model: nn.Module,
    data: SegmenterData,
    recipe: SegmenterRecipe,
    *,
    seed: int,
    checkpoint: Path,
    ctx: JobContext,
    draw_ink: DrawInk | None = None,
) -> TrainingResult:
    """Train an ink segmenter in place (SPEC 3) on softened masks; unknown pixels count for nothing.

    Series: "loss/training", "loss/validation" (of the main head; the auxiliary ones weigh 1 each),
    "dice/validation" (mean Dice at probability .5 over the windows where mask or prediction have ink), the
    last two on one window of each validation picture, around its ink.

    Args:
        model: In training mode from (N, 3, S, S) to a tuple of logits (N, 1, S, S), main head first.
        data: Pictures whose long side is recipe.size.
        recipe: How to train.
        seed: Of order, windows, augmentation and synthetic ink.
        checkpoint: File (.pt) that holds the state; an existing one is gone on from.
        ctx: Where to report.
        draw_ink: Draws the synthetic ink, where the recipe asks for it; None for none.

    Raises:
        JobCancelled: The user asked to stop; the checkpoint holds the state.
        ModelError: The loss is not finite, or the checkpoint is damaged or of another training.
    """
    task = _Segmentation(data, recipe, draw_ink)
    return fit(model, task, recipe, seed=seed, checkpoint=checkpoint, ctx=ctx)


class _Windows:
    """Windows of pictures, some with synthetic ink, with soft targets and which pixels are known."""

    def __init__(self, data: SegmenterData, recipe: SegmenterRecipe, draw_ink: DrawInk | None) -> None:
        self.pictures, self.targets, self.recipe, self.draw_ink = (
            data.pictures,
            data.targets,
            recipe,
            draw_ink,
        )
        self.is_inked = np.array([bool((target == INK).any()) for target in data.targets])
        self.drawn_share = self._share_to_draw_on() if recipe.synthetic_ink and draw_ink else 0.0

    def sample(self, index: int, *, epoch: int) -> Sample:
        rng = np.random.default_rng(int(torch.randint(2**62, (1,))))
        window, augment = self.recipe.window_in(epoch), self.recipe.augment
        zoom = (self.recipe.zoom_out, self.recipe.zoom_in)
        side = windows_side(augment, window)
        drawn = random_window(*self._picture(index, rng), side=side, zoom=zoom, rng=rng)
        picture, target = augment_pair(*drawn, build_window_transform(augment, window))
        return torch.from_numpy(np.ascontiguousarray(picture)), *_soft_target(target)

    def _share_to_draw_on(self) -> float:
        """Return the share of the ink-free windows that get ink: a quarter of all stays as it is."""
        recipe = self.recipe
        inked = min(recipe.ink_share if recipe.windows else self.is_inked.mean(), 1 - LEAST_INK_FREE)
        return 1 - LEAST_INK_FREE / (1 - float(inked))

    def _picture(self, index: int, rng: np.random.Generator) -> tuple[RgbImage, Target]:
        """Return a picture, an ink-free one perhaps with synthetic ink on it."""
        picture, target = self.pictures[index], self.targets[index]
        if self.draw_ink is None or self.is_inked[index] or rng.random() >= self.drawn_share:
            return picture, target
        picture, ink = self.draw_ink(picture, rng)
        return picture, np.where(ink, np.uint8(INK), target)


class _Segmentation:
    """Cross-entropy and Dice of all heads against softened masks."""

    def __init__(self, data: SegmenterData, recipe: SegmenterRecipe, draw_ink: DrawInk | None) -> None:
        self.source, self.recipe = _Windows(data, recipe, draw_ink), recipe
        self.pictures = recipe.windows or len(data.targets)
        centred = (
            centred_window(picture, target, side=recipe.window)
            for picture, target in zip(data.validation_pictures, data.validation_targets, strict=True)
        )
        pictures, targets = zip(*centred, strict=True)
        self.validation = np.stack(pictures), np.stack(targets)
        self.fingerprint = fingerprint(
            *data.pictures, *data.targets, *data.validation_pictures, *data.validation_targets
        )

    def order(self, rng: np.random.Generator) -> IntArray:
        is_inked, recipe = self.source.is_inked, self.recipe
        return windows_order(is_inked, windows=recipe.windows, ink_share=recipe.ink_share, rng=rng)

    def loss(self, model: nn.Module, batch: Batch) -> StepLoss:
        device = next(model.parameters()).device
        pictures, soft, known = (one.to(device) for one in batch)
        preprocessing = Preprocessing(size=pictures.shape[1])
        heads = model(normalise(pictures.permute(0, 3, 1, 2), preprocessing))
        losses = [segmentation_loss(logits, soft, self.recipe.loss, known=known) for logits in heads]
        return StepLoss(torch.stack(losses).sum(), losses[0].detach())

    def validate(self, model: nn.Module, *, check: Callable[[], None]) -> dict[str, float]:
        pictures, targets = self.validation
        logits = segment_logits(model, pictures, check=check)
        soft, known = (torch.stack(one) for one in zip(*map(_soft_target, targets), strict=True))
        loss = segmentation_loss(torch.from_numpy(logits)[:, None], soft, self.recipe.loss, known=known)
        found = (logits >= 0) & (targets != UNKNOWN)
        scores = [dice(ink, target == INK) for ink, target in zip(found, targets, strict=True)]
        defined = [score for score in scores if not np.isnan(score)]
        metrics = {VALIDATION_LOSS: loss.item()}
        return {**metrics, "dice/validation": float(np.mean(defined))} if defined else metrics


def _soft_target(target: Target) -> tuple[Tensor, Tensor]:
    """Return the soft target and which pixels are known, (1, S, S) float32 both."""
    soft = torch.from_numpy(soften(target == INK))
    return soft[None], torch.from_numpy((target != UNKNOWN).astype(np.float32))[None]
