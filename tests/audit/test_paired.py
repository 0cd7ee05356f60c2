"""Two models' answers on the same pictures, against scipy, statsmodels and repeated rows."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from gsal.audit import AuditData, Subset, macro_auroc, plain
from gsal.audit.answers import Answers
from gsal.audit.estimate import Estimate
from gsal.audit.paired import PairedPerformance, _auroc_difference, common_rows, paired_performance
from gsal.audit.paired_shares import paired_difference, two_group_difference
from gsal.resampling import clusters

Make = Callable[..., AuditData]


def compared(first: Any, second: Any, seed: int = 0, draws: int = 200) -> tuple[PairedPerformance, ...]:
    return paired_performance(first, second, rng=np.random.default_rng(seed), draws=draws)


def test_differences_are_those_of_the_figures(make_data: Make) -> None:
    first, second = make_data(1, model="a"), make_data(2, model="b")
    found = compared(first, second)
    assert [item.subset for item in found] == list(Subset)
    for item, rows in zip(found, [np.ones(120, bool), first.inked, first.uninked], strict=True):
        one, other = first.correct[rows], second.correct[rows]
        assert item.accuracy.estimate == pytest.approx(one.mean() - other.mean())
        aurocs = [macro_auroc(d.probabilities[rows], d.true_class[rows]) for d in (first, second)]
        assert item.auroc.estimate == pytest.approx(aurocs[0] - aurocs[1])
        assert item.auroc.low < item.auroc.estimate < item.auroc.high
        alone = int((one & ~other).sum()), int((other & ~one).sum())
        assert (item.mcnemar.first_only, item.mcnemar.second_only) == alone
        assert item.mcnemar.p_value == pytest.approx(stats.binomtest(alone[0], sum(alone)).pvalue)
        assert item.accuracy.n == item.auroc.n == rows.sum()
    assert plain.decode(PairedPerformance, plain.encode(found[0])) == found[0]


def test_the_interval_is_that_of_repeating_rows(make_data: Make) -> None:
    first, second = make_data(1, model="a"), make_data(2, model="b")
    codes = clusters(first.patient)
    values = []
    for drawn in np.random.default_rng(4).integers(codes.max() + 1, size=(100, codes.max() + 1)):
        rows = np.concatenate([np.flatnonzero(codes == code) for code in drawn])
        aurocs = [macro_auroc(d.probabilities[rows], d.true_class[rows]) for d in (first, second)]
        values.append(aurocs[0] - aurocs[1])
    found = compared(first, second, seed=4, draws=100)[0].auroc
    assert (found.low, found.high) == pytest.approx(tuple(np.percentile(values, [2.5, 97.5])))


def test_pictures_are_paired_by_number_and_only_common_ones_count(make_data: Make) -> None:
    first, second = make_data(1, model="a"), make_data(2, model="b")
    shuffled = second.kept(np.random.default_rng(0).permutation(120)[:90])
    kept = np.flatnonzero(np.isin(first.image_ids, shuffled.image_ids))
    found, expected = compared(first, shuffled), compared(first.kept(kept), second.kept(kept))
    assert found == expected
    assert found[0].accuracy.n == 90


@given(st.integers(0, 10_000))
@example(196)
@settings(max_examples=20, deadline=None)
def test_models_exchanged_change_the_sign(seed: int) -> None:
    from tests.audit.conftest import make

    first, second = make(seed, model="a", n=60), make(seed + 1, model="b", n=60)
    for there, back in zip(compared(first, second, draws=40), compared(second, first, draws=40), strict=True):
        for one, other in ((there.accuracy, back.accuracy), (there.auroc, back.auroc)):
            assert other.estimate == pytest.approx(-one.estimate, nan_ok=True)
            assert (other.low, other.high) == pytest.approx((-one.high, -one.low), nan_ok=True)
            assert other.p_value == pytest.approx(one.p_value, nan_ok=True)
            assert other.reason == one.reason
        assert there.mcnemar.p_value == pytest.approx(back.mcnemar.p_value)


def test_a_model_beside_itself_has_no_difference(make_data: Make) -> None:
    data = make_data()
    for item in compared(data, data):
        assert item.accuracy.estimate == item.auroc.estimate == 0
        assert item.accuracy.low < 0 < item.accuracy.high, "pictures still to come may differ"
        assert item.accuracy.p_value == item.mcnemar.p_value == 1
        assert "same" in item.auroc.reason


def test_what_cannot_be_compared(make_data: Make) -> None:
    first, second = make_data(1, model="a"), make_data(2, model="b")
    with pytest.raises(ValueError, match="a and b have different classes"):
        compared(first, replace(second, classes=("x", "y", "z")))
    with pytest.raises(ValueError, match="picture 1 has one true class"):
        compared(first, replace(second, true_class=(second.true_class + 1) % 3))
    for item in compared(first, replace(second, image_ids=second.image_ids + 1000)):
        assert item.accuracy.reason == item.auroc.reason == "no picture in common"
        assert np.isnan(item.accuracy.estimate)
        assert item.mcnemar.p_value == 1


@pytest.mark.parametrize("n", [0, 1, 2])
@pytest.mark.parametrize("right", [False, True])
def test_few_pictures_all_right_or_all_wrong(make_data: Make, n: int, *, right: bool) -> None:
    data = make_data().kept(np.arange(n))
    answers = (data.true_class + (not right)) % 3
    alike = replace(data, logits=np.eye(3)[answers], predicted=answers)
    for item in compared(alike, alike):
        assert item.auroc.reason
        assert item.accuracy.reason or item.accuracy.n_patients > 1
        assert not np.isfinite(item.auroc.low)


def test_answers_without_saliency_do_too(make_data: Make) -> None:
    first, second = make_data(1, model="a"), make_data(2, model="b")
    names = ("model", "classes", "image_ids", "patient", "true_class", "probabilities", "inked", "uninked")
    one, other = (Answers(**{name: getattr(data, name) for name in names}) for data in (first, second))
    assert compared(one, other) == compared(first, second)
    assert len(common_rows(one, other)[0]) == 120


def paired_on_patients(rng: np.random.Generator, *, gain: float) -> Estimate:
    """Right answers of two models on three pictures of each patient; the first's are better by the gain."""
    level = rng.normal(0.3, 0.8, size=(60, 1, 1)) + rng.normal(0, 0.6, size=(60, 1, 2))
    cases = (level + np.array([gain, 0]) + rng.normal(size=(60, 3, 2)) > 0).reshape(180, 2)
    return paired_difference(cases[:, 0], cases[:, 1], np.arange(180) // 3)


def test_paired_shares_hold_their_level_and_find_what_is_there() -> None:
    """Pictures of one patient are alike, so that as many independent ones would reject too often."""
    rng = np.random.default_rng(2)
    null = [paired_on_patients(rng, gain=0) for _ in range(500)]
    assert 0.03 < np.mean([item.p_value < 0.05 for item in null]) < 0.08
    assert 0.93 < np.mean([item.low <= 0 <= item.high for item in null]) < 0.98
    real = [paired_on_patients(rng, gain=0.9) for _ in range(100)]
    assert np.mean([item.low > 0 for item in real]) > 0.9


def test_two_models_alike_differ_in_auroc_in_five_percent() -> None:
    """Two pictures of each of 45 patients; both models know the class as well, and see the patient."""
    rng, codes, found = np.random.default_rng(5), np.arange(90) // 2, []
    for _ in range(200):
        true_class = rng.integers(2, size=90)
        patient = rng.normal(size=(45, 2)).repeat(2, axis=0)
        score = true_class[:, np.newaxis] + patient + rng.normal(size=(90, 2))
        sides = [np.column_stack([-side, side]) for side in score.T]
        found.append(_auroc_difference(sides[0], sides[1], true_class, codes, rng=rng, draws=199))
    assert 0.02 < np.mean([item.p_value < 0.05 for item in found]) < 0.09
    assert 0.91 < np.mean([item.low <= 0 <= item.high for item in found]) < 0.985


def test_two_groups_hold_their_level_and_find_what_is_there() -> None:
    """Half of each patient's pictures are inside, and patients differ."""
    rng = np.random.default_rng(3)
    codes = np.arange(240) // 4

    def found(gain: float) -> Any:
        inside = rng.random(240) < 0.4
        cases = rng.normal(size=60).repeat(4) + rng.normal(size=240) + gain * inside > 0.5
        return two_group_difference(cases, inside, codes, names=("with", "without"))

    null = [found(0) for _ in range(500)]
    assert 0.03 < np.mean([item.p_value < 0.05 for item in null]) < 0.08
    assert 0.93 < np.mean([item.low <= 0 <= item.high for item in null]) < 0.985
    assert np.mean([found(0.9).low > 0 for _ in range(100)]) > 0.85


def test_two_independent_groups_have_the_interval_of_statsmodels() -> None:
    cases = np.arange(4000) % 10 < 3
    inside = np.arange(4000) < 1500
    cases[:100] = True
    found = two_group_difference(cases, inside, np.arange(4000), names=("with", "without"))
    hits = int(cases[inside].sum()), int(cases[~inside].sum())
    expected = confint_proportions_2indep(hits[0], 1500, hits[1], 2500, method="agresti-caffo")
    assert (found.low, found.high) == pytest.approx(expected, abs=2e-3)


@given(st.integers(0, 10_000), st.integers(1, 30), st.integers(1, 10))
@settings(max_examples=60)
def test_differences_of_shares_stay_between_their_ends(seed: int, n: int, patients: int) -> None:
    rng = np.random.default_rng(seed)
    first, second = rng.random((2, n)) < rng.random((2, 1))
    codes = rng.integers(patients, size=n)
    paired = paired_difference(first, second, codes)
    groups = two_group_difference(first, second, codes, names=("inside", "outside"))
    for item in (paired, groups):
        if item.reason:
            assert np.isnan(item.low)
        else:
            assert -1 <= item.low <= item.high <= 1
            assert item.low < item.high
            assert (item.p_value < 0.05) == (not item.low <= 0 <= item.high)
