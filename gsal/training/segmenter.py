"""Training of the ink segmenter."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from gsal.arrays import IntArray, Mask, RgbImage
from gsal.masks.agreement import dice
from gsal.masks.soften import soften
from gsal.models.preprocessing import to_tensor
from gsal.progress import JobContext
from gsal.records import Preprocessing
from gsal.training.datasets import SegmenterData, fingerprint, windows_order
from gsal.training.inference import segment_logits
from gsal.training.loop import VALIDATION_LOSS, StepLoss, TrainingResult, fit
from gsal.training.losses import segmentation_loss
from gsal.training.recipe import LEAST_INK_FREE, SegmenterRecipe
from gsal.training.transforms import augment_pairs, build_window_transform, windows_side
from gsal.training.windows import INK, UNKNOWN, Target, centred_window, random_window

__all__ = ["DrawInk", "train_segmenter"]

DrawInk: TypeAlias = Callable[[RgbImage, np.random.Generator], tuple[RgbImage, Mask]]
"""Draws ink on a picture and returns both; see `gsal.synthetic.paste.paste_ink`."""

Windows: TypeAlias = tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]


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


class _Segmentation:
    """Cross-entropy and Dice of all heads against softened masks."""

    def __init__(self, data: SegmenterData, recipe: SegmenterRecipe, draw_ink: DrawInk | None) -> None:
        self.data, self.recipe, self.draw_ink = data, recipe, draw_ink
        self.is_inked = np.array([bool((target == INK).any()) for target in data.targets])
        self.pictures = recipe.windows or len(data.targets)
        self.drawn_share = self._share_to_draw_on() if recipe.synthetic_ink and draw_ink else 0.0
        self.validation = _stack(
            centred_window(picture, target, side=recipe.window)
            for picture, target in zip(data.validation_pictures, data.validation_targets, strict=True)
        )
        self.fingerprint = fingerprint(
            *data.pictures, *data.targets, *data.validation_pictures, *data.validation_targets
        )

    def order(self, rng: np.random.Generator) -> IntArray:
        recipe = self.recipe
        return windows_order(self.is_inked, windows=recipe.windows, ink_share=recipe.ink_share, rng=rng)

    def loss(self, model: nn.Module, indices: IntArray, *, epoch: int) -> StepLoss:
        device = next(model.parameters()).device
        pictures, targets = self._windows(indices, self.recipe.window_in(epoch))
        soft, known = (one.to(device) for one in _soft_targets(targets))
        preprocessing = Preprocessing(size=pictures.shape[1])
        heads = model(to_tensor(pictures, preprocessing).to(device))
        losses = [segmentation_loss(logits, soft, self.recipe.loss, known=known) for logits in heads]
        return StepLoss(torch.stack(losses).sum(), losses[0].detach())

    def validate(self, model: nn.Module, *, check: Callable[[], None]) -> dict[str, float]:
        pictures, targets = self.validation
        logits = segment_logits(model, pictures, check=check)
        soft, known = _soft_targets(targets)
        loss = segmentation_loss(torch.from_numpy(logits)[:, None], soft, self.recipe.loss, known=known)
        found = (logits >= 0) & (targets != UNKNOWN)
        scores = [dice(ink, target == INK) for ink, target in zip(found, targets, strict=True)]
        defined = [score for score in scores if not np.isnan(score)]
        metrics = {VALIDATION_LOSS: loss.item()}
        return {**metrics, "dice/validation": float(np.mean(defined))} if defined else metrics

    def _windows(self, indices: IntArray, window: int) -> Windows:
        """Draw a window of each picture, by torch's current random state alone."""
        rng = np.random.default_rng(int(torch.randint(2**62, (1,))))
        side = windows_side(self.recipe.augment, window)
        zoom = (self.recipe.zoom_out, self.recipe.zoom_in)
        pairs = (self._picture(int(index), rng) for index in indices)
        drawn = _stack(random_window(*pair, side=side, zoom=zoom, rng=rng) for pair in pairs)
        return augment_pairs(*drawn, build_window_transform(self.recipe.augment, window))

    def _share_to_draw_on(self) -> float:
        """Return the share of the ink-free windows that get ink: a quarter of all stays as it is."""
        recipe = self.recipe
        inked = min(recipe.ink_share if recipe.windows else self.is_inked.mean(), 1 - LEAST_INK_FREE)
        return 1 - LEAST_INK_FREE / (1 - float(inked))

    def _picture(self, index: int, rng: np.random.Generator) -> tuple[RgbImage, Target]:
        """Return a picture, an ink-free one perhaps with synthetic ink on it."""
        picture, target = self.data.pictures[index], self.data.targets[index]
        if self.draw_ink is None or self.is_inked[index] or rng.random() >= self.drawn_share:
            return picture, target
        picture, ink = self.draw_ink(picture, rng)
        return picture, np.where(ink, np.uint8(INK), target)


def _stack(pairs: Iterable[tuple[RgbImage, Target]]) -> Windows:
    pictures, targets = zip(*pairs, strict=True)
    return np.stack(pictures), np.stack(targets)


def _soft_targets(targets: npt.NDArray[np.uint8]) -> tuple[Tensor, Tensor]:
    """Return soft targets and which pixels are known, (N, 1, S, S) float32 both."""
    soft = torch.from_numpy(np.stack([soften(target == INK) for target in targets]))
    return soft[:, None], torch.from_numpy((targets != UNKNOWN).astype(np.float32))[:, None]
