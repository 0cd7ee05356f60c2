"""Two models' ink saliency on the same pictures."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from gsal.audit import AuditData, by_class, plain, z_scores
from gsal.audit.paired_saliency import (
    ClassDifference,
    PairedResponse,
    mean_difference,
    paired_classes,
    paired_response,
    response_difference,
)
from gsal.audit.response_rate import failure_auroc, normalised
from gsal.records import Aggregator

Make = Callable[..., AuditData]


def classes_of(first: AuditData, second: AuditData, aggregator: Aggregator) -> tuple[ClassDifference, ...]:
    return paired_classes(first, second, aggregator, rng=np.random.default_rng(0), draws=300)


def response_of(first: AuditData, second: AuditData, aggregator: Aggregator) -> PairedResponse:
    return paired_response(first, second, aggregator, rng=np.random.default_rng(0), draws=300)


@pytest.mark.parametrize("aggregator", list(Aggregator))
def test_class_differences_are_those_of_the_class_means(make_data: Make, aggregator: Aggregator) -> None:
    first, second = make_data(1, model="a"), make_data(2, model="b")
    means = [by_class(data, aggregator, rng=np.random.default_rng(0), draws=10) for data in (first, second)]
    for item, one, other in zip(classes_of(first, second, aggregator), *means, strict=True):
        assert item.name == one.name
        assert item.difference.estimate == pytest.approx(one.mean - other.mean)
        assert (item.difference.n, item.difference.n_patients) == (one.n, one.n_patients)
        assert item.difference.low < item.difference.estimate < item.difference.high
        assert plain.decode(ClassDifference, plain.encode(item)) == item


def test_independent_pictures_have_the_paired_t_test_of_scipy(make_data: Make) -> None:
    first, second = (
        replace(make_data(seed, model=name), patient=np.full(120, "")) for seed, name in enumerate("ab")
    )
    found = classes_of(first, second, Aggregator.MEAN)[1].difference
    rows = first.inked & (first.true_class == 1)
    test = stats.ttest_rel(z_scores(first)[rows], z_scores(second)[rows])
    assert (found.low, found.high) == pytest.approx(tuple(test.confidence_interval()))
    assert found.p_value == pytest.approx(float(test.pvalue))


@pytest.mark.parametrize("aggregator", list(Aggregator))
def test_response_differences_are_those_of_the_curves(make_data: Make, aggregator: Aggregator) -> None:
    first, second = make_data(1, model="a"), make_data(2, model="b")
    found, rows = response_of(first, second, aggregator), first.inked
    for item, figure in ((found.aurrac_normalised, normalised), (found.failure_auroc, failure_auroc)):
        values = [figure(d.aggregate(aggregator)[rows], d.correct[rows]) for d in (first, second)]
        assert item.estimate == pytest.approx(values[0] - values[1])
        assert item.low < item.estimate < item.high


def test_a_planted_difference_is_found(make_data: Make) -> None:
    first, second = make_data(1, model="a", n=400), make_data(2, model="b", n=400)
    tells = replace(first, mean=first.mean + 1.0 * ~first.correct, peak=first.peak + 0.2 * ~first.correct)
    for aggregator in Aggregator:
        found = response_of(tells, second, aggregator)
        assert found.aurrac_normalised.low > 0
        assert found.failure_auroc.low > 0
        assert found.failure_auroc.p_value < 0.05
    raised = replace(first, mean=first.mean + 1.0 * (first.true_class == 0))
    mel, nv, _ = classes_of(raised, second, Aggregator.MEAN)
    assert mel.difference.low > 0
    assert nv.difference.low < 0.4


def test_two_models_alike_differ_in_five_percent() -> None:
    """Three pictures of each of 50 patients; both models' saliency and answers depend on the patient."""
    rng, codes = np.random.default_rng(4), np.arange(150) // 3
    runs, outside = 150, np.zeros(2)
    for _ in range(runs):
        shared, *own = rng.normal(size=(5, 50)).repeat(3, axis=1) + rng.normal(size=(5, 150))
        saliency = own[0] - 0.5 * shared, own[1] - 0.5 * shared
        correct = shared + own[2] > 0, shared + own[3] > 0
        found = response_difference(saliency, correct, codes, rng=rng, draws=149)
        for index, item in enumerate((found.aurrac_normalised, found.failure_auroc)):
            outside[index] += item.p_value < 0.05
    assert (outside / runs > 0.015).all()
    assert (outside / runs < 0.09).all()


def test_readings_mostly_zero_that_do_not_differ_are_told_apart_in_five_percent() -> None:
    """Half of the patients have no reading; three pictures of each of 60."""
    rng, codes = np.random.default_rng(6), np.arange(180) // 3
    found = []
    for _ in range(200):
        scale = (rng.random(60) < 0.5)[codes] * rng.gamma(1, size=60)[codes]
        patient = 0.5 * rng.normal(size=60)[codes]
        change = scale * (patient + rng.normal(size=180))
        found.append(mean_difference(change, codes, aggregator=Aggregator.PEAK, rng=rng, draws=399))
    assert 0.02 < np.mean([item.p_value < 0.05 for item in found]) < 0.09
    assert 0.90 < np.mean([item.low <= 0 <= item.high for item in found]) < 0.98


@pytest.mark.parametrize("aggregator", list(Aggregator))
def test_what_is_undefined_says_why(make_data: Make, aggregator: Aggregator) -> None:
    first, second = make_data(1, model="a"), make_data(2, model="b")
    apart = replace(second, image_ids=second.image_ids + 1000)
    assert response_of(first, apart, aggregator).failure_auroc.reason == "no inked picture in common"
    assert classes_of(first, apart, aggregator)[0].difference.reason == "no inked picture in common"
    right = replace(second, predicted=second.true_class)
    assert "all answers" in response_of(first, right, aggregator).aurrac_normalised.reason
    wrong = replace(second, predicted=(second.true_class + 1) % 3)
    assert "all answers" in response_of(wrong, first, aggregator).failure_auroc.reason
    lone, other = (replace(data, patient=np.full(120, "one")) for data in (first, second))
    assert "two patients" in classes_of(lone, other, aggregator)[0].difference.reason
    assert "two patients" in response_of(lone, other, aggregator).failure_auroc.reason
    tied, other = (replace(data, mean=np.ones(120), peak=np.ones(120)) for data in (first, second))
    found = response_of(tied, other, aggregator)
    assert found.failure_auroc.estimate == 0
    assert found.aurrac_normalised.estimate == pytest.approx(0, abs=1e-12)
    assert "same" in found.aurrac_normalised.reason
    assert "same" in found.failure_auroc.reason
    with pytest.raises(ValueError, match="methods differ"):
        response_of(first, replace(second, method="other"), aggregator)
