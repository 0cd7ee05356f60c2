import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from gsal.errors import ProjectDamaged
from gsal.masks import codec


@given(npst.arrays(np.bool_, st.tuples(st.integers(1, 40), st.integers(1, 40))))
def test_round_trip(mask: np.ndarray) -> None:
    encoded = codec.encode(mask)
    np.testing.assert_array_equal(codec.decode(encoded), mask)
    assert codec.encode(mask.copy()) == encoded


def test_empty_and_full() -> None:
    empty = codec.encode(np.zeros((7, 9), bool))
    assert (empty.data, empty.box_height, empty.top) == (b"", 0, 0)
    assert codec.decode(empty).shape == (7, 9)
    assert codec.decode(codec.encode(np.ones((7, 9), bool))).all()
    assert empty.sha256 != codec.encode(np.zeros((9, 7), bool)).sha256


def test_any_flipped_bit_is_noticed() -> None:
    mask = np.random.default_rng(0).random((30, 40)) < 0.5
    encoded = codec.encode(mask)
    for at in range(0, len(encoded.data), 7):
        data = bytearray(encoded.data)
        data[at] ^= 4
        with pytest.raises(ProjectDamaged, match="earlier version"):
            codec.decode(replace(encoded, data=bytes(data)))
    for field in ("height", "width", "top", "left", "box_height", "box_width"):
        with pytest.raises(ProjectDamaged):
            codec.decode(replace(encoded, **{field: getattr(encoded, field) + 1}))


def test_consistent_nonsense_is_refused() -> None:
    for shape, data in [((4, 4, 2, 0, 4, 4), b"x"), ((4, 4, 0, 0, 4, 4), zlib.compress(bytes(9))),
                        ((4, 4, 3, 0, 4, 4), zlib.compress(bytes(4)))]:  # fmt: skip
        with pytest.raises(ProjectDamaged):
            codec.decode(codec._signed(shape, data))


def test_large_mask_is_small() -> None:
    rows, columns = np.mgrid[:1000, :1000]
    ring = np.abs(np.hypot(rows - 500, columns - 500) - 300) < 12
    assert len(codec.encode(ring).data) < 15_000
