"""A threshold moved over what is kept gives the mask the network would have given."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from gsal.errors import ProjectDamaged
from gsal.masks.probabilities import LEVELS, at_threshold, decode, encode

MAPS = arrays(np.float32, array_shapes(min_dims=2, max_dims=2), elements=st.floats(0, 1, width=32))
NEAR_A_STEP = (
    st.integers(0, LEVELS)
    .map(lambda k: np.float32(k / LEVELS))
    .flatmap(lambda x: st.sampled_from([x, np.nextafter(x, np.float32(0)), np.nextafter(x, np.float32(1))]))
)


@given(MAPS | arrays(np.float32, (3, 5), elements=NEAR_A_STEP.map(float)), st.integers(1, LEVELS - 1))
def test_the_mask_at_every_step_is_the_networks(probabilities: np.ndarray, step: int) -> None:
    threshold = step / LEVELS
    kept = decode(encode(probabilities))
    np.testing.assert_array_equal(at_threshold(kept, threshold), probabilities > threshold)


def test_a_threshold_between_steps_takes_the_nearest_and_never_all_or_nothing() -> None:
    kept = decode(encode(np.linspace(0, 1, 101, dtype=np.float32)[None]))
    np.testing.assert_array_equal(at_threshold(kept, 0.37), at_threshold(kept, 0.35))
    assert at_threshold(kept, 0.0).sum() == 95
    assert at_threshold(kept, 1.0).sum() == 5


def test_damage_is_noticed() -> None:
    encoded = encode(np.random.default_rng(0).random((40, 30), np.float32))
    flipped = bytes([encoded.data[0] ^ 1]) + encoded.data[1:]
    for damaged in (replace(encoded, data=flipped), replace(encoded, width=31), replace(encoded, levels=10)):
        with pytest.raises(ProjectDamaged, match="checksum"):
            decode(damaged)
