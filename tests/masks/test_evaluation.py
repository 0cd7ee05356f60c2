import math

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from gsal.masks import agreement
from gsal.masks.evaluation import MaskPair, judged, score
from gsal.masks.proportions import wilson

EMPTY = np.zeros((448, 300), bool)


def bar(top: int, height: int = 10) -> np.ndarray:
    mask = EMPTY.copy()
    mask[top : top + height, 50:250] = True
    return mask


@pytest.mark.parametrize(("successes", "n"), [(0, 7), (7, 7), (3, 10), (1, 2), (950, 1000)])
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_wilson_is_that_of_statsmodels(successes: int, n: int, level: float) -> None:
    low, high = proportion_confint(successes, n, alpha=1 - level, method="wilson")
    share = wilson(successes, n, level=level)
    assert (share.estimate, share.n) == (successes / n, n)
    assert share.low == pytest.approx(low, abs=1e-12)
    assert share.high == pytest.approx(high, abs=1e-12)


def test_wilson_without_cases() -> None:
    assert math.isnan(wilson(0, 0).low)
    with pytest.raises(ValueError, match="expected 0 <="):
        wilson(3, 2)


def test_a_speck_is_ink_for_dice_but_not_inked() -> None:
    speck = EMPTY.copy()
    speck[:10, :30] = True  # 75 px at 224
    row = score(MaskPair("speck", speck, speck))
    assert (row.dice, row.is_inked, row.is_predicted_inked) == (1, False, False)
    assert row.truth_ink_px == pytest.approx(75)
    assert score(MaskPair("speck", speck, speck), min_ink_px=50).is_inked


def test_ink_counted_before_a_mask_was_made_smaller_decides() -> None:
    row = score(MaskPair("thin", bar(100), bar(100), predicted_ink_px=99.0, truth_ink_px=101.0))
    assert (row.dice, row.is_predicted_inked, row.is_inked) == (1, False, True)
    assert (row.predicted_ink_px, row.decision_px, row.truth_ink_px) == (99, 99, 101)


def test_distances_are_at_448_whatever_the_size() -> None:
    double = np.ones((2, 2), bool)
    small = score(MaskPair("a", bar(100), bar(106)))
    large = score(MaskPair("a", np.kron(bar(100), double), np.kron(bar(106), double)))
    assert small.hd95 == pytest.approx(6)
    assert large.hd95 == pytest.approx(6, rel=0.02)
    assert large.nsd == pytest.approx(small.nsd, abs=0.02)
    assert small.nsd == agreement.surface_dice(bar(100), bar(106), tolerance_px=2)


@pytest.mark.parametrize("truth", [bar(100), bar(0, 3), EMPTY])
def test_a_shared_outline_changes_no_figure(truth: np.ndarray) -> None:
    for predicted in (bar(90), bar(104, 30), bar(440, 8), EMPTY):
        alone = score(MaskPair("a", predicted, truth))
        shared = score(MaskPair("a", predicted, truth, outline=agreement.Outline(truth)))
        assert repr(shared) == repr(alone)


def test_a_judgement_has_a_decision_and_no_overlap() -> None:
    row = judged("a", predicted_ink_px=120, is_inked=False)
    assert (row.is_predicted_inked, row.is_inked, row.decision_px) == (True, False, 120)
    assert all(math.isnan(value) for value in (row.dice, row.nsd, row.hd95, row.truth_ink_px))
    assert not judged("a", predicted_ink_px=100, is_inked=True).is_predicted_inked


def test_sizes_must_match() -> None:
    with pytest.raises(ValueError, match="odd: masks of different size"):
        score(MaskPair("odd", EMPTY, EMPTY.T))
