"""What ink does to answers, by hand, against scipy, and the coverage of its intervals."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import softmax

from gsal.audit import plain
from gsal.audit.counterfactual import ALL, Counterfactual, Pairs, Scale, counterfactual_of
from gsal.audit.patients import cluster_mean, cluster_share
from gsal.masks.proportions import wilson
from gsal.records import Variant

CLASSES = ("MEL", "NV", "BCC")


def paired(
    before: Sequence[Sequence[float]] | np.ndarray,
    after: Sequence[Sequence[float]] | np.ndarray,
    *,
    true: Sequence[int] | None = None,
    patients: Sequence[str] | None = None,
    **changes: Any,
) -> Pairs:
    """Logits of the same pictures with ink and with the ink painted over."""
    first, second = (np.reshape(rows, (-1, len(CLASSES))).astype(np.float64) for rows in (before, after))
    n = len(first)
    values = {
        "model": "net",
        "classes": CLASSES,
        "variant": Variant.INPAINTED,
        "image_ids": np.arange(n) + 1,
        "patient": np.array([""] * n if patients is None else patients, dtype=np.str_),
        "true_class": np.zeros(n, np.int64) if true is None else np.array(true, dtype=np.int64),
        "before": first,
        "after": second,
    }
    return Pairs(**values | changes)


def random_pairs(seed: int, *, n: int = 40, **changes: Any) -> Pairs:
    rng = np.random.default_rng(seed)
    before = rng.normal(size=(n, len(CLASSES)))
    values: dict[str, Any] = {
        "true": rng.integers(len(CLASSES), size=n),
        "patients": [f"p{i // 2}" for i in range(n)],
    }
    return paired(before, before + rng.normal(size=before.shape), **values | changes)


def test_flips_and_changes_by_hand() -> None:
    """Of three pictures called MEL one turns to NV; of one called NV nothing changes."""
    before = [[2, 0, 0], [2, 1, 0], [3, 0, 0], [0, 1, 0]]
    after = [[1, 0, 0], [0, 1, 0], [3, 0, 0], [0, 1, 0]]
    found = counterfactual_of(paired(before, after, true=[0, 0, 1, 1]))
    assert found.overall.name == ALL
    assert found.overall.flips == wilson(1, 4), "every picture a patient of its own"
    mel, nv, bcc = found.by_class
    assert (mel.flips.estimate, nv.flips.estimate) == (0.5, 0.0)
    assert mel.logit.mean == pytest.approx((-1 - 2) / 2), "of the class predicted before"
    p = softmax(np.array(before), axis=1), softmax(np.array(after), axis=1)
    assert mel.confidence.mean == pytest.approx(np.mean([(p[1] - p[0])[i, 0] for i in (0, 1)]))
    assert found.overall.probabilities[1].mean == pytest.approx((p[1] - p[0])[:, 1].mean())
    assert [(t.name, t.left, t.joined) for t in found.turns] == [("MEL", 1, 0), ("NV", 0, 1), ("BCC", 0, 0)]
    assert bcc.confidence.reason == "no picture has this variant"
    assert np.isnan(bcc.flips.estimate)


def test_no_change_is_no_flip() -> None:
    pairs = random_pairs(0)
    found = counterfactual_of(paired(pairs.before, pairs.before, true=pairs.true_class.tolist()))
    for one in (found.overall, *found.by_class):
        assert one.flips.estimate == 0
        assert (one.confidence.mean, one.confidence.low, one.confidence.high) == (0, 0, 0)
        assert one.logit.mean == 0
        assert all(shift.mean == 0 for shift in one.probabilities)
    assert all(turn.left == turn.joined == 0 for turn in found.turns)


@pytest.mark.parametrize("n", [0, 1, 2])
@pytest.mark.parametrize("flips", [False, True])
def test_few_pictures_have_figures_or_say_why_not(n: int, *, flips: bool) -> None:
    before = np.tile([1.0, 0.0, 0.0], (n, 1))
    after = before[:, [1, 0, 2]] if flips else before
    found = counterfactual_of(paired(before, after, patients=["same"] * n))
    shift = found.overall.confidence
    assert (shift.n, shift.n_patients) == (n, min(n, 1))
    assert shift.reason == ("fewer than two patients: no interval" if n else "no picture has this variant")
    assert np.isnan(shift.low)
    share = found.overall.flips
    if n:
        assert share.estimate == flips
        assert 0 <= share.low < share.high <= 1
    assert plain.encode(plain.decode(Counterfactual, plain.encode(found))) == plain.encode(found)


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_changes_of_probability_sum_to_nothing_and_turns_balance(seed: int) -> None:
    found = counterfactual_of(random_pairs(seed))
    assert sum(shift.mean for shift in found.overall.probabilities) == pytest.approx(0, abs=1e-12)
    flipped = sum(turn.left for turn in found.turns)
    assert flipped == sum(turn.joined for turn in found.turns)
    assert flipped == pytest.approx(found.overall.flips.estimate * found.overall.flips.n)
    by_class = sum(one.flips.estimate * one.flips.n for one in found.by_class if one.flips.n)
    assert by_class == pytest.approx(flipped)


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_a_number_added_to_all_logits_changes_no_answer(seed: int) -> None:
    pairs = random_pairs(seed)
    raised = paired(
        pairs.before,
        pairs.after + 3,
        true=pairs.true_class.tolist(),
        patients=pairs.patient.tolist(),
    )
    first, second = counterfactual_of(pairs), counterfactual_of(raised)
    assert second.overall.flips == first.overall.flips
    assert second.overall.confidence.mean == pytest.approx(first.overall.confidence.mean, abs=1e-9)
    assert second.overall.logit.mean == pytest.approx(first.overall.logit.mean + 3)


def test_the_effect_of_ink_is_with_ink_minus_without() -> None:
    pairs = random_pairs(1)
    pasted = random_pairs(1, variant=Variant.PASTED)
    for scale in Scale:
        np.testing.assert_array_equal(pairs.ink_effect(scale), -pairs.change(scale))
        np.testing.assert_array_equal(pasted.ink_effect(scale), pasted.change(scale))


def test_the_interval_of_a_change_is_scipys_for_independent_pictures() -> None:
    pairs = random_pairs(2, patients=None)
    shift = counterfactual_of(pairs).overall.confidence
    rows = np.arange(pairs.n), pairs.predicted
    values = (softmax(pairs.after, axis=1) - softmax(pairs.before, axis=1))[rows]
    interval = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert (shift.low, shift.high) == pytest.approx((interval.low, interval.high))


def test_a_patient_with_twice_the_same_picture_adds_nothing_to_what_is_known() -> None:
    codes = np.arange(60)
    cases = codes % 3 == 0
    once, twice = cluster_share(cases, codes), cluster_share(np.tile(cases, 2), np.tile(codes, 2))
    assert once == wilson(20, 60), "as many patients as pictures"
    assert (twice.estimate, twice.n) == (once.estimate, 120)
    assert (twice.low, twice.high) == pytest.approx((once.low, once.high), abs=0.01)
    naive = wilson(40, 120)
    assert twice.high - twice.low > 1.3 * (naive.high - naive.low)
    values = cases.astype(float)
    se = cluster_mean(np.tile(values, 2), np.tile(codes, 2)).se
    assert se == pytest.approx(cluster_mean(values, codes).se)


@pytest.mark.parametrize("cases", [np.zeros(12, np.bool_), np.ones(12, np.bool_)])
def test_where_all_are_alike_each_patient_counts_once(cases: np.ndarray) -> None:
    share = cluster_share(cases, np.arange(12) // 4)
    alone = cluster_share(cases[:3], np.arange(3))
    assert share.estimate == alone.estimate
    assert share.high - share.low >= alone.high - alone.low
    assert share.high - share.low > wilson(int(cases.sum()), 12).high - wilson(int(cases.sum()), 12).low


def test_intervals_that_know_of_patients_hold_the_truth_where_naive_ones_do_not() -> None:
    """Shares of patients scatter about .2 (beta, correlation .5); three or so pictures of each."""
    rng = np.random.default_rng(7)
    held, naive, runs = 0, 0, 400
    for _ in range(runs):
        sizes = rng.poisson(2, 30) + 1
        codes = np.repeat(np.arange(30), sizes)
        cases = rng.random(len(codes)) < rng.beta(0.2, 0.8, 30)[codes]
        share, simple = cluster_share(cases, codes), wilson(int(cases.sum()), len(cases))
        held += share.low <= 0.2 <= share.high
        naive += simple.low <= 0.2 <= simple.high
    assert held / runs > 0.91
    assert naive / runs < 0.88


def test_a_planted_effect_is_found_and_none_is_not() -> None:
    """Ink that adds .4 to MEL's logit on half of the pictures, among noise of sd .5; 100 runs each."""
    rng = np.random.default_rng(8)
    found = {0.0: 0, 0.4: 0}
    for effect in found:
        for _ in range(100):
            before = rng.normal(size=(60, 3))
            after = before + rng.normal(0, 0.5, size=before.shape)
            after[:, 0] -= effect
            patients = [f"p{i // 2}" for i in range(60)]
            shift = counterfactual_of(paired(before, after, patients=patients)).overall.probabilities[0]
            found[effect] += not shift.low <= 0 <= shift.high
    assert found[0.4] > 80
    assert found[0.0] < 11


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("after", np.zeros((3, 3)), "after has shape"),
        ("true_class", np.zeros(3, np.int64), "true class"),
        ("image_ids", np.zeros(40, np.int64), "twice"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(name: str, value: np.ndarray, words: str) -> None:
    changed: dict[str, Any] = {name: value}
    with pytest.raises(ValueError, match=words):
        replace(random_pairs(0), **changed)
