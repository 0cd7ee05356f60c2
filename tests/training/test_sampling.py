"""Which pictures an epoch shows, and how often."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsal.errors import ModelError
from gsal.training.recipe import Sampler
from gsal.training.sampling import (
    balanced_order,
    epoch_order,
    ink_independent_order,
    split_batches,
    windows_order,
)

LABELS = np.repeat([0, 1, 3], [50, 10, 3]).astype(np.int64)


def test_classes_come_equally_often_and_the_epoch_keeps_its_length() -> None:
    order = balanced_order(LABELS, rng=np.random.default_rng(0))
    assert len(order) == len(LABELS)
    assert np.bincount(LABELS[order]).tolist() == [21, 21, 0, 21]


def test_expected_counts_are_equal_where_the_length_does_not_divide() -> None:
    rng = np.random.default_rng(0)
    counts = [
        np.bincount(LABELS[:-1][balanced_order(LABELS[:-1], rng=rng)], minlength=4) for _ in range(2000)
    ]
    np.testing.assert_allclose(np.mean(counts, axis=0), [62 / 3, 62 / 3, 0, 62 / 3], atol=0.05)


def test_a_rare_class_goes_round_before_it_repeats() -> None:
    order = balanced_order(LABELS, rng=np.random.default_rng(0))
    times = np.bincount(order, minlength=len(LABELS))
    assert set(times[LABELS == 3]) == {7}
    assert set(times[LABELS == 1]) == {2, 3}
    assert times[LABELS == 0].max() == 1


def test_batches_differ_by_one_picture_and_keep_the_order() -> None:
    order = np.random.default_rng(0).permutation(65)
    batches = split_batches(order, 32)
    assert [len(batch) for batch in batches] == [22, 22, 21]
    assert np.array_equal(np.concatenate(batches), order)


@st.composite
def cells(draw: st.DrawFn) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Pictures of two to four classes, each with and without ink."""
    counts = draw(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), min_size=2, max_size=4))
    labels = np.repeat(np.arange(len(counts)), [sum(pair) for pair in counts])
    return labels, np.concatenate([np.repeat([True, False], pair) for pair in counts])


@given(cells(), st.booleans(), st.integers(0, 99))
def test_ink_says_nothing_about_the_class(
    pictures: tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]], is_balanced: bool, seed: int
) -> None:
    """Within a picture of what independence asks for, in every class with and without ink."""
    labels, is_inked = pictures
    order = ink_independent_order(labels, is_inked, is_balanced=is_balanced, rng=np.random.default_rng(seed))
    assert len(order) == len(labels)
    n_classes = labels.max() + 1
    of_class = np.bincount(labels) / len(labels) if not is_balanced else np.full(n_classes, 1 / n_classes)
    for ink, share in ((True, is_inked.mean()), (False, 1 - is_inked.mean())):
        counts = np.bincount(labels[order][is_inked[order] == ink], minlength=n_classes)
        assert np.abs(counts - len(labels) * of_class * share).max() < 1 + 1e-6
    times = np.bincount(order, minlength=len(labels))
    for label in range(n_classes):
        for ink in (True, False):
            assert np.ptp(times[(labels == label) & (is_inked == ink)]) <= 1


def test_expected_counts_are_those_of_independence() -> None:
    labels = np.repeat([0, 1], [8, 12]).astype(np.int64)
    is_inked = np.repeat([True, False, True, False], [7, 1, 2, 10])
    rng = np.random.default_rng(0)
    drawn = [ink_independent_order(labels, is_inked, is_balanced=False, rng=rng) for _ in range(3000)]
    found = np.mean([np.bincount(2 * labels[o] + is_inked[o], minlength=4) for o in drawn], axis=0)
    # N P(c) P(ink): 9 of 20 pictures are inked.
    np.testing.assert_allclose(found, [8 * 11 / 20, 8 * 9 / 20, 12 * 11 / 20, 12 * 9 / 20], atol=0.05)


def test_what_cannot_be_made_independent_is_refused() -> None:
    labels, is_inked = np.array([0, 0, 1, 1]), np.array([True, False, True, True])
    with pytest.raises(ModelError, match="one class has only inked"):
        ink_independent_order(labels, is_inked, is_balanced=False, rng=np.random.default_rng(0))
    order = ink_independent_order(labels, np.full(4, False), is_balanced=True, rng=np.random.default_rng(0))
    assert sorted(order) == [0, 1, 2, 3]


@pytest.mark.parametrize("sampler", list(Sampler))
def test_each_sampler_draws_an_epoch_by_its_seed(sampler: Sampler) -> None:
    is_inked = np.arange(len(LABELS)) % 2 == 0
    first, again = (
        epoch_order(LABELS, sampler, is_inked=is_inked, rng=np.random.default_rng(4)) for _ in range(2)
    )
    assert np.array_equal(first, again)
    assert len(first) == len(LABELS)
    assert (sorted(first) == list(range(len(LABELS)))) == (sampler is Sampler.NATURAL)


@pytest.mark.parametrize(("windows", "n_inked", "n_free"), [(0, 9, 3), (0, 2, 10), (40, 9, 3), (40, 2, 10)])
def test_a_quarter_of_the_windows_is_free_of_ink(windows: int, n_inked: int, n_free: int) -> None:
    is_inked = np.repeat([True, False], [n_inked, n_free])
    order = windows_order(is_inked, windows=windows, ink_share=0.9, rng=np.random.default_rng(0))
    assert len(order) == (windows or 12)
    share = is_inked[order].mean()
    assert share == (0.75 if windows or n_inked == 9 else 2 / 12)
    times = np.bincount(order, minlength=12)
    assert np.ptp(times[is_inked]) <= 1
    assert np.ptp(times[~is_inked]) <= 1


def test_windows_of_pictures_all_alike() -> None:
    for inked in (True, False):
        order = windows_order(np.full(5, inked), windows=7, ink_share=0.4, rng=np.random.default_rng(0))
        assert sorted(set(order)) == [0, 1, 2, 3, 4]
        assert len(order) == 7
