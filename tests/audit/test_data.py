"""Rows of an audit: what does not fit together is refused; live batches join."""

from dataclasses import replace

import numpy as np
import pytest

from gsal.audit import AuditData, by_class, z_scores
from gsal.progress import SaliencyBatch
from gsal.records import Aggregator


def batch(data: AuditData, rows: slice) -> SaliencyBatch:
    return SaliencyBatch(
        model=data.model,
        method=data.method,
        image_ids=data.image_ids[rows],
        true_class=data.true_class[rows],
        predicted=data.predicted[rows],
        explained=data.explained[rows],
        logits=data.logits[rows],
        mean=data.mean[rows],
        peak=data.peak[rows],
        map_sum=data.map_sum[rows],
        map_sum_sq=data.map_sum_sq[rows],
        map_pixels=64,
        inked=data.inked[rows],
        ink_px=data.ink_px[rows],
        mask_area=data.mask_area[rows],
        patients=tuple(data.patient[rows].tolist()),
    )


def test_batches_give_the_same_figures(data: AuditData) -> None:
    parts = [batch(data, slice(0, 50)), batch(data, slice(50, None))]
    live = AuditData.joined([AuditData.from_batch(part, data.classes) for part in parts])
    assert np.array_equal(z_scores(live), z_scores(data), equal_nan=True)
    assert np.array_equal(live.correct, data.correct)
    assert np.array_equal(live.confidence, data.confidence)
    wanted = by_class(data, Aggregator.MEAN, rng=np.random.default_rng(0))
    got = by_class(live, Aggregator.MEAN, rng=np.random.default_rng(0))
    assert [(item.mean, item.low, item.n) for item in got] == [
        (item.mean, item.low, item.n) for item in wanted
    ]


def test_mixed_or_no_batches_are_a_bug(data: AuditData) -> None:
    for parts in ([], [data, replace(data, model="other")], [data, replace(data, mask_set="rule")]):
        with pytest.raises(ValueError, match="one model, method and mask set"):
            AuditData.joined(parts)


def test_some_pictures_are_kept_with_all_that_is_known_of_them(data: AuditData) -> None:
    some = data.kept(data.inked)
    assert some.n == int(data.inked.sum())
    assert some.images == tuple(name for name, inked in zip(data.images, data.inked, strict=True) if inked)
    assert np.array_equal(some.logits, data.logits[data.inked])
    assert np.array_equal(data.kept(np.array([2, 0])).mean, data.mean[[2, 0]], equal_nan=True)


def test_what_does_not_fit_is_refused(data: AuditData) -> None:
    with pytest.raises(ValueError, match="mean has shape"):
        replace(data, mean=data.mean[1:])
    with pytest.raises(ValueError, match="logits have shape"):
        replace(data, logits=data.logits[:, 1:])
    with pytest.raises(ValueError, match="explained holds indices outside"):
        replace(data, explained=data.explained + 3)
