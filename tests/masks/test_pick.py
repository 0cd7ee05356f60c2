import numpy as np
import pytest

from gsal.masks import pick
from gsal.records import InkRule

EMPTY = np.zeros((224, 224), bool)


def bar(top: int, height: int = 4) -> np.ndarray:
    mask = EMPTY.copy()
    mask[top : top + height, 20:200] = True
    return mask


def three(hue: np.ndarray, lab: np.ndarray, dark: np.ndarray) -> dict[InkRule, np.ndarray]:
    return {InkRule.HUE: hue, InkRule.LAB: lab, InkRule.DARK: dark}


def test_the_rule_that_agrees_best_is_taken() -> None:
    proposals = three(bar(20), bar(21), bar(23))
    rule, mask = pick.automatic_pick(proposals)
    assert rule is InkRule.LAB
    np.testing.assert_array_equal(mask, bar(21))


def test_one_vote_is_not_enough() -> None:
    speck = EMPTY.copy()
    speck[:5, :20] = True  # 100 pixels: not more than 100
    rule, mask = pick.automatic_pick(three(bar(20), EMPTY, speck))
    assert rule is None
    assert not mask.any()
    assert mask.shape == EMPTY.shape


def test_two_votes_outvote_the_third() -> None:
    rule, _ = pick.automatic_pick(three(EMPTY, bar(20), bar(22)))
    assert rule is InkRule.LAB


def test_disagreement() -> None:
    assert pick.disagreement(three(EMPTY, EMPTY, EMPTY)) == 0
    assert pick.disagreement(three(bar(5), bar(5), bar(5))) == 0
    assert pick.disagreement(three(bar(5), bar(50), bar(90))) == 1
    assert pick.disagreement(three(bar(5), bar(5), EMPTY)) == pytest.approx(2 / 3)
    assert pick.disagreement(three(bar(5), bar(7), bar(5))) == pytest.approx(1 - (0.5 + 1 + 0.5) / 3)
    assert pick.disagreement({InkRule.HUE: bar(5)}) == 0
