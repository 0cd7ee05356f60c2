"""Macro AUROC by counting pairs; intervals against a bootstrap by repeating rows."""

from dataclasses import replace

import numpy as np
import pytest

from gsal.audit import AuditData, Subset, macro_auroc
from gsal.audit.patients import clusters
from gsal.audit.performance import performance


def by_pairs(probabilities: np.ndarray, true_class: np.ndarray) -> float:
    values = []
    for index in range(probabilities.shape[1]):
        inside, outside = probabilities[true_class == index, index], probabilities[true_class != index, index]
        if len(inside) and len(outside):
            values.append(np.mean((inside[:, None] > outside) + 0.5 * (inside[:, None] == outside)))
    return float(np.mean(values))


def test_macro_auroc_counts_pairs() -> None:
    rng = np.random.default_rng(2)
    probabilities, true_class = np.round(rng.dirichlet(np.ones(4), size=50), 1), rng.integers(3, size=50)
    assert macro_auroc(probabilities, true_class) == pytest.approx(by_pairs(probabilities, true_class))


def test_undefined_without_two_classes_or_logits() -> None:
    assert np.isnan(macro_auroc(np.ones((3, 2)) / 2, np.zeros(3, dtype=np.int64)))
    assert np.isnan(macro_auroc(np.full((2, 2), np.nan), np.array([0, 1])))


def test_subsets_and_intervals(data: AuditData) -> None:
    rows = performance(data, rng=np.random.default_rng(6), draws=150)
    assert [row.subset for row in rows] == list(Subset)
    assert [row.n for row in rows] == [data.n, data.inked.sum(), (~data.inked).sum()]
    for row, chosen in zip(rows, [np.ones(data.n, bool), data.inked, ~data.inked], strict=True):
        assert row.accuracy == pytest.approx(data.correct[chosen].mean())
        assert row.auroc == pytest.approx(by_pairs(data.probabilities[chosen], data.true_class[chosen]))
        assert row.accuracy_low < row.accuracy < row.accuracy_high
        assert row.auroc_low < row.auroc < row.auroc_high
    codes = clusters(data.patient)
    aurocs = []
    for drawn in np.random.default_rng(6).integers(codes.max() + 1, size=(150, codes.max() + 1)):
        again = np.concatenate([np.flatnonzero(codes == code) for code in drawn])
        aurocs.append(by_pairs(data.probabilities[again], data.true_class[again]))
    assert (rows[0].auroc_low, rows[0].auroc_high) == pytest.approx(tuple(np.percentile(aurocs, [2.5, 97.5])))


def test_a_missing_subset_and_a_missing_class(data: AuditData) -> None:
    everything_inked = replace(
        data, inked=np.ones(data.n, dtype=np.bool_), true_class=np.minimum(data.true_class, 1)
    )
    rows = performance(everything_inked, rng=np.random.default_rng(0), draws=20)
    assert rows[0].absent == ("BCC",)
    assert rows[2].n == 0
    assert np.isnan([rows[2].accuracy, rows[2].accuracy_low, rows[2].auroc, rows[2].auroc_low]).all()


def test_confidence_is_the_largest_softmax(data: AuditData) -> None:
    exponential = np.exp(data.logits)
    assert data.confidence == pytest.approx(
        (exponential / exponential.sum(axis=1, keepdims=True)).max(axis=1)
    )
    assert np.isfinite(replace(data, logits=data.logits * 1e4).confidence).all()
