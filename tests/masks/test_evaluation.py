import json
import math

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from gsal.masks import agreement
from gsal.masks.evaluation import MaskPair, evaluate, score, summarise
from gsal.masks.proportions import wilson

EMPTY = np.zeros((448, 300), bool)


def bar(top: int, height: int = 10) -> np.ndarray:
    mask = EMPTY.copy()
    mask[top : top + height, 50:250] = True
    return mask


PAIRS = [
    MaskPair("good", bar(100), bar(102)),
    MaskPair("missed", EMPTY, bar(100)),
    MaskPair("false alarm", bar(300), EMPTY),
    MaskPair("free", EMPTY, EMPTY),
    MaskPair("exact", bar(40), bar(40)),
]


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


def test_means_leave_out_and_count_the_undefined() -> None:
    result = evaluate(iter(PAIRS))
    assert [picture.image for picture in result.pictures] == [
        "good",
        "missed",
        "false alarm",
        "free",
        "exact",
    ]
    assert (result.dice.n, result.dice.undefined) == (4, 1)
    assert result.dice.mean == pytest.approx((0.8 + 0 + 0 + 1) / 4)
    assert result.nsd.n == 4
    assert result.nsd.mean == pytest.approx((1 + 0 + 0 + 1) / 4)
    assert (result.hd95.n, result.hd95.undefined) == (2, 3)
    assert result.hd95.mean == pytest.approx((2 + 0) / 2)
    assert (result.precision.n, result.recall.n) == (3, 3)
    assert (result.both_empty, result.one_empty) == (1, 2)
    assert result.sensitivity.n == 3
    assert result.sensitivity.estimate == pytest.approx(2 / 3)
    assert (result.specificity.estimate, result.specificity.n) == (0.5, 2)
    assert (result.same_decision.estimate, result.same_decision.n) == (0.6, 5)


def test_a_speck_is_ink_for_dice_but_not_inked() -> None:
    speck = EMPTY.copy()
    speck[:10, :30] = True  # 75 px at 224
    row = score(MaskPair("speck", speck, speck))
    assert (row.dice, row.is_inked, row.is_predicted_inked) == (1, False, False)
    assert row.truth_ink_px == pytest.approx(75)
    assert score(MaskPair("speck", speck, speck), min_ink_px=50).is_inked


def test_distances_are_at_448_whatever_the_size() -> None:
    double = np.ones((2, 2), bool)
    small = score(MaskPair("a", bar(100), bar(106)))
    large = score(MaskPair("a", np.kron(bar(100), double), np.kron(bar(106), double)))
    assert small.hd95 == pytest.approx(6)
    assert large.hd95 == pytest.approx(6, rel=0.02)
    assert large.nsd == pytest.approx(small.nsd, abs=0.02)
    assert small.nsd == agreement.surface_dice(bar(100), bar(106), tolerance_px=2)


def test_nothing_to_evaluate() -> None:
    result = summarise([])
    assert math.isnan(result.dice.mean)
    assert result.sensitivity.n == 0


def test_json_is_valid_and_has_no_nan() -> None:
    content = evaluate(PAIRS).to_json(per_picture=True)
    again = json.loads(json.dumps(content, allow_nan=False))
    assert again["pictures"][3]["dice"] is None
    assert again["dice"] == {"mean": pytest.approx(0.45), "n": 4, "undefined": 1}
    assert again["sensitivity"]["method"] == "Wilson 95 %"
    assert "pictures" not in evaluate(PAIRS).to_json()


def test_sizes_must_match() -> None:
    with pytest.raises(ValueError, match="odd: masks of different size"):
        evaluate([MaskPair("odd", EMPTY, EMPTY.T)])
