"""Recipes by name, for jobs that were told one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from gsal.errors import ModelError

if TYPE_CHECKING:
    from gsal.training.recipe import Recipe, SegmenterRecipe

__all__ = ["RECIPE_NAMES", "classifier_architecture", "classifier_recipe", "segmenter_recipe"]

RECIPE_NAMES = ("short", "paper", "demo")

_ARCHITECTURES = {"demo": "densenet-small"}
"""Where a recipe is meant for another network than the paper's DenseNet-121."""


R = TypeVar("R", bound="Recipe")


def classifier_recipe(name: str, *, epochs: int = 0, sampler: str = "") -> "Recipe":
    """Return a classifier recipe, with what is asked for instead of its own.

    Args:
        name: Of CLASSIFIER_RECIPES.
        epochs: 0 for the recipe's.
        sampler: Of `gsal.training.recipe.Sampler`; "" for the recipe's.

    Raises:
        ModelError: There is no such recipe or sampler.
    """
    from gsal.training.recipe import CLASSIFIER_RECIPES, Sampler

    recipe = _find(CLASSIFIER_RECIPES, name, epochs)
    if sampler and sampler not in set(Sampler):
        raise ModelError(f"There is no sampler {sampler}; the samplers are {', '.join(Sampler)}.")
    return replace(recipe, sampler=Sampler(sampler)) if sampler else recipe


def segmenter_recipe(
    name: str, *, epochs: int = 0, loss: str = "", synthetic_ink: bool | None = None
) -> "SegmenterRecipe":
    """Return a segmenter recipe, with what is asked for instead of its own.

    Args:
        name: Of SEGMENTER_RECIPES.
        epochs: 0 for the recipe's.
        loss: "bce" or "bce+dice"; "" for the recipe's.
        synthetic_ink: Whether ink is drawn on pictures without any; None for the recipe's choice.

    Raises:
        ModelError: There is no such recipe, or no such loss for masks.
    """
    from gsal.training.recipe import SEGMENTER_RECIPES, Loss

    recipe = _find(SEGMENTER_RECIPES, name, epochs)
    if epochs:
        early = round(recipe.early_epochs * epochs / SEGMENTER_RECIPES[name].epochs)
        recipe = replace(recipe, early_epochs=early)
    if loss:
        if loss not in (losses := (Loss.BCE_DICE, Loss.BCE)):
            raise ModelError(f"There is no loss {loss} for masks; the losses are {', '.join(losses)}.")
        recipe = replace(recipe, loss=Loss(loss))
    return recipe if synthetic_ink is None else replace(recipe, synthetic_ink=synthetic_ink)


def classifier_architecture(recipe: str) -> str:
    """Return the network that a classifier recipe is meant for."""
    return _ARCHITECTURES.get(recipe, "densenet121")


def _find(recipes: "Mapping[str, R]", name: str, epochs: int) -> R:
    if name not in recipes:
        raise ModelError(f"There is no recipe {name}; the recipes are {', '.join(recipes)}.")
    return replace(recipes[name], epochs=epochs) if epochs else recipes[name]
