"""Within-image normalisation against the maps themselves."""

from dataclasses import replace

import numpy as np
import pytest

from gsal.audit import AuditData
from gsal.audit.within_image import normalised_within


def test_it_is_the_mean_on_the_ink_of_the_standardised_map(data: AuditData) -> None:
    rng = np.random.default_rng(0)
    maps = rng.normal(rng.normal(size=(data.n, 1)), 1 + rng.random((data.n, 1)), (data.n, 64))
    ink = rng.random((data.n, 64)) < 0.3
    made = replace(
        data,
        mean=np.where(data.inked, (maps * ink).sum(axis=1) / ink.sum(axis=1), np.nan),
        map_sum=maps.sum(axis=1),
        map_sum_sq=(maps**2).sum(axis=1),
    )
    standard = (maps - maps.mean(axis=1, keepdims=True)) / maps.std(axis=1, keepdims=True)
    expected = np.where(data.inked, (standard * ink).sum(axis=1) / ink.sum(axis=1), np.nan)
    assert normalised_within(made).mean == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("value", [0.0, 0.1, 1e6])
def test_a_constant_map_has_no_scale(data: AuditData, value: float) -> None:
    n = np.full(data.n, value)
    made = replace(data, mean=n, map_sum=64 * n, map_sum_sq=64 * n**2)
    assert np.isnan(normalised_within(made).mean).all()
