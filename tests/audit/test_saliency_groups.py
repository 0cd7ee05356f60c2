"""Grouped and resampled pictures against rows that are really repeated."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsal.audit import saliency_groups
from gsal.audit.saliency_groups import SaliencyGroups


@given(st.lists(st.integers(0, 30), min_size=1, max_size=80), st.integers(1, 40))
def test_groups_keep_the_order_and_part_no_ties(values: list[int], most: int) -> None:
    saliency = np.array(values, dtype=np.float64)
    groups = SaliencyGroups.of(saliency, saliency > 3, np.arange(len(values)), most=most)
    order = np.argsort(saliency, kind="stable")
    assert (np.diff(groups.group[order]) >= 0).all()
    assert set(groups.group.tolist()) == set(range(groups.size))
    assert groups.size <= max(most, 1)
    for value in set(values):
        assert len(set(groups.group[saliency == value].tolist())) == 1
    if len(set(values)) <= most:
        assert groups.size == len(set(values))


def test_groups_of_distinct_values_are_alike_in_size() -> None:
    groups = SaliencyGroups.of(
        np.random.default_rng(0).random(1037), np.zeros(1037, bool), np.arange(1037), most=100
    )
    assert set(np.bincount(groups.group).tolist()) <= {10, 11}


def test_a_draw_is_whole_patients_repeated() -> None:
    rng = np.random.default_rng(2)
    values, right, codes = (
        rng.integers(6, size=40).astype(float),
        rng.random(40) < 0.5,
        rng.integers(9, size=40),
    )
    codes = np.unique(codes, return_inverse=True)[1]
    groups = SaliencyGroups.of(values, right, codes, most=100)
    blocks = list(groups.resampled(draws=600, rng=np.random.default_rng(5)))
    sizes, hits = (np.concatenate([block[side] for block in blocks]) for side in (0, 1))
    for row, drawn in enumerate(np.random.default_rng(5).integers(9, size=(600, 9))):
        rows = np.concatenate([np.flatnonzero(codes == code) for code in drawn])
        assert sizes[row].tolist() == np.bincount(groups.group[rows], minlength=groups.size).tolist()
        assert (
            hits[row].tolist() == np.bincount(groups.group[rows][right[rows]], minlength=groups.size).tolist()
        )


@pytest.mark.parametrize("per_patient", [1, 4])
def test_lots_keep_the_variance_of_patients(monkeypatch: pytest.MonkeyPatch, per_patient: int) -> None:
    monkeypatch.setattr(saliency_groups, "MOST_UNITS", 1000)
    rng = np.random.default_rng(3)
    codes = np.repeat(np.arange(2500), per_patient)
    right = rng.random(len(codes)) < rng.beta(2, 2, size=2500)[codes]
    groups = SaliencyGroups.of(rng.random(len(codes)), right, codes, most=100)
    blocks = list(groups.resampled(draws=4000, rng=rng))
    accuracy = np.concatenate([hits.sum(axis=1) / sizes.sum(axis=1) for sizes, hits in blocks])
    by_patient = np.bincount(codes, weights=right) / per_patient
    assert len(accuracy) == 4000
    assert accuracy.mean() == pytest.approx(right.mean(), abs=0.001)
    # The lots (sd 2.2 %) and the draws (sd 1.1 %) both leave chance in the standard deviation.
    assert accuracy.std() == pytest.approx(by_patient.std() / 50, rel=0.08)
