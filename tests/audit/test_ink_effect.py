"""What ink does to the classes called, by hand and with planted effects."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gsal.audit import AuditData, plain
from gsal.audit.counterfactual import ALL, counterfactual_of
from gsal.audit.ink_effect import CalledRate, InkEffect, ink_effect, observed_difference
from gsal.records import Variant
from tests.audit.test_counterfactual import CLASSES, paired, random_pairs

Make = Callable[..., AuditData]


def rate(found: Sequence[CalledRate], called: str, true_class: str = ALL) -> CalledRate:
    return next(item for item in found if (item.called, item.true_class) == (called, true_class))


def test_rates_by_hand() -> None:
    """Of four pictures two are called MEL with ink, one without; one NV picture turns from MEL to NV."""
    before = [[2, 0, 0], [0, 1, 0], [3, 0, 0], [0, 1, 0]]
    after = [[2, 0, 0], [0, 1, 0], [0, 1, 0], [0, 1, 0]]
    found = ink_effect(paired(before, after, true=[0, 0, 1, 1]))
    mel = rate(found.called, "MEL")
    assert (mel.with_ink, mel.without, mel.difference.estimate) == (0.5, 0.25, 0.25)
    assert rate(found.called, "NV").difference.estimate == -0.25
    assert rate(found.called, "MEL", "NV").difference.estimate == 0.5
    assert rate(found.called, "MEL", "MEL").difference.estimate == 0
    assert rate(found.called, "MEL", "BCC").difference.reason == "no picture has this variant"
    assert [item.true_class for item in found.changed] == [ALL, *CLASSES]
    assert [item.share.estimate for item in found.changed[:3]] == [0.25, 0, 0.5]
    assert plain.encode(plain.decode(InkEffect, plain.encode(found))) == plain.encode(found)


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_what_one_class_gains_the_others_lose(seed: int) -> None:
    pairs = random_pairs(seed)
    found, other = ink_effect(pairs), counterfactual_of(pairs)
    for true_class in (ALL, *CLASSES):
        rates = [rate(found.called, name, true_class).difference.estimate for name in CLASSES]
        assert sum(rates) == pytest.approx(0, abs=1e-12, nan_ok=True)
    flips = [other.overall.flips, *(item.flips for item in other.by_class)]
    assert [item.share for item in found.changed] == flips
    for turn in other.turns:
        change = rate(found.called, turn.name).difference.estimate * pairs.n
        assert change == pytest.approx(turn.left - turn.joined)


def test_where_ink_was_pasted_the_variant_has_it() -> None:
    inpainted, pasted = random_pairs(3), random_pairs(3, variant=Variant.PASTED)
    for one, other in zip(ink_effect(inpainted).called, ink_effect(pasted).called, strict=True):
        assert other.difference.estimate == -one.difference.estimate
        assert (other.difference.low, other.difference.high) == (-one.difference.high, -one.difference.low)
        assert (other.with_ink, other.without) == (one.without, one.with_ink)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_pictures_say_why(n: int) -> None:
    logits = np.tile([1.0, 0.0, 0.0], (n, 1))
    for item in ink_effect(paired(logits, logits)).called:
        assert bool(item.difference.reason) == (item.difference.n_patients < 2)
        if item.difference.n_patients > 1:
            assert item.difference.low < 0 < item.difference.high, "no change is no proof of none"


def test_ink_that_does_nothing_is_found_in_five_percent_and_one_that_does_is_found() -> None:
    """Two pictures of each of 60 patients; ink adds to MEL's logit."""
    rng = np.random.default_rng(4)
    patients = [f"p{row // 2}" for row in range(120)]

    def found(effect: float) -> CalledRate:
        patient = rng.normal(size=(2, 60, 3)).repeat(2, axis=1)
        scene = rng.normal(size=(120, 3)) + 0.5 * patient[0]
        with_ink, without = scene + 0.5 * rng.normal(size=(2, 120, 3)) + 0.2 * patient[1] * [[[1]], [[-1]]]
        with_ink[:, 0] += effect
        return rate(ink_effect(paired(with_ink, without, patients=patients)).called, "MEL")

    null = [found(0.0).difference for _ in range(120)]
    assert 0.008 < np.mean([item.p_value < 0.05 for item in null]) < 0.11
    assert np.mean([item.low <= 0 <= item.high for item in null]) > 0.89
    assert np.mean([found(0.8).difference.low > 0 for _ in range(30)]) > 0.85


def test_observed_rates_are_within_true_class(make_data: Make) -> None:
    data = make_data()
    found = observed_difference(data)
    values, weights = [], []
    for index, name in enumerate(data.classes):
        rows = data.true_class == index
        called = data.predicted[rows] == 0
        item = rate(found, "MEL", name)
        assert item.with_ink == pytest.approx(called[data.inked[rows]].mean())
        assert item.difference.estimate == pytest.approx(item.with_ink - item.without)
        assert item.difference.low < item.difference.estimate < item.difference.high
        sizes = int(data.inked[rows].sum()), int(data.uninked[rows].sum())
        values.append(item.difference.estimate)
        weights.append(sizes[0] * sizes[1] / sum(sizes))
    whole = rate(found, "MEL")
    assert whole.difference.estimate == pytest.approx(np.average(values, weights=weights))
    assert whole.with_ink - whole.without == pytest.approx(whole.difference.estimate)
    assert whole.difference.n == data.n


def test_ink_that_goes_with_a_class_is_no_effect_within_it(make_data: Make) -> None:
    """More MEL pictures are inked, so more inked pictures are called MEL: not within any class."""
    covered = 0
    for seed in range(100):
        data, rng = make_data(seed, n=150), np.random.default_rng(seed)
        inked = rng.random(150) < np.where(make_data(n=150).true_class == 0, 0.9, 0.2)
        difference = rate(observed_difference(replace(data, inked=inked)), "MEL").difference
        covered += difference.low <= 0 <= difference.high
    assert 0.88 < covered / 100 < 0.99


def test_an_observed_effect_is_found(make_data: Make) -> None:
    data = make_data(n=600)
    logits = data.logits + np.where(data.inked, 1.5, 0)[:, np.newaxis] * [1, 0, 0]
    biased = replace(data, logits=logits, predicted=logits.argmax(axis=1))
    assert rate(observed_difference(biased), "MEL").difference.low > 0
    assert rate(observed_difference(biased), "NV").difference.high < 0.05


def test_without_ink_or_without_pictures_it_says_why(make_data: Make) -> None:
    data = make_data()
    found = observed_difference(replace(data, inked=np.zeros(data.n, np.bool_)))
    assert rate(found, "MEL").difference.reason == "no true class has pictures with ink and without"
    assert rate(found, "MEL", "NV").difference.reason == "no picture with ink"
    lone = observed_difference(replace(data, patient=np.full(data.n, "one")))
    assert {item.difference.reason for item in lone} == {"fewer than two patients: no interval"}
