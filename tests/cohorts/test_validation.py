"""The validation set stands for all of the project: ink, class, disagreement, and many patients."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsal.cohorts.validation import Candidate, choose, wilson_half_width
from gsal.errors import CohortError
from gsal.masks.proportions import wilson

CANDIDATES = st.lists(
    st.tuples(
        st.integers(0, 12).map(str),
        st.sampled_from(["MEL", "NV", ""]),
        st.booleans(),
        st.none() | st.sampled_from([0.0, 0.1, 0.5, 0.5001, 1.0]),
    ),
    min_size=1,
    max_size=40,
).map(lambda rows: [Candidate(i, *row) for i, row in enumerate(rows)])


def many(n: int = 3000, seed: int = 0) -> list[Candidate]:
    """Return pictures of 3 classes, 40 % inked, two per patient."""
    rng = np.random.default_rng(seed)
    labels = rng.choice(["MEL", "NV", "BCC"], n, p=[0.2, 0.7, 0.1]).tolist()
    return [
        Candidate(i, f"p{i // 2}", labels[i], bool(rng.random() < 0.4), float(rng.random())) for i in range(n)
    ]


@given(CANDIDATES, st.integers(1, 50), st.integers(0, 3), st.sampled_from([0.0, 0.3, 0.5, 1.0]))
def test_as_many_as_asked_each_once_and_the_share_of_ink_as_near_as_can_be(
    candidates: list[Candidate], n: int, seed: int, share: float
) -> None:
    chosen = choose(candidates, n=n, seed=seed, inked_share=share)
    assert len({one.image_id for one in chosen}) == len(chosen) == min(n, len(candidates))
    assert [one.position for one in chosen] == list(range(len(chosen)))
    n_inked = sum(one.stratum.startswith("ink,") for one in chosen)
    all_inked = sum(one.inked for one in candidates)
    lowest = len(chosen) - (len(candidates) - all_inked)
    assert n_inked == min(max(round(len(chosen) * share), lowest), all_inked)
    by_id = {one.image_id: one for one in candidates}
    for one in chosen:
        assert one.stratum.split(", ")[1] == (by_id[one.image_id].label or "no class")
        assert one.stratum.startswith("ink,") == by_id[one.image_id].inked


@given(CANDIDATES, st.integers(1, 50))
def test_the_order_pictures_come_in_does_not_matter(candidates: list[Candidate], n: int) -> None:
    assert choose(candidates[::-1], n=n, seed=1) == choose(candidates, n=n, seed=1)


@given(CANDIDATES)
def test_with_room_for_all_strata_none_is_left_out(candidates: list[Candidate]) -> None:
    everything = {one.stratum for one in choose(candidates, n=len(candidates), seed=0)}
    n_inked = sum(name.startswith("ink,") for name in everything)
    share = 0.5
    n = 2 * max(n_inked, len(everything) - n_inked, 1)
    chosen = choose(candidates, n=n, seed=0, inked_share=share)
    assert {one.stratum for one in chosen} == everything


def test_strata_give_in_proportion_to_their_size() -> None:
    candidates = many()
    chosen = choose(candidates, n=300, seed=0)
    sizes = Counter(one.stratum for one in choose(candidates, n=len(candidates), seed=0))
    given_ = Counter(one.stratum for one in chosen)
    for ink in ("ink,", "no ink,"):
        total = sum(count for name, count in sizes.items() if name.startswith(ink))
        for name, count in sizes.items():
            if name.startswith(ink):
                assert abs(given_[name] - 150 * count / total) <= 1
    assert len(sizes) == 2 * 3 * 3
    levels = Counter(one.stratum.rsplit(", ", 1)[1] for one in choose(candidates, n=len(candidates), seed=0))
    assert set(levels.values()) == {1000}


def test_pictures_are_of_as_many_patients_as_there_are_places() -> None:
    candidates = many()
    patients = {one.image_id: one.patient for one in candidates}
    for n in (100, 300, 1000):
        chosen = choose(candidates, n=n, seed=3)
        assert len({patients[one.image_id] for one in chosen}) == n


def test_the_scarce_stratum_has_its_patients_left_to_it() -> None:
    """The one inked BCC is of a patient who has uninked pictures too: those are another's."""
    candidates = [
        Candidate(0, "a", "BCC", True, 0.5),
        *(Candidate(i, "a", "NV", False, 0.5) for i in range(1, 20)),
        Candidate(20, "b", "NV", False, 0.5),
    ]
    for seed in range(10):
        assert {one.image_id for one in choose(candidates, n=2, seed=seed)} == {0, 20}


def test_another_seed_is_another_choice_in_another_order() -> None:
    candidates = many()
    first, second = (choose(candidates, n=200, seed=seed) for seed in (0, 1))
    assert {one.image_id for one in first} != {one.image_id for one in second}
    assert [one.image_id for one in first] != sorted(one.image_id for one in first)


@pytest.mark.parametrize(("n", "share"), [(0, 0.5), (5, 1.5), (5, -0.1), (5, float("nan"))])
def test_what_is_impossible(n: int, share: float) -> None:
    with pytest.raises(CohortError, match="from 0 to 1"):
        choose(many(10), n=n, seed=0, inked_share=share)
    with pytest.raises(CohortError, match="gsal propose"):
        choose([], n=5, seed=0)


def test_half_width_is_half_of_wilsons_interval() -> None:
    interval = wilson(285, 300)
    assert wilson_half_width(0.95, 300) == (interval.high - interval.low) / 2
    assert np.isnan(wilson_half_width(0.95, 0))
