"""Cluster-robust errors against statsmodels, resampling against counting."""

import numpy as np
import pytest
from statsmodels.regression.linear_model import OLS

from gsal import resampling
from gsal.audit import patients


@pytest.mark.parametrize("seed", range(4))
def test_interval_is_the_cluster_robust_one_of_statsmodels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    codes = rng.integers(12, size=60)
    values = rng.normal(size=60) + rng.normal(size=12)[codes]
    ours = patients.cluster_mean(values, codes)
    # statsmodels multiplies by G/(G-1) (n-1)/(n-k); with the mean alone k is 1.
    fit = OLS(values, np.ones(60)).fit(
        cov_type="cluster", cov_kwds={"groups": codes, "df_correction": True}, use_t=True
    )
    assert ours.se == pytest.approx(float(fit.bse[0]), rel=1e-12)
    assert (ours.low, ours.high) == pytest.approx(tuple(fit.conf_int()[0]), rel=1e-12)
    assert (ours.n, ours.n_patients) == (60, len(np.unique(codes)))


def test_alone_the_error_is_the_usual_one() -> None:
    values = np.random.default_rng(0).normal(size=30)
    assert patients.cluster_mean(values, np.arange(30)).se == pytest.approx(values.std(ddof=1) / np.sqrt(30))


def test_fewer_than_two_patients_have_no_interval() -> None:
    lone = patients.cluster_mean(np.array([1.0, 2.0]), np.array([4, 4]))
    assert lone.mean == 1.5
    assert np.isnan([lone.se, lone.low, lone.high]).all()
    assert np.isnan(patients.cluster_mean(np.array([]), np.array([], dtype=np.int64)).mean)


def test_an_empty_patient_stands_alone() -> None:
    codes = patients.clusters(np.array(["", "a", "", "a", "b"]))
    assert len(set(codes.tolist())) == 4
    assert codes[1] == codes[3]


def test_weights_are_one_stream_whatever_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = np.random.default_rng(7).integers(5, size=(9, 5))
    expected = np.array([np.bincount(row, minlength=5) for row in drawn])
    for cells in (1, 20, 10_000):
        monkeypatch.setattr(resampling, "_BLOCK_CELLS", cells)
        blocks = list(resampling.resampled_weights(5, draws=9, rng=np.random.default_rng(7)))
        assert np.array_equal(np.concatenate(blocks), expected)


def test_an_interval_needs_most_draws_defined() -> None:
    values = np.linspace(0, 1, 101)
    assert patients.percentile_interval(values) == pytest.approx((0.025, 0.975))
    values[:10] = np.nan
    assert np.isnan(patients.percentile_interval(values)).all()
