"""The bootstrap band against a slow one written from the definitions."""

import numpy as np
import pytest

from gsal.audit import response_rate as rr
from gsal.audit.patients import clusters
from gsal.audit.response_band import SHARES, band


def test_band_equals_a_bootstrap_by_repeating_rows() -> None:
    rng = np.random.default_rng(3)
    n = 47
    saliency, correct = np.round(rng.normal(size=n), 1), rng.random(n) < 0.6
    saliency[:4] = np.nan
    patient = np.array([f"p{number}" for number in rng.integers(15, size=n)])
    result = band(saliency, correct, patient, rng=np.random.default_rng(1), draws=200)

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


def test_one_patient_and_no_picture_have_no_interval() -> None:
    one = band(
        np.array([0.1, 0.2]), np.array([True, False]), np.array(["a", "a"]), rng=np.random.default_rng(0)
    )
    assert np.isnan(one.low).all()
    assert np.isnan(one.aurrac.low)
    assert len(one.accuracy) == len(SHARES)
    none = band(np.array([np.nan]), np.array([True]), np.array(["a"]), rng=np.random.default_rng(0))
    assert none.share == ()
