"""The bootstrap band against a slow one written from the definitions."""

import numpy as np
import pytest

from gsal.audit import response_band
from gsal.audit import response_rate as rr
from gsal.audit.patients import clusters
from gsal.audit.response_band import SHARES, band


def test_band_equals_a_bootstrap_by_repeating_rows() -> None:
    rng = np.random.default_rng(3)
    n = 47
    saliency, correct = np.round(rng.normal(size=n), 1), rng.random(n) < 0.6
    saliency[:4] = np.nan
    patient = np.array([f"p{number}" for number in rng.integers(15, size=n)])
    result = band(saliency, correct, clusters(patient), rng=np.random.default_rng(1), draws=200)

    kept = ~np.isnan(saliency)
    values, right, codes = saliency[kept], correct[kept], clusters(patient[kept])
    patients = codes.max() + 1
    lines, figures = [], []
    for drawn in np.random.default_rng(1).integers(patients, size=(200, patients)):
        rows = np.concatenate([np.flatnonzero(codes == code) for code in drawn])
        line = rr.curve(values[rows], right[rows])
        lines.append(np.interp(SHARES, line.share, line.accuracy))
        summary = rr.summarise(values[rows], right[rows])
        figures.append([summary.aurrac, summary.accuracy, summary.aurrac_normalised, summary.failure_auroc])
    low, high = np.percentile(lines, [2.5, 97.5], axis=0)
    assert np.allclose(result.low, low, atol=1e-12)
    assert np.allclose(result.high, high, atol=1e-12)
    intervals = (result.aurrac, result.accuracy_all, result.aurrac_normalised, result.failure_auroc)
    for interval, column in zip(intervals, np.array(figures).T, strict=True):
        assert (interval.low, interval.high) == pytest.approx(tuple(np.percentile(column, [2.5, 97.5])))
    assert result.accuracy[-1] == pytest.approx(right.mean())
    assert result.n_patients == patients


def test_groups_in_place_of_pictures_hardly_move_the_band(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    saliency = rng.normal(size=3000)
    correct = rng.random(3000) < 1 / (1 + np.exp(saliency - 0.5))
    patient = np.array([f"p{number}" for number in rng.integers(900, size=3000)])
    grouped = band(saliency, correct, clusters(patient), rng=np.random.default_rng(1), draws=200)
    monkeypatch.setattr(response_band, "MOST_GROUPS", 3000)
    exact = band(saliency, correct, clusters(patient), rng=np.random.default_rng(1), draws=200)
    width = np.array(exact.high) - np.array(exact.low)
    for side in ("low", "high"):
        moved = np.abs(np.array(getattr(grouped, side)) - np.array(getattr(exact, side)))
        assert moved.max() > 0
        assert (moved < 0.1 * width).all()
    for name in ("aurrac", "accuracy_all", "aurrac_normalised", "failure_auroc"):
        first, second = getattr(grouped, name), getattr(exact, name)
        assert first.low == pytest.approx(second.low, abs=0.02 * (second.high - second.low))
        assert first.high == pytest.approx(second.high, abs=0.02 * (second.high - second.low))


@pytest.mark.parametrize("right", [True, False])
def test_all_right_and_all_wrong_have_a_flat_band(right: bool) -> None:
    result = band(np.arange(30.0), np.full(30, right), np.arange(30), rng=np.random.default_rng(0), draws=50)
    assert result.low == result.high == result.accuracy == (float(right),) * len(SHARES)
    assert (result.aurrac.low, result.aurrac.high) == pytest.approx((float(right), float(right)))
    assert np.isnan([result.aurrac_normalised.low, result.failure_auroc.low]).all()


def test_one_patient_and_no_picture_have_no_interval() -> None:
    one = band(np.array([0.1, 0.2]), np.array([True, False]), np.array([0, 0]), rng=np.random.default_rng(0))
    assert np.isnan(one.low).all()
    assert np.isnan(one.aurrac.low)
    assert len(one.accuracy) == len(SHARES)
    none = band(np.array([np.nan]), np.array([True]), np.array([0]), rng=np.random.default_rng(0))
    assert none.share == ()
