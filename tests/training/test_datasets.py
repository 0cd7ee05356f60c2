import numpy as np
import pytest

from gsal.errors import ModelError
from gsal.training.datasets import ClassifierData, SegmenterData, fingerprint


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
