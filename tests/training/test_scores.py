import numpy as np
import pytest

from gsal.training.scores import (
    accuracy,
    calibration_error,
    class_aurocs,
    confusion_matrix,
    macro_auroc,
    reliability,
)


def brute_force_auroc(scores: np.ndarray, labels: np.ndarray) -> float:
    areas = []
    for index in range(scores.shape[1]):
        own, rest = scores[labels == index, index], scores[labels != index, index]
        if len(own) and len(rest):
            pairs = own[:, None] - rest[None]
            areas.append(((pairs > 0) + 0.5 * (pairs == 0)).mean())
    return float(np.mean(areas))


def test_auroc_is_the_share_of_pairs_in_the_right_order_ties_one_half() -> None:
    rng = np.random.default_rng(0)
    scores = rng.integers(0, 5, (60, 4)).astype(float)
    labels = rng.integers(0, 3, 60)
    assert macro_auroc(scores, labels) == pytest.approx(brute_force_auroc(scores, labels), abs=1e-12)


def test_auroc_is_undefined_for_one_class() -> None:
    assert np.isnan(macro_auroc(np.ones((3, 2)), np.array([0, 0, 0])))


def test_accuracy_counts_the_largest_logit() -> None:
    assert accuracy(np.array([[2.0, 1.0], [0.0, 3.0], [1.0, 0.0]]), np.array([0, 1, 1])) == pytest.approx(
        2 / 3
    )


def test_each_class_has_its_area_and_the_macro_mean_is_over_those() -> None:
    rng = np.random.default_rng(1)
    scores, labels = rng.random((40, 3)), rng.integers(0, 2, 40)
    areas = class_aurocs(scores, labels)
    assert np.isnan(areas[2]), "no picture is of the third class"
    assert macro_auroc(scores, labels) == pytest.approx(areas[:2].mean())


def test_confusions_are_counted_by_true_and_named_class() -> None:
    logits = np.array([[3.0, 0, 0], [3.0, 0, 0], [0, 0, 3.0], [0, 3.0, 0]])
    assert confusion_matrix(logits, np.array([0, 1, 1, 1])).tolist() == [[1, 0, 0], [1, 1, 1], [0, 0, 0]]


def test_calibration_is_the_gap_between_being_sure_and_being_right() -> None:
    """Ten pictures of .9 of which five are right, ten of .6 of which six are."""
    probabilities = np.array([[0.9, 0.1]] * 10 + [[0.6, 0.4]] * 10)
    labels = np.array([0] * 5 + [1] * 5 + [0] * 6 + [1] * 4)
    bins = reliability(probabilities, labels)
    assert [(one.n, round(one.confidence, 6), one.accuracy) for one in bins] == [
        (10, 0.6, 0.6),
        (10, 0.9, 0.5),
    ]
    assert bins[0].low < 0.6 <= bins[0].high + 1e-12
    assert calibration_error(bins) == pytest.approx((10 * 0.0 + 10 * 0.4) / 20)
    assert np.isnan(calibration_error([]))
