import numpy as np
import pytest

from gsal.errors import ModelError
from gsal.training.datasets import (
    ClassifierData,
    SegmenterData,
    balanced_order,
    fingerprint,
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


def test_fingerprints_tell_bytes_shapes_and_types_apart() -> None:
    array = np.arange(6)
    different = [array, array[::-1], array.reshape(2, 3), array.astype(np.int32)]
    assert len({fingerprint(np.asarray(each)) for each in different}) == 4
    assert fingerprint(array) == fingerprint(array.copy())


def pictures(count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.zeros((count, 4, 4, 3), np.uint8)


def test_what_cannot_be_trained_on_is_refused_with_the_reason() -> None:
    labels, none = np.array([0, 1]), np.array([], np.int64)
    with pytest.raises(ModelError, match="no picture to train on"):
        ClassifierData(pictures(0), none, pictures(2), labels)
    with pytest.raises(ModelError, match="no picture to validate with"):
        ClassifierData(pictures(2), labels, pictures(0), none)
    with pytest.raises(ModelError, match="of one class"):
        ClassifierData(pictures(2), np.array([1, 1]), pictures(2), labels)
    with pytest.raises(ModelError, match="No training mask has any ink"):
        SegmenterData(
            list(pictures(1)),
            [np.full((4, 4), 2, np.uint8)],
            list(pictures(1)),
            [np.ones((4, 4), np.uint8)],
        )


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
