import json

from gsal.training.recipe import CLASSIFIER_RECIPES, SEGMENTER_RECIPES, Augment, Loss, Sampler, Schedule


def test_both_networks_have_the_presets_of_the_program() -> None:
    assert list(CLASSIFIER_RECIPES) == list(SEGMENTER_RECIPES) == ["paper", "short", "demo"]


def test_the_papers_recipes_are_the_papers() -> None:
    classifier, segmenter = CLASSIFIER_RECIPES["paper"], SEGMENTER_RECIPES["paper"]
    assert (classifier.epochs, classifier.learning_rate, classifier.decay, classifier.patience) == (
        50,
        0.02,
        0.2,
        14,
    )
    assert (segmenter.epochs, segmenter.learning_rate, segmenter.decay, segmenter.patience) == (
        100,
        0.1,
        0.2,
        11,
    )
    for recipe in (classifier, segmenter):
        assert (recipe.schedule, recipe.augment, recipe.momentum) == (Schedule.PLATEAU, Augment.FULL, 0.9)
    assert classifier.sampler is Sampler.BALANCED
    assert segmenter.sampler is Sampler.NATURAL


def test_short_recipes_use_one_cycle() -> None:
    recipes = [
        recipes[name] for recipes in (CLASSIFIER_RECIPES, SEGMENTER_RECIPES) for name in ("short", "demo")
    ]
    assert {recipe.schedule for recipe in recipes} == {Schedule.ONE_CYCLE}


def test_settings_are_plain_data() -> None:
    settings = json.loads(json.dumps(SEGMENTER_RECIPES["demo"].to_json()))
    assert settings["loss"] == Loss.BCE_DICE.value == "bce+dice"
    assert settings["size"] == 192
