"""The segmenter's loss: cross-entropy and a Dice that keeps its minimum on soft targets."""

import torch
import torch.nn.functional as F
from torch import Tensor

from gsal.training.recipe import Loss

__all__ = ["segmentation_loss", "soft_dice_loss"]

_ONE_PIXEL = 1.0


def soft_dice_loss(probabilities: Tensor, targets: Tensor) -> Tensor:
    """Return sum |x - y| / (sum x + sum y + 1) over all pixels of the batch.

    The Dice semimetric loss of Wang et al. ("Dice Semimetric Losses: Optimizing the Dice Score with Soft
    Labels", MICCAI 2023): 1 - (|x| + |y| - |x - y|) / (|x| + |y|) in L1 norms. On targets of 0 and 1 it is
    the usual soft Dice loss 1 - 2 <x, y> / (|x| + |y|). For a target of .7 that one is least at x = 1, this
    one at x = .7. The 1 (our addition: one pixel) gives a batch without ink a gradient toward no ink.

    Args:
        probabilities: Any shape, in [0, 1].
        targets: Same shape, in [0, 1].

    >>> target = torch.tensor([0.0, 0.3, 0.7, 1.0])
    >>> float(soft_dice_loss(target, target))
    0.0
    """
    return (probabilities - targets).abs().sum() / (probabilities.sum() + targets.sum() + _ONE_PIXEL)


def segmentation_loss(logits: Tensor, targets: Tensor, kind: Loss, *, known: Tensor | None = None) -> Tensor:
    """Return the mean binary cross-entropy on soft targets, plus `soft_dice_loss` where the recipe says so.

    Args:
        logits: (N, 1, H, W) of any floating type; the loss is computed in float32 at least.
        targets: (N, 1, H, W) in [0, 1].
        kind: Loss.BCE or Loss.BCE_DICE.
        known: (N, 1, H, W) of 0 and 1: pixels of 0 count for nothing; by default all count.
    """
    logits = logits.to(torch.promote_types(logits.dtype, torch.float32))
    probabilities = logits.sigmoid()
    if known is None:
        cross_entropy = F.binary_cross_entropy_with_logits(logits, targets)
    else:
        each = F.binary_cross_entropy_with_logits(logits, targets, weight=known, reduction="sum")
        cross_entropy = each / known.sum().clamp(min=1)
        probabilities, targets = probabilities * known, targets * known
    if kind is Loss.BCE:
        return cross_entropy
    return cross_entropy + soft_dice_loss(probabilities, targets)
