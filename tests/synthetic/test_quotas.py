"""Quotas of the classes: exact, and in an order that only the seed decides."""

import doctest
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsal.errors import GsalError
from gsal.records import DEFAULT_CLASSES
from gsal.synthetic import PREVALENCE, class_counts, frame, quotas, scene_labels


def test_classes_are_the_projects_own_in_its_order() -> None:
    assert tuple(PREVALENCE) == DEFAULT_CLASSES
    assert sum(PREVALENCE.values()) == pytest.approx(1)


@given(st.integers(0, 5000), st.lists(st.floats(0.001, 10), min_size=1, max_size=8))
def test_counts_sum_up_and_are_within_one_of_their_share(n: int, weights: list[float]) -> None:
    prevalence = {str(place): weight for place, weight in enumerate(weights)}
    counts = class_counts(n, prevalence=prevalence)
    assert sum(counts.values()) == n
    for label, count in counts.items():
        assert abs(count - n * prevalence[label] / sum(weights)) < 1 + 1e-9


def test_the_demo_has_its_exact_quotas() -> None:
    assert class_counts(100) == {"MEL": 14, "NV": 28, "BCC": 18, "SCC": 10, "AK": 9, "SK": 13, "Other": 8}


@pytest.mark.parametrize("n", [1, 7, 100, 880])
def test_labels_hold_the_quotas_in_an_order_of_the_seed(n: int) -> None:
    labels = scene_labels(n, 3)
    counts = {label: count for label, count in class_counts(n).items() if count}
    assert Counter(labels) == counts
    assert labels == scene_labels(n, 3)
    if n > 50:
        assert labels != scene_labels(n, 4)
        assert labels != sorted(labels, key=DEFAULT_CLASSES.index)


@pytest.mark.parametrize(
    ("n", "prevalence"), [(-1, {"MEL": 1.0}), (5, {"MEL": -1.0}), (5, {"MEL": 0.0}), (5, {})]
)
def test_what_cannot_be_shared_out_is_refused(n: int, prevalence: dict[str, float]) -> None:
    with pytest.raises(GsalError, match="positive numbers"):
        class_counts(n, prevalence=prevalence)


def test_examples_in_the_documentation_hold() -> None:
    for module in (quotas, frame):
        result = doctest.testmod(module)
        assert result.attempted
        assert not result.failed
