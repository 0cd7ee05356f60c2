import numpy as np
import pytest
import skimage.metrics
from scipy import ndimage

from gsal.masks import agreement

EMPTY = np.zeros((12, 14), bool)


def blobs(seed: int, shape: tuple[int, int] = (60, 80)) -> np.ndarray:
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=shape), 4)
    return noise > np.quantile(noise, 0.8)


def edges(mask: np.ndarray) -> np.ndarray:
    return mask & ~ndimage.binary_erosion(mask)


def reference_distances(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    there = ndimage.distance_transform_edt(~edges(second))[edges(first)]
    back = ndimage.distance_transform_edt(~edges(first))[edges(second)]
    return there, back


@pytest.mark.parametrize("seed", range(6))
def test_against_independent_references(seed: int) -> None:
    first, second = blobs(seed), blobs(seed + 100) | blobs(seed)
    inter, union = np.logical_and(first, second).sum(), np.logical_or(first, second).sum()
    assert agreement.dice(first, second) == pytest.approx(2 * inter / (first.sum() + second.sum()))
    assert agreement.iou(first, second) == pytest.approx(inter / union)
    assert agreement.precision(second, first) == pytest.approx(inter / second.sum())
    assert agreement.recall(second, first) == pytest.approx(1.0)
    there, back = reference_distances(first, second)
    for tolerance in (0.0, 1.0, 2.0, 5.5):
        expected = ((there <= tolerance).sum() + (back <= tolerance).sum()) / (there.size + back.size)
        assert agreement.surface_dice(first, second, tolerance_px=tolerance) == pytest.approx(expected)
    expected = max(np.percentile(there, 95), np.percentile(back, 95))
    assert agreement.hd95(first, second) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_largest_distance_is_scikit_images_hausdorff(seed: int) -> None:
    first, second = blobs(seed), blobs(seed + 50)
    there, back = agreement.surface_distances(first, second)
    expected = skimage.metrics.hausdorff_distance(edges(first), edges(second))  # type: ignore[no-untyped-call]
    assert max(there.max(), back.max()) == pytest.approx(expected, rel=1e-5)


def test_squares_by_hand() -> None:
    first, second = EMPTY.copy(), EMPTY.copy()
    first[2:6, 2:6] = True
    second[2:6, 5:9] = True
    assert agreement.dice(first, second) == 8 / 32
    assert agreement.iou(first, second) == 4 / 28
    assert agreement.precision(first, second) == 0.25
    assert agreement.hd95(first, second) == 3
    assert agreement.surface_dice(first, second, tolerance_px=3) == 1
    assert agreement.surface_dice(first, second, tolerance_px=0) == pytest.approx(8 / 24)
    shifted = np.roll(first, 1, axis=1)
    assert agreement.surface_dice(first, shifted, tolerance_px=1) == 1


def test_both_empty_is_undefined() -> None:
    for value in (
        agreement.dice(EMPTY, EMPTY),
        agreement.iou(EMPTY, EMPTY),
        agreement.precision(EMPTY, EMPTY),
        agreement.recall(EMPTY, EMPTY),
        agreement.surface_dice(EMPTY, EMPTY, tolerance_px=2),
        agreement.hd95(EMPTY, EMPTY),
    ):
        assert np.isnan(value)


@pytest.mark.parametrize("swap", [False, True])
def test_one_empty_is_zero(swap: bool) -> None:
    ink = EMPTY.copy()
    ink[3:5, 3:5] = True
    first, second = (EMPTY, ink) if swap else (ink, EMPTY)
    assert agreement.dice(first, second) == 0
    assert agreement.iou(first, second) == 0
    assert agreement.surface_dice(first, second, tolerance_px=50) == 0
    assert np.isnan(agreement.hd95(first, second))
    assert np.isnan(agreement.precision(EMPTY, ink))
    assert agreement.recall(EMPTY, ink) == 0


def test_ink_at_the_border_has_an_edge_there() -> None:
    full = np.ones((8, 8), bool)
    there, _ = agreement.surface_distances(full, full)
    assert there.size == 28


def test_sizes_must_match() -> None:
    for function in (agreement.dice, agreement.iou, agreement.precision, agreement.recall, agreement.hd95):
        with pytest.raises(ValueError, match="different size"):
            function(EMPTY, EMPTY.T)


def test_kappa_against_its_table() -> None:
    first = np.array([1] * 20 + [1] * 5 + [0] * 10 + [0] * 15, bool)
    second = np.array([1] * 20 + [0] * 5 + [1] * 10 + [0] * 15, bool)
    assert agreement.kappa(first, second) == pytest.approx(0.4)
    assert agreement.kappa(first, first) == 1
    assert agreement.kappa([True, False], [False, True]) == -1


def test_the_interval_of_kappa_is_that_of_pictures_drawn_one_by_one() -> None:
    rng = np.random.default_rng(1)
    first = rng.random(60) < 0.4
    second = first ^ (rng.random(60) < 0.15)
    drawn = [agreement.kappa(first[rows], second[rows]) for rows in rng.integers(0, 60, (4000, 60))]
    low, high = agreement.kappa_interval(first, second)
    assert (low, high) == pytest.approx(np.percentile(drawn, [2.5, 97.5]), abs=0.03)
    assert low < agreement.kappa(first, second) < high
    assert agreement.kappa_interval(first, second) == (low, high)
    assert agreement.kappa_interval(first, second, seed=1) != (low, high)


def test_the_interval_of_kappa_at_its_ends() -> None:
    assert agreement.kappa_interval([True, False, False], [True, False, False]) == (1, 1)
    assert all(np.isnan(agreement.kappa_interval([], [])))
    assert all(np.isnan(agreement.kappa_interval([True, True], [True, True])))


def test_kappa_undefined() -> None:
    assert np.isnan(agreement.kappa([], []))
    assert np.isnan(agreement.kappa([True, True], [True, True]))
    assert agreement.kappa([True, True], [False, False]) == 0
    with pytest.raises(ValueError, match="2 and 1"):
        agreement.kappa([True, True], [True])
