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
        mean=data.mean[rows],
        peak=data.peak[rows],
        map_sum=data.map_sum[rows],
        map_sum_sq=data.map_sum_sq[rows],
        map_pixels=64,
        inked=data.inked[rows],
        patients=tuple(data.patient[rows].tolist()),
    )


def test_batches_give_the_same_figures(data: AuditData) -> None:
    batches = [batch(data, slice(0, 50)), batch(data, slice(50, None))]
    live = AuditData.from_batches(batches, classes=data.classes, mask_set="exact")
    assert np.array_equal(z_scores(live), z_scores(data), equal_nan=True)
    assert np.array_equal(live.correct, data.correct)
    wanted = by_class(data, Aggregator.MEAN, rng=np.random.default_rng(0))
    got = by_class(live, Aggregator.MEAN, rng=np.random.default_rng(0))
    assert [(item.mean, item.low, item.n) for item in got] == [
        (item.mean, item.low, item.n) for item in wanted
    ]


def test_mixed_or_no_batches_are_a_bug(data: AuditData) -> None:
    first = batch(data, slice(0, 2))
    for batches in ([], [first, replace(first, model="other")]):
        with pytest.raises(ValueError, match="one model and method"):
            AuditData.from_batches(batches, classes=data.classes, mask_set="exact")


def test_what_does_not_fit_is_refused(data: AuditData) -> None:
    with pytest.raises(ValueError, match="mean has shape"):
        replace(data, mean=data.mean[1:])
    with pytest.raises(ValueError, match="logits have shape"):
        replace(data, logits=data.logits[:, 1:])
    with pytest.raises(ValueError, match="explained holds indices outside"):
        replace(data, explained=data.explained + 3)
