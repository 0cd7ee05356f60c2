"""Optimisers and learning rates as recipes ask for them."""

from typing import Any, TypeAlias

from torch import nn
from torch.optim import SGD, AdamW, Optimizer
from torch.optim.lr_scheduler import OneCycleLR, ReduceLROnPlateau

from gsal.training.recipe import Optimiser, Recipe, Schedule

__all__ = ["LearningRate", "build_learning_rate", "build_optimiser"]

LearningRate: TypeAlias = OneCycleLR | ReduceLROnPlateau
"""The former moves at each step, the latter at the end of each epoch."""


def build_optimiser(model: nn.Module, recipe: Recipe) -> Optimizer:
    """Return the optimiser of all parameters; AdamW spares norms and biases from decay."""
    if recipe.optimiser is Optimiser.SGD:
        return SGD(
            model.parameters(),
            recipe.learning_rate,
            momentum=recipe.momentum,
            weight_decay=recipe.weight_decay,
        )
    parameters = list(model.parameters())
    groups: list[dict[str, Any]] = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": recipe.weight_decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return AdamW(groups, recipe.learning_rate)


def build_learning_rate(optimiser: Optimizer, recipe: Recipe, *, steps: int) -> LearningRate:
    """Return what moves the learning rate over so many steps."""
    if recipe.schedule is Schedule.ONE_CYCLE:
        return OneCycleLR(
            optimiser,
            recipe.learning_rate,
            total_steps=steps,
            pct_start=recipe.warm_up,
            cycle_momentum=False,
        )
    return ReduceLROnPlateau(optimiser, factor=recipe.decay, patience=recipe.patience)
