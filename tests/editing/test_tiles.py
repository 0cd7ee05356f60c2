"""Deltas of tiles: what flipped, stored and read back, and what damaged ones say."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gsal.editing.tiles import TILE_PX, TileDelta, decode, encode, runs, tile_slices
from gsal.errors import ProjectDamaged
from gsal.records import EncodedDelta

SHAPE = (150, 200)


def delta_between(before: npt.NDArray[np.uint8], after: npt.NDArray[np.uint8]) -> TileDelta:
    tiles = [
        (row, column)
        for row in range(-(-before.shape[0] // TILE_PX))
        for column in range(-(-before.shape[1] // TILE_PX))
    ]
    return TileDelta.between({tile: before[tile_slices(tile)].copy() for tile in tiles}, after)


masks = arrays(np.uint8, st.tuples(st.integers(1, 140), st.integers(1, 140)), elements=st.integers(0, 1))


@given(before=masks, data=st.data())
def test_a_delta_does_and_undoes(before: npt.NDArray[np.uint8], data: st.DataObject) -> None:
    after = data.draw(arrays(np.uint8, before.shape, elements=st.integers(0, 1)))
    delta = decode(encode(delta_between(before, after)), (before.shape[0], before.shape[1]))
    mask = before.copy()
    box = delta.apply(mask)
    assert np.array_equal(mask, after)
    outside = before != after
    outside[box.slices] = False
    assert not outside.any()
    delta.apply(mask)
    assert np.array_equal(mask, before)


def test_only_tiles_that_changed_are_kept() -> None:
    before = np.zeros(SHAPE, np.uint8)
    after = before.copy()
    after[149, 199] = after[10, 10] = 1
    delta = delta_between(before, after)
    assert delta.tiles == ((0, 0), (2, 3))
    assert len(delta.bits) == 2 * TILE_PX * TILE_PX // 8


def test_equal_changes_have_equal_bytes() -> None:
    rng = np.random.default_rng(1)
    before, after = (rng.integers(0, 2, SHAPE, np.uint8) for _ in range(2))
    assert encode(delta_between(before, after)) == encode(delta_between(before, after))


def test_runs_cover_each_tile_once() -> None:
    rng = np.random.default_rng(2)
    tiles = [(int(row), int(column)) for row, column in np.argwhere(rng.random((12, 9)) < 0.5)]
    covered = np.zeros((12 * TILE_PX, 9 * TILE_PX), int)
    for box in runs(reversed(tiles)):
        covered[box.slices] += 1
    expected = np.zeros_like(covered)
    for tile in tiles:
        expected[tile_slices(tile)] = 1
    assert np.array_equal(covered, expected)


def test_every_damaged_byte_is_noticed() -> None:
    mask = np.zeros(SHAPE, np.uint8)
    mask[20:90, 30:130] = 1
    stored = encode(delta_between(np.zeros_like(mask), mask))
    for position in range(len(stored.data)):
        data = bytearray(stored.data)
        data[position] ^= 16
        with pytest.raises(ProjectDamaged, match="stored stroke is damaged"):
            decode(replace(stored, data=bytes(data)), SHAPE)
    with pytest.raises(ProjectDamaged, match="checksum"):
        decode(replace(stored, data=stored.data[:-3]), SHAPE)


def test_a_delta_of_another_picture_is_refused() -> None:
    stored = encode(delta_between(np.zeros(SHAPE, np.uint8), np.ones(SHAPE, np.uint8)))
    with pytest.raises(ProjectDamaged, match="expected 300 x 150"):
        decode(stored, (150, 300))


@pytest.mark.parametrize(
    "delta", [TileDelta(SHAPE, ((9, 0),), bytes(512)), TileDelta(SHAPE, ((0, 0),), b"x")]
)
def test_a_delta_that_does_not_fit_is_refused(delta: TileDelta) -> None:
    stored: EncodedDelta = encode(delta)
    with pytest.raises(ProjectDamaged, match=r"outside|size"):
        decode(stored, SHAPE)
