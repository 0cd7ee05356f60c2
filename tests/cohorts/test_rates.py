"""P(ink | class) set at will: exact quotas, one twin per scene, nested levels."""

from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gsal.cohorts import Picture
from gsal.cohorts.selection import Selection, rates
from gsal.errors import CohortError

Make = Callable[[Mapping[str, tuple[int, int]]], list[Picture]]
Twins = Callable[[Mapping[str, int]], list[Picture]]

_PERCENT = st.integers(0, 100)


def _twin_pool(scenes: tuple[int, int]) -> list[Picture]:
    labels = ["MEL"] * scenes[0] + ["NV"] * scenes[1]
    return [
        Picture(2 * scene + inked, label, f"p{scene}", f"S{scene}", bool(inked))
        for scene, label in enumerate(labels)
        for inked in (0, 1)
    ]


def _choose(pictures: list[Picture], mel: float, nv: float, *, seed: int = 0) -> Selection:
    return rates(
        pictures,
        ("MEL", "NV"),
        ink_rates={"MEL": mel, "NV": nv},
        rng=np.random.default_rng(seed),
        minimum_pictures=1,
    )


@given(st.tuples(st.integers(1, 40), st.integers(1, 40)), _PERCENT, _PERCENT, _PERCENT, st.integers(0, 3))
@settings(max_examples=100, deadline=None)
def test_twins_give_one_picture_per_scene_exact_quotas_and_nested_levels(
    scenes: tuple[int, int], first: int, second: int, other: int, seed: int
) -> None:
    pool = _twin_pool(scenes)
    by_id = {picture.image_id: picture for picture in pool}
    low, high = sorted((first, second))
    levels = [_choose(pool, percent / 100, other / 100, seed=seed) for percent in (low, high)]
    for percent, chosen in zip((low, high), levels, strict=True):
        assert sorted(i // 2 for i in chosen.image_ids) == list(range(sum(scenes)))
        assert chosen.table.inked_by_class["MEL"] == int(Fraction(percent * scenes[0], 100) + Fraction(1, 2))
        assert chosen.table.inked_by_class["NV"] == int(Fraction(other * scenes[1], 100) + Fraction(1, 2))
        assert chosen.notes == ()
    inked_low, inked_high = ({i for i in level.image_ids if by_id[i].inked} for level in levels)
    assert inked_low <= inked_high
    assert _choose(pool[::-1], low / 100, other / 100, seed=seed).image_ids == levels[0].image_ids


@given(
    st.lists(st.tuples(st.sampled_from(("MEL", "NV")), st.integers(0, 12), st.booleans()), max_size=60),
    _PERCENT,
    _PERCENT,
)
@settings(max_examples=100, deadline=None)
def test_any_mixture_meets_the_rate_with_at_most_one_picture_per_twin_lesion(
    rows: list[tuple[str, int, bool]], mel: int, nv: int
) -> None:
    pictures = [
        Picture(i, label, f"p{lesion}", f"L{lesion}" if lesion else "", inked)
        for i, (label, lesion, inked) in enumerate(rows)
    ]
    try:
        chosen = _choose(pictures, mel / 100, nv / 100)
    except CohortError:
        return
    taken = [pictures[i] for i in chosen.image_ids]
    for name, percent in (("MEL", mel), ("NV", nv)):
        n = chosen.table.n_by_class[name]
        assert abs(chosen.table.inked_by_class[name] - Fraction(percent * n, 100)) <= Fraction(1, 2)
    lesions = Counter((p.label, p.lesion_id) for p in taken if p.lesion_id)
    for (label, lesion), n in lesions.items():
        states = {p.inked for p in pictures if (p.label, p.lesion_id) == (label, lesion)}
        assert n == 1 or len(states) == 1


def test_the_demo_cohorts_have_the_same_marginal_rate(twins: Twins) -> None:
    pool = twins({"MEL": 84, "NV": 516})
    biased = _choose(pool, 0.95, 0.20)
    unbiased = _choose(pool, 0.305, 0.305)
    assert biased.table.inked_by_class == {"MEL": 80, "NV": 103}
    assert unbiased.table.inked_by_class == {"MEL": 26, "NV": 157}
    assert unbiased.table.inked == biased.table.inked == 183
    assert unbiased.table.cramers_v < 0.01 < 0.5 < biased.table.cramers_v


def test_without_twins_pictures_are_left_out_and_counted(make: Make) -> None:
    chosen = _choose(make({"MEL": (30, 10), "NV": (10, 30)}), 0.5, 0.25)
    assert chosen.table.n_by_class == {"MEL": 21, "NV": 40}  # 10 of 21 is 10.5, rounded up to 11
    assert chosen.table.inked_by_class == {"MEL": 11, "NV": 10}
    assert chosen.notes == ("19 of 40 pictures of MEL are left out to meet its rate.",)


def test_a_lesion_number_of_another_patient_is_another_lesion() -> None:
    pictures = [Picture(i, ("MEL", "NV")[i // 4], f"p{i}", "1", i % 2 == 0) for i in range(8)]
    assert len(_choose(pictures, 0.5, 0.5).image_ids) == 8


def test_impossible_rates_are_refused_with_the_reason(make: Make) -> None:
    pictures = make({"MEL": (12, 0), "NV": (0, 12)})
    with pytest.raises(CohortError, match=r"P\(ink \| MEL\) = 0 cannot be had: .* 12 are inked, 0 are not"):
        _choose(pictures, 0, 0)
    with pytest.raises(CohortError, match=r"from 0 to 1; got NV = 1\.2"):
        _choose(pictures, 1, 1.2)
    with pytest.raises(CohortError, match="from 0 to 1"):
        _choose(pictures, float("nan"), 0.2)
    with pytest.raises(CohortError, match="No ink rate given for class NV"):
        rates(pictures, ("MEL", "NV"), ink_rates={"MEL": 1}, rng=np.random.default_rng(0))
    with pytest.raises(CohortError, match="too few to train on"):
        rates(pictures[10:14], ("MEL", "NV"), ink_rates={"MEL": 1, "NV": 0}, rng=np.random.default_rng(0))
