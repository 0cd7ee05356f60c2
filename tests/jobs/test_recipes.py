"""Recipes as jobs ask for them."""

import pytest

from gsal.errors import ModelError
from gsal.jobs.recipes import RECIPE_NAMES, classifier_recipe, segmenter_recipe
from gsal.training.recipe import CLASSIFIER_RECIPES, SEGMENTER_RECIPES, Loss


@pytest.mark.parametrize("name", RECIPE_NAMES)
def test_as_it_is(name: str) -> None:
    assert segmenter_recipe(name) == SEGMENTER_RECIPES[name]
    assert classifier_recipe(name) == CLASSIFIER_RECIPES[name]


def test_what_is_asked_for_goes_before_the_recipes() -> None:
    recipe = segmenter_recipe("short", epochs=7, loss="bce", synthetic_ink=False)
    assert (recipe.epochs, recipe.loss, recipe.synthetic_ink) == (7, Loss.BCE, False)
    assert segmenter_recipe("paper", synthetic_ink=True).synthetic_ink


def test_small_windows_keep_their_share_of_the_epochs() -> None:
    whole = SEGMENTER_RECIPES["short"]
    half = segmenter_recipe("short", epochs=whole.epochs // 2)
    assert half.early_epochs == pytest.approx(whole.early_epochs / 2, abs=0.5)
    assert half.window_in(half.epochs - 1) == whole.window
    assert half.window_in(0) == whole.early_window


def test_unknown_names_are_told_what_there_is() -> None:
    with pytest.raises(ModelError, match="the recipes are paper, short, demo"):
        segmenter_recipe("long")
    with pytest.raises(ModelError, match=r"the losses are bce\+dice, bce"):
        segmenter_recipe("short", loss="cross-entropy")
