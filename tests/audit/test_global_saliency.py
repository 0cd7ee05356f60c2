"""Global saliency against whole pixel pools, plain bootstraps and hand-made classes."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from gsal.audit import AuditData, by_class, inter_class_variance, z_scores
from gsal.audit.global_saliency import ClassSaliency, aggregator_agreement, pixel_pool
from gsal.records import Aggregator


def test_pool_is_that_of_all_pixels_also_of_uninked_pictures(data: AuditData) -> None:
    maps = np.random.default_rng(1).normal(3.0, 0.7, size=(data.n, 64))
    made = replace(data, map_sum=maps.sum(axis=1), map_sum_sq=(maps**2).sum(axis=1))
    pool = pixel_pool(made)
    assert (pool.mean, pool.sd, pool.pixels) == pytest.approx((maps.mean(), maps.std(), maps.size), rel=1e-12)
    inked = made.inked
    assert z_scores(made)[inked] == pytest.approx((made.mean[inked] - maps.mean()) / maps.std())
    assert np.isnan(z_scores(made)[~inked]).all()


def test_constant_maps_have_no_z(data: AuditData) -> None:
    made = replace(data, map_sum=np.full(data.n, 64.0), map_sum_sq=np.full(data.n, 64.0))
    assert np.isnan(z_scores(made)).all()
    assert [item.n for item in by_class(made, Aggregator.MEAN, rng=np.random.default_rng(0))] == [0, 0, 0]


def test_class_means_counts_and_chance(data: AuditData) -> None:
    for aggregator, values in ((Aggregator.MEAN, z_scores(data)), (Aggregator.PEAK, data.peak)):
        for index, item in enumerate(by_class(data, aggregator, rng=np.random.default_rng(0))):
            rows = (data.true_class == index) & data.inked
            names = data.patient[rows]
            assert item.mean == pytest.approx(values[rows].mean())
            assert item.n == rows.sum()
            assert item.n_patients == len(set(names[names != ""])) + (names == "").sum()
            assert item.chance == pytest.approx(6.5 / 64)
            assert item.low < item.mean < item.high
            assert item.flagged


def test_peak_interval_is_a_bootstrap_of_patients(data: AuditData) -> None:
    item = by_class(data, Aggregator.PEAK, rng=np.random.default_rng(4), draws=300)[0]
    rows = (data.true_class == 0) & data.inked
    names = [name or f"alone {row}" for row, name in enumerate(data.patient.tolist())]
    groups: dict[str, list[float]] = {}
    for row in np.flatnonzero(rows):
        groups.setdefault(names[row], []).append(float(data.peak[row]))
    alone = sorted((name for name in groups if name.startswith("alone")), key=lambda name: f"\0{name[6:]}")
    members = [groups[name] for name in [*alone, *sorted(set(groups) - set(alone))]]
    drawn = np.random.default_rng(4).integers(len(members), size=(300, len(members)))
    means = [np.mean(np.concatenate([members[code] for code in row])) for row in drawn]
    assert (item.low, item.high) == pytest.approx(tuple(np.percentile(means, [2.5, 97.5])))


def test_pictures_with_too_little_ink_are_left_out(data: AuditData) -> None:
    nowhere = replace(data, inked=np.zeros(data.n, dtype=np.bool_))
    classes = by_class(nowhere, Aggregator.PEAK, rng=np.random.default_rng(0))
    assert all(item.n == 0 and np.isnan(item.mean) for item in classes)
    variance = inter_class_variance(classes)
    assert np.isnan(variance.value)
    assert "fewer than two classes" in variance.reason


def class_of(name: str, mean: float, se: float = 0.1, n: int = 60) -> ClassSaliency:
    return ClassSaliency(name, mean, mean - se, mean + se, se, n, n, np.nan, "", False)


def test_variance_is_ddof_1_and_loses_its_noise() -> None:
    classes = (class_of("a", 0.1, 0.1), class_of("b", 0.5, 0.3), class_of("c", np.nan, np.nan, 0))
    variance = inter_class_variance(classes)
    assert variance.value == pytest.approx(0.08)
    assert variance.noise_corrected == pytest.approx(0.08 - (0.01 + 0.09) / 2)
    assert variance.classes == 2
    lone = inter_class_variance((*classes[:2], class_of("d", 0.2, np.nan, 1)))
    assert np.isnan(lone.noise_corrected)
    assert "d" in lone.reason


def test_noise_correction_is_unbiased(make_data: Callable[..., AuditData]) -> None:
    values = []
    for seed in range(200):
        made = make_data(seed)
        flat = replace(
            made, mean=np.where(made.inked, np.random.default_rng(seed).normal(size=made.n), np.nan)
        )
        values.append(
            inter_class_variance(
                by_class(flat, Aggregator.MEAN, rng=np.random.default_rng(0))
            ).noise_corrected
        )
    assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(200)


def test_agreement_of_the_aggregators() -> None:
    first = tuple(class_of(str(index), value) for index, value in enumerate([0.1, 0.2, 0.3]))
    assert aggregator_agreement(first, tuple(reversed(first))) == pytest.approx(-1)
    assert aggregator_agreement(first, (first[0], first[2], first[1])) == pytest.approx(1 / 3)
    assert np.isnan(aggregator_agreement(first, (first[0], first[0], first[0])))
    assert np.isnan(aggregator_agreement(first[:1], first[:1]))
