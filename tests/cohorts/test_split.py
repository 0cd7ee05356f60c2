"""The one split: no patient on both sides, exact strata, independent of input order, extendable."""

import random
from collections import Counter
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gsal.cohorts import Picture
from gsal.cohorts.folds import folds
from gsal.cohorts.split import achieved, extend, split
from gsal.cohorts.strata import choose_patients
from gsal.errors import CohortError
from gsal.records import Side

Make = Callable[[Mapping[str, tuple[int, int]]], list[Picture]]

_ROWS = st.lists(
    st.tuples(st.sampled_from(("MEL", "NV", "BCC")), st.integers(0, 30), st.booleans()),
    min_size=2,
    max_size=90,
)
_SHARES = st.sampled_from((0.1, 0.2, 1 / 3, 0.5))


def _pictures(rows: list[tuple[str, int, bool]]) -> list[Picture]:
    return [
        Picture(5 * i + 2, label, f"p{patient}", "", inked) for i, (label, patient, inked) in enumerate(rows)
    ]


def _sides_by_patient(pictures: list[Picture], sides: Mapping[int, Side]) -> dict[str, set[Side]]:
    found: dict[str, set[Side]] = {}
    for picture in pictures:
        found.setdefault(picture.patient, set()).add(sides[picture.image_id])
    return found


@given(_ROWS, _SHARES, st.integers(0, 5), st.randoms())
@settings(max_examples=60, deadline=None)
def test_no_patient_is_on_both_sides_and_order_does_not_matter(
    rows: list[tuple[str, int, bool]], share: float, seed: int, shuffler: random.Random
) -> None:
    pictures = _pictures(rows)
    sides = extend(pictures, {}, validation_share=share, seed=seed)
    assert set(sides) == {picture.image_id for picture in pictures}
    assert all(len(found) == 1 for found in _sides_by_patient(pictures, sides).values())
    shuffler.shuffle(pictures)
    assert extend(pictures, {}, validation_share=share, seed=seed) == sides


@given(
    st.dictionaries(
        st.sampled_from("ABCDEFG"), st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1
    ),
    _SHARES,
)
@settings(max_examples=60, deadline=None)
def test_every_stratum_class_and_the_total_come_within_one_picture_of_the_share(
    counts: dict[str, tuple[int, int]], share: float
) -> None:
    rows = [
        (label, inked)
        for label, pair in counts.items()
        for inked, n in zip((True, False), pair, strict=True)
        for _ in range(n)
    ]
    assume(len(rows) >= 2)
    pictures = [Picture(i, label, f"p{i}", "", inked) for i, (label, inked) in enumerate(rows)]
    sides = extend(pictures, {}, validation_share=share, seed=1)
    strata = achieved(pictures, sides)
    assert all(abs(s.chosen - share * s.n) <= 1 + 1e-9 for s in strata)
    for label in counts:
        of_class = [s for s in strata if s.label == label]
        assert abs(sum(s.chosen for s in of_class) - share * sum(s.n for s in of_class)) <= 1 + 1e-9
    assert abs(sum(s.chosen for s in strata) - share * len(pictures)) <= 1 + 1e-9


def test_the_seed_decides_and_strata_are_counted(make: Make) -> None:
    pictures = make({"MEL": (40, 60), "NV": (20, 80)})
    first = split(pictures, validation_share=0.1, seed=0)
    assert first == split(pictures, validation_share=0.1, seed=0)
    assert first != split(pictures, validation_share=0.1, seed=1)
    assert [(s.label, s.inked, s.n, s.chosen) for s in achieved(pictures, first)] == [
        ("MEL", False, 60, 6),
        ("MEL", True, 40, 4),
        ("NV", False, 80, 8),
        ("NV", True, 20, 2),
    ]


def test_large_patients_do_not_spoil_the_share() -> None:
    sizes = [20] * 5 + [1] * 100
    owners = [f"p{patient}" for patient, size in enumerate(sizes) for _ in range(size)]
    pictures = [Picture(i, "NV" if i % 3 else "MEL", owner, "", i % 2 == 0) for i, owner in enumerate(owners)]
    sides = split(pictures, validation_share=0.1, seed=3)
    assert abs(Counter(sides.values())[Side.VALIDATION] - 20) <= 1


@given(_ROWS, _ROWS, st.integers(0, 3))
@settings(max_examples=40, deadline=None)
def test_pictures_added_later_join_their_patient(
    old: list[tuple[str, int, bool]], new: list[tuple[str, int, bool]], seed: int
) -> None:
    everything = _pictures(old + new)
    before = extend(everything[: len(old)], {}, validation_share=0.2, seed=seed)
    after = extend(everything, before, validation_share=0.2, seed=seed)
    assert before.items() <= after.items()
    assert all(len(found) == 1 for found in _sides_by_patient(everything, after).values())


def test_new_patients_arriving_one_by_one_keep_the_share(make: Make) -> None:
    pictures = make({"MEL": (50, 50)})
    sides = split(pictures[:40], validation_share=0.1, seed=0)
    for n in range(41, 101):
        sides = extend(pictures[:n], sides, validation_share=0.1, seed=0)
    assert abs(Counter(sides.values())[Side.VALIDATION] - 10) <= 1


def test_what_cannot_be_split_is_refused(make: Make) -> None:
    pictures = make({"MEL": (2, 2)})
    with pytest.raises(CohortError, match="leave the validation side empty"):
        split(pictures, validation_share=0.1, seed=0)
    with pytest.raises(CohortError, match="impossible"):
        split(pictures, validation_share=0.0, seed=0)
    with pytest.raises(CohortError, match="empty"):
        split([], validation_share=0.1, seed=0)
    with pytest.raises(CohortError, match="of 1 patients"):
        split([Picture(i, "MEL", "p", "", True) for i in range(50)], validation_share=0.1, seed=0)


def test_a_patient_found_on_both_sides_is_named() -> None:
    pictures = [Picture(i, "MEL", "Anna", "", True) for i in range(3)]
    with pytest.raises(CohortError, match="Anna"):
        extend(pictures, {0: Side.TRAINING, 1: Side.VALIDATION}, validation_share=0.1, seed=0)


def test_the_same_id_twice_is_a_bug() -> None:
    twice = [Picture(1, "MEL", "p", "", True)] * 2
    with pytest.raises(ValueError, match="twice"):
        extend(twice, {}, validation_share=0.1, seed=0)


@given(_ROWS, st.integers(2, 4), st.integers(0, 5), st.randoms())
@settings(max_examples=40, deadline=None)
def test_folds_keep_patients_together(
    rows: list[tuple[str, int, bool]], k: int, seed: int, shuffler: random.Random
) -> None:
    pictures = _pictures(rows)
    try:
        dealt = folds(pictures, k=k, seed=seed)
    except CohortError:
        return
    assert set(dealt.values()) == set(range(k))
    for picture in pictures:
        assert {dealt[p.image_id] for p in pictures if p.patient == picture.patient} == {
            dealt[picture.image_id]
        }
    shuffler.shuffle(pictures)
    assert folds(pictures, k=k, seed=seed) == dealt


def test_folds_are_equal_in_every_stratum(make: Make) -> None:
    pictures = make({"MEL": (30, 60), "NV": (9, 12)})
    dealt = folds(pictures, k=3, seed=0)
    strata = Counter((p.label, p.inked, dealt[p.image_id]) for p in pictures)
    assert {strata["MEL", True, fold] for fold in range(3)} == {10}
    assert {strata["NV", False, fold] for fold in range(3)} == {4}


def test_impossible_folds_are_refused(make: Make) -> None:
    with pytest.raises(CohortError, match="at least 2"):
        folds(make({"MEL": (5, 5)}), k=1, seed=0)
    with pytest.raises(CohortError, match="cannot fill 3 folds"):
        folds(make({"MEL": (1, 1)}), k=3, seed=0)


@given(_ROWS, _ROWS, st.integers(2, 4), st.integers(0, 3))
@settings(max_examples=40, deadline=None)
def test_pictures_added_later_join_the_fold_of_their_patient(
    old: list[tuple[str, int, bool]], new: list[tuple[str, int, bool]], k: int, seed: int
) -> None:
    everything = _pictures(old + new)
    try:
        before = folds(everything[: len(old)], k=k, seed=seed)
    except CohortError:
        return
    after = folds(everything, k=k, seed=seed, known=before)
    assert before.items() <= after.items()
    patients = {picture.image_id: picture.patient for picture in everything}
    pairs = {(patients[i], fold) for i, fold in after.items()}
    assert len(pairs) == len(set(patients.values())), "each patient is in one fold"
    assert set(after) == set(patients)


def test_a_patient_found_in_two_folds_is_named() -> None:
    pictures = [Picture(i, "MEL", "Anna" if i < 2 else f"p{i}", "", True) for i in range(6)]
    with pytest.raises(CohortError, match="Anna has pictures in two folds"):
        folds(pictures, k=2, seed=0, known={0: 0, 1: 1})


def _deviation(pictures: list[Picture], chosen: Mapping[str, bool], share: float) -> float:
    """Return the squared deviations from the share, of strata, classes, ink states and all pictures."""
    off: Counter[tuple[object, ...]] = Counter()
    for picture in pictures:
        part = (1 if chosen[picture.patient] else 0) - share
        for key in (
            ("all",),
            ("class", picture.label),
            ("ink", picture.inked),
            (picture.label, picture.inked),
        ):
            off[key] += part  # type: ignore[assignment]
    return sum(value**2 for value in off.values())


@given(_ROWS, _SHARES, st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_no_patient_more_or_less_and_no_exchange_of_two_comes_closer(
    rows: list[tuple[str, int, bool]], share: float, seed: int
) -> None:
    pictures = _pictures(rows)
    chosen = choose_patients(pictures, share=share, rng=np.random.default_rng(seed), fixed={})
    reached = _deviation(pictures, chosen, share)
    inside = [patient for patient, is_in in chosen.items() if is_in]
    outside = [patient for patient, is_in in chosen.items() if not is_in]
    changes = [*({patient: not chosen[patient]} for patient in chosen)]
    changes += [{go: False, come: True} for go in inside for come in outside]
    for change in changes:
        assert _deviation(pictures, {**chosen, **change}, share) >= reached - 1e-6
