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


def test_what_two_rules_find_part_of_is_taken_as_far_as_any_finds_it() -> None:
    np.testing.assert_array_equal(pick.automatic_pick(three(bar(20), bar(22), EMPTY)), bar(20, 6))


def test_what_one_rule_alone_finds_is_left_out() -> None:
    lonely = bar(22) | bar(90)
    np.testing.assert_array_equal(pick.automatic_pick(three(bar(20), lonely, EMPTY)), bar(20, 6))


def test_one_vote_is_not_enough() -> None:
    speck = EMPTY.copy()
    speck[:5, :20] = True  # 100 pixels: not more than 100
    proposals = three(bar(20), EMPTY, speck)
    assert not pick.is_inked_by_vote(proposals)
    mask = pick.automatic_pick(proposals)
    assert not mask.any()
    assert mask.shape == EMPTY.shape


def test_two_votes_outvote_the_third() -> None:
    proposals = three(EMPTY, bar(20), bar(22))
    assert pick.is_inked_by_vote(proposals)
    assert pick.automatic_pick(proposals).any()


def test_disagreement() -> None:
    assert pick.disagreement(three(EMPTY, EMPTY, EMPTY)) == 0
    assert pick.disagreement(three(bar(5), bar(5), bar(5))) == 0
    assert pick.disagreement(three(bar(5), bar(50), bar(90))) == 1
    assert pick.disagreement(three(bar(5), bar(5), EMPTY)) == pytest.approx(2 / 3)
    assert pick.disagreement(three(bar(5), bar(7), bar(5))) == pytest.approx(1 - (0.5 + 1 + 0.5) / 3)
    assert pick.disagreement({InkRule.HUE: bar(5)}) == 0
