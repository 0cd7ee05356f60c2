import numpy as np
import pytest

from gsal.training.scores import accuracy, macro_auroc


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
