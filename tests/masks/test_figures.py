"""Figures over pictures and their intervals: against a plain loop, Mann and Whitney's AUC, and identities."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from gsal.masks.evaluation import MaskPair, PictureScore, score
from gsal.masks.figures import METRICS, SHARES, resample
from gsal.masks.proportions import wilson
from tests.masks.made_scores import made_score

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
SCORES = [score(pair) for pair in PAIRS]

made = st.builds(
    made_score,
    dice=st.one_of(st.just(math.nan), st.floats(0, 1)),
    ink=st.sampled_from([0.0, 50.0, 101.0, 101.0, 400.0]),
    is_inked=st.sampled_from([True, False, None]),
)
rows = st.lists(st.tuples(made, st.sampled_from(["a", "b", "c", "d", "e"])), min_size=1, max_size=25)


def apart(found: list[tuple[PictureScore, str]]) -> tuple[list[PictureScore], list[str]]:
    return [one for one, _ in found], [patient for _, patient in found]


def test_means_leave_out_and_count_the_undefined() -> None:
    found = resample(SCORES, ["a", "b", "c", "d", "d"])
    dice, hd95 = found.estimate("dice"), found.estimate("hd95")
    assert (dice.n, dice.undefined, dice.n_patients) == (4, 1, 4)
    assert dice.estimate == pytest.approx((0.8 + 0 + 0 + 1) / 4)
    assert found.estimate("dice_inked").estimate == pytest.approx((0.8 + 0 + 1) / 3)
    assert found.values["nsd"] == pytest.approx((1 + 0 + 0 + 1) / 4)
    assert (hd95.n, hd95.undefined) == (2, 3)
    assert hd95.estimate == pytest.approx(1)
    assert (found.n["precision"], found.n["recall"]) == (3, 3)
    sensitivity = found.estimate("sensitivity")
    share = wilson(2, 3)
    assert (sensitivity.estimate, sensitivity.low, sensitivity.high) == (
        share.estimate,
        share.low,
        share.high,
    )
    assert sensitivity.method == share.method
    assert (found.values["specificity"], found.n["specificity"]) == (0.5, 2)
    assert (found.values["same_decision"], found.n["same_decision"]) == (0.6, 5)
    assert found.values["balanced_accuracy"] == pytest.approx((2 / 3 + 1 / 2) / 2)


def test_nothing_to_measure() -> None:
    found = resample([], [])
    assert all(math.isnan(found.estimate(name).estimate) for name in METRICS)
    assert all(found.n[name] == 0 for name in METRICS)


def test_one_patient_has_no_interval() -> None:
    dice = resample(SCORES, ["a"] * 5).estimate("dice")
    assert dice.estimate == pytest.approx(0.45)
    assert math.isnan(dice.low)
    assert math.isnan(dice.high)


@settings(max_examples=40, deadline=None)
@given(rows)
def test_every_draw_is_a_plain_computation_on_whole_patients(found: list[tuple[PictureScore, str]]) -> None:
    scores, patients = apart(found)
    draws, seed = 7, 3
    resampled = resample(scores, patients, draws=draws, seed=seed)
    names = sorted(set(patients))
    if len(names) < 2:
        assert all(np.isnan(resampled.draws[name]).all() for name in METRICS)
        return
    drawn = np.random.default_rng(seed).integers(len(names), size=(draws, len(names)))
    for number, who in enumerate(drawn):
        again = [one for index in who for one, patient in found if patient == names[index]]
        plain = resample(again, [""] * len(again), draws=1)
        for metric in METRICS:
            assert resampled.draws[metric][number] == pytest.approx(plain.values[metric], nan_ok=True)


@settings(max_examples=40, deadline=None)
@given(rows)
def test_auc_is_mann_whitneys(found: list[tuple[PictureScore, str]]) -> None:
    scores, patients = apart(found)
    inked = [one.decision_px for one in scores if one.is_inked]
    free = [one.decision_px for one in scores if one.is_inked is False]
    auc = resample(scores, patients, draws=2).values["auc"]
    if not inked or not free:
        assert math.isnan(auc)
    else:
        assert auc == pytest.approx(mannwhitneyu(inked, free).statistic / len(inked) / len(free))


@settings(max_examples=40, deadline=None)
@given(rows)
def test_what_nobody_judged_has_no_part_in_decisions(found: list[tuple[PictureScore, str]]) -> None:
    scores, patients = apart(found)
    known = [(one, patient) for one, patient in found if one.is_inked is not None]
    whole = resample(scores, patients, draws=2)
    part = resample([one for one, _ in known], [patient for _, patient in known], draws=2)
    for metric in (*SHARES, "balanced_accuracy", "auc"):
        assert whole.values[metric] == pytest.approx(part.values[metric], nan_ok=True)
        assert whole.n[metric] == len(known) or metric in {"sensitivity", "specificity"}


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    """Means of 40 patients with three pictures alike, 200 times: 95 % +- 5; by pictures it would be 73 %."""
    rng, held = np.random.default_rng(1), 0
    for _ in range(200):
        dice = rng.beta(4, 2, 40).repeat(3)
        found = resample(
            [made_score(dice=one) for one in dice], [f"p{row // 3}" for row in range(120)], draws=400
        )
        estimate = found.estimate("dice")
        held += estimate.low <= 4 / 6 <= estimate.high
    assert 180 <= held <= 198


def test_the_seed_decides() -> None:
    patients = list("abcde")
    first, again, other = (resample(SCORES, patients, draws=50, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first.draws["dice"], again.draws["dice"], equal_nan=True)
    assert not np.array_equal(first.draws["dice"], other.draws["dice"], equal_nan=True)


def test_a_share_of_patients_with_several_pictures_has_their_interval_beside_it() -> None:
    """40 patients with four pictures alike, 200 times: by patients 95 % +- 5, by pictures far fewer."""
    rng, by_patients, by_pictures = np.random.default_rng(2), 0, 0
    for _ in range(200):
        found = (rng.random(40) < 0.8).repeat(4)
        scores = [made_score(ink=400.0 if one else 0.0, is_inked=True) for one in found]
        resampled = resample(scores, [f"p{row // 4}" for row in range(160)], draws=400, is_ranked=False)
        share = resampled.estimate("sensitivity")
        by_patients += share.patient_low <= 0.8 <= share.patient_high
        by_pictures += share.low <= 0.8 <= share.high
    assert 180 <= by_patients <= 198
    assert by_pictures < 160


def test_a_share_of_patients_with_one_picture_each_needs_no_second_interval() -> None:
    share = resample(SCORES, list("abcde")).estimate("sensitivity")
    assert math.isnan(share.patient_low)
    assert math.isnan(share.patient_high)
