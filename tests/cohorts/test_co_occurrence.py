"""Table 1 and Cramer's V."""

import math
from collections.abc import Callable, Mapping

import pytest
from scipy.stats import chi2_contingency

from gsal.cohorts import Picture, table
from gsal.cohorts.co_occurrence import cramers_v

Make = Callable[[Mapping[str, tuple[int, int]]], list[Picture]]


def test_table_counts_classes_without_pictures_as_none(make: Make) -> None:
    counts = table(make({"MEL": (3, 1), "NV": (1, 3), "old": (5, 5)}), ("NV", "MEL", "BCC"))
    assert counts.n_by_class == {"NV": 4, "MEL": 4, "BCC": 0}
    assert counts.ink_rate_by_class == {"NV": 0.25, "MEL": 0.75, "BCC": None}
    assert (counts.n, counts.inked, counts.ink_rate) == (8, 4, 0.5)
    assert counts.cramers_v == pytest.approx(0.5)  # 2 x 2: |ad - bc| / sqrt(product of the margins)


def test_cramers_v_is_the_root_of_chi_squared_per_picture() -> None:
    inked, uninked = [58, 24, 74, 31], [42, 26, 26, 29]
    chi2 = chi2_contingency([inked, uninked], correction=False).statistic
    assert cramers_v(inked, uninked) == pytest.approx(math.sqrt(chi2 / sum(inked + uninked)))


@pytest.mark.parametrize(
    ("inked", "uninked"), [([0, 0], [3, 4]), ([3, 4], [0, 0]), ([3, 0], [3, 0]), ([], [])]
)
def test_cramers_v_is_undefined_without_variation(inked: list[int], uninked: list[int]) -> None:
    assert math.isnan(cramers_v(inked, uninked))


def test_an_undefined_v_becomes_none_in_json(make: Make) -> None:
    assert table(make({"MEL": (3, 0)}), ("MEL",)).to_json()["cramers_v"] is None
    assert table([], ("MEL",)).to_json()["ink_rate"] is None
