"""Groups of classes against pictures picked by hand, folds against scipy's intervals."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from gsal.audit import AuditData, band
from gsal.audit import response_rate as rr
from gsal.audit.groups import by_group, over_folds
from gsal.audit.response_band import SHARES
from gsal.records import Aggregator

Make = Callable[..., AuditData]


def without_ink(data: AuditData) -> AuditData:
    return replace(data, inked=np.zeros(data.n, dtype=np.bool_))


def test_a_group_and_the_rest_are_all_inked_pictures(data: AuditData) -> None:
    group, rest = by_group(data, Aggregator.PEAK, ("BCC", "MEL"), seed=3, draws=50)
    assert (group.name, rest.name) == ("MEL+BCC", "NV")
    assert group.response.n + rest.response.n == data.inked.sum()
    for item, rows in (
        (group, data.inked & (data.true_class != 1)),
        (rest, data.inked & (data.true_class == 1)),
    ):
        parts = data.peak[rows], data.correct[rows]
        assert item.response.aurrac == rr.aurrac(*parts)
        assert item.band == band(*parts, data.codes[rows], rng=np.random.default_rng(3), draws=50)
        names = data.patient[rows]
        assert item.response.n_patients == len(set(names[names != ""])) + (names == "").sum()


def test_all_classes_are_the_whole_and_no_class_is_nothing(data: AuditData) -> None:
    everything, nothing = by_group(data, Aggregator.MEAN, data.classes, seed=0, draws=20)
    inked = data.inked
    assert everything.response.aurrac == rr.aurrac(data.mean[inked], data.correct[inked])
    assert nothing.response.n == 0
    assert nothing.band.share == ()
    assert all("no picture" in reason for reason in nothing.response.reasons.values())
    with pytest.raises(ValueError, match="knows no class SK; it has MEL, NV, BCC"):
        by_group(data, Aggregator.MEAN, ("MEL", "SK"), seed=0)


def test_curves_that_cross_are_told_apart(make_data: Make) -> None:
    """As in the paper's Fig. 2: with more ink saliency one group is right more often, the rest less."""
    made = make_data(n=600)
    hits = np.random.default_rng(0).random(600) < np.where(
        (made.true_class == 0) == (made.mean > np.nanmedian(made.mean)), 0.9, 0.3
    )
    planted = replace(made, predicted=np.where(hits, made.true_class, (made.true_class + 1) % 3))
    group, rest = by_group(planted, Aggregator.MEAN, ("MEL",), seed=0, draws=200)
    assert group.band.aurrac.high < group.response.accuracy
    assert rest.band.aurrac.low > rest.response.accuracy


def folds_of(make: Make, count: int) -> list[AuditData]:
    return [replace(make(seed, model=f"fold {seed}"), fold=seed) for seed in range(count)]


def test_the_band_over_folds_is_a_t_interval_at_each_share(make_data: Make) -> None:
    folds = folds_of(make_data, 5)
    result = over_folds(folds, Aggregator.MEAN)
    lines = []
    for item in folds:
        line = rr.curve(item.mean[item.inked], item.correct[item.inked])
        lines.append(np.interp(SHARES, line.share, line.accuracy))
    assert result.curves == tuple(tuple(line.tolist()) for line in lines)
    assert result.folds == (0, 1, 2, 3, 4)
    for column in (0, 40, 90):
        values = [line[column] for line in lines]
        interval = stats.ttest_1samp(values, 0).confidence_interval(0.95)
        assert result.accuracy[column] == pytest.approx(np.mean(values))
        assert (result.low[column], result.high[column]) == pytest.approx((interval.low, interval.high))
    areas = [rr.aurrac(item.mean[item.inked], item.correct[item.inked]) for item in folds]
    interval = stats.ttest_1samp(areas, 0).confidence_interval(0.95)
    assert result.aurrac == pytest.approx(np.mean(areas))
    assert (result.aurrac_interval.low, result.aurrac_interval.high) == pytest.approx(
        (interval.low, interval.high)
    )
    assert (result.n, result.left_out, result.reason) == (sum(item.inked.sum() for item in folds), 0, "")


def test_folds_of_a_group_and_folds_without_pictures(make_data: Make) -> None:
    folds = folds_of(make_data, 3)
    folds[1] = without_ink(folds[1])
    result = over_folds(folds, Aggregator.MEAN, classes=("NV",))
    rows = folds[0].inked & (folds[0].true_class == 1)
    line = rr.curve(folds[0].mean[rows], folds[0].correct[rows])
    assert result.curves[0] == tuple(np.interp(SHARES, line.share, line.accuracy).tolist())
    assert (result.folds, result.left_out, len(result.curves)) == ((0, 2), 1, 2)
    assert result.low < result.high


@pytest.mark.parametrize(("inked", "reason"), [(1, "only one fold"), (0, "no fold has pictures")])
def test_too_few_folds_say_why(make_data: Make, inked: int, reason: str) -> None:
    folds = folds_of(make_data, 2)
    made = [item if item.fold is not None and item.fold < inked else without_ink(item) for item in folds]
    for given in (made, made[:1]):
        result = over_folds(given, Aggregator.MEAN)
        assert reason in result.reason
        assert np.isnan([*result.low, *result.high, result.aurrac_interval.low]).all()
        assert np.isnan(result.aurrac) == (inked == 0)
        assert len(result.accuracy) == len(SHARES)
    assert "no fold has pictures" in over_folds([], Aggregator.MEAN).reason


def test_folds_that_do_not_fit_together_are_refused(make_data: Make) -> None:
    first, second = folds_of(make_data, 2)
    with pytest.raises(ValueError, match="each fold once"):
        over_folds([first, first], Aggregator.MEAN)
    with pytest.raises(ValueError, match="each fold once"):
        over_folds([first, replace(second, fold=None)], Aggregator.MEAN)
    with pytest.raises(ValueError, match="saliency method"):
        over_folds([first, replace(second, method="occlusion")], Aggregator.MEAN)
