"""Differences of two sets of masks of the same pictures."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gsal.masks.evaluation import PictureScore
from gsal.masks.figures import resample
from gsal.masks.paired import COMPARED, compare
from tests.masks.made_scores import made_score

scores = st.lists(
    st.tuples(
        st.one_of(st.just(math.nan), st.floats(0, 1)),
        st.one_of(st.just(math.nan), st.floats(0, 1)),
        st.sampled_from([0.0, 120.0, 300.0]),
        st.sampled_from([0.0, 120.0, 300.0]),
        st.booleans(),
        st.sampled_from("abcd"),
    ),
    min_size=1,
    max_size=20,
)


@settings(max_examples=40, deadline=None)
@given(scores)
def test_a_difference_is_that_of_the_figures_and_turns_with_them(
    found: list[tuple[float, float, float, float, bool, str]],
) -> None:
    first, second = [], []
    for number, (one, other, ink, more, is_inked, _) in enumerate(found):
        first.append(made_score(str(number), dice=one, ink=ink, is_inked=is_inked))
        second.append(made_score(str(number), dice=other, ink=more, is_inked=is_inked))
    patients = [row[-1] for row in found]
    there = compare(first, second, patients, draws=20)
    back = compare(second, first, patients, draws=20)
    values = [resample(part, patients, draws=1).values for part in (first, second)]
    for metric in COMPARED:
        assert there[metric].estimate == pytest.approx(
            values[1][metric] - values[0][metric], nan_ok=True, abs=1e-12
        )
        assert there[metric].low == pytest.approx(-back[metric].high, nan_ok=True, abs=1e-12)
    same = compare(first, first, patients, draws=20)
    known = [one for one in same.values() if not math.isnan(one.low)]
    assert all((one.estimate, one.low, one.high) == (0, 0, 0) for one in known)


def test_pairing_sees_a_small_gain_among_very_different_pictures() -> None:
    """Dice between 0 and 1, each better by .02: the difference is sure, the means are not told apart."""
    rng = np.random.default_rng(0)
    before = [made_score(str(i), dice=one) for i, one in enumerate(rng.uniform(0, 0.9, 60))]
    after = [replace(one, dice=one.dice + 0.02 + rng.normal(0, 0.01)) for one in before]
    patients = [f"p{i // 2}" for i in range(60)]
    gain = compare(before, after, patients)["dice"]
    assert 0.01 < gain.low < 0.02 < gain.high < 0.03
    assert (gain.n, gain.n_patients) == (60, 30)
    apart = [resample(part, patients).estimate("dice") for part in (before, after)]
    assert apart[0].high > apart[1].low


def test_false_ink_on_an_ink_free_picture_counts_against_the_one_that_sees_it() -> None:
    def seen(free_dice: float) -> list[PictureScore]:
        return [
            made_score("a", dice=0.8, ink=300, is_inked=True, truth_px=300),
            made_score("b", dice=free_dice, ink=0, is_inked=False, truth_px=0),
        ]

    better = compare(seen(0.0), seen(math.nan), ["x", "y"])
    assert better["dice"].estimate == pytest.approx(0.4)
    assert better["dice_inked"].estimate == 0


def test_only_the_same_pictures_are_compared() -> None:
    one, other = [made_score("a")], [made_score("b")]
    with pytest.raises(ValueError, match="same pictures"):
        compare(one, other, ["x"])
    with pytest.raises(ValueError, match="same pictures"):
        compare(one, one, ["x", "y"])
