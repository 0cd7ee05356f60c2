"""Recipes by name, for jobs that were told one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from gsal.errors import ModelError

if TYPE_CHECKING:
    from gsal.training.recipe import Recipe

__all__ = ["RECIPE_NAMES", "classifier_architecture", "classifier_recipe", "segmenter_recipe"]

RECIPE_NAMES = ("short", "paper", "demo")

_ARCHITECTURES = {"demo": "densenet-small"}
"""Where a recipe is meant for another network than the paper's DenseNet-121."""


def classifier_recipe(name: str, *, epochs: int = 0) -> "Recipe":
    """Return a classifier recipe, with another number of epochs if one is given.

    Raises:
        ModelError: There is none of that name.
    """
    from gsal.training.recipe import CLASSIFIER_RECIPES

    return _find(CLASSIFIER_RECIPES, name, epochs)


def segmenter_recipe(name: str, *, epochs: int = 0) -> "Recipe":
    """Return a segmenter recipe, with another number of epochs if one is given.

    Raises:
        ModelError: There is none of that name.
    """
    from gsal.training.recipe import SEGMENTER_RECIPES

    return _find(SEGMENTER_RECIPES, name, epochs)


def classifier_architecture(recipe: str) -> str:
    """Return the network that a classifier recipe is meant for."""
    return _ARCHITECTURES.get(recipe, "densenet121")


def _find(recipes: "Mapping[str, Recipe]", name: str, epochs: int) -> "Recipe":
    if name not in recipes:
        raise ModelError(f"There is no recipe {name}; the recipes are {', '.join(recipes)}.")
    return replace(recipes[name], epochs=epochs) if epochs else recipes[name]
