import numpy as np
import numpy.typing as npt
import pytest
import torch

from gsal.training.recipe import Augment
from gsal.training.transforms import (
    Transform,
    augment_pair,
    augment_picture,
    build_transform,
    build_window_transform,
    windows_side,
)


def inked(count: int, size: int) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Skin with one blob of blue ink off the centre, and its target."""
    targets = np.zeros((count, size, size), np.uint8)
    targets[:, 4 : size // 2, 8 : size // 2 - 2] = 1
    pictures = np.where(targets[..., None] == 1, (20, 30, 200), (220, 180, 160)).astype(np.uint8)
    return pictures, targets


def augmented(
    pictures: npt.NDArray[np.uint8], targets: npt.NDArray[np.uint8], transform: Transform
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    changed, moved = zip(
        *(augment_pair(p, t, transform) for p, t in zip(pictures, targets, strict=True)), strict=True
    )
    return np.stack(changed), np.stack(moved)


def test_flips_move_picture_and_mask_together() -> None:
    pictures, masks = inked(16, 32)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        changed, moved = augmented(pictures, masks, build_window_transform(Augment.FLIPS, 32))
    assert np.array_equal(changed[..., 0] == 20, moved == 1)
    assert len({mask.tobytes() for mask in moved}) == 4
    assert changed.dtype == np.uint8
    assert moved.dtype == np.uint8


def test_the_full_change_keeps_ink_under_its_mask_and_brings_in_no_black() -> None:
    pictures, masks = inked(24, windows_side(Augment.FULL, 48))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        changed, moved = augmented(pictures, masks, build_window_transform(Augment.FULL, 48))
    blue = changed[..., 2].astype(int) > changed[..., 0].astype(int)
    assert changed.shape == (24, 48, 48, 3)
    assert set(np.unique(moved)) == {0, 1}
    inks = moved == 1
    agreement = 2 * (blue & inks).sum((1, 2)) / (blue.sum((1, 2)) + inks.sum((1, 2)))
    assert agreement.min() > 0.9
    assert changed.sum(axis=-1).min() > 100
    assert not np.array_equal(changed[0], changed[1])


@pytest.mark.parametrize("kind", [Augment.FLIPS, Augment.FULL])
def test_the_random_state_decides(kind: Augment) -> None:
    pictures, _ = inked(4, 32)
    transform = build_transform(kind, 32)
    draws = []
    for seed in (0, 0, 1):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            draws.append(np.stack([augment_picture(picture, transform) for picture in pictures]))
    assert np.array_equal(draws[0], draws[1])
    assert not np.array_equal(draws[0], draws[2])


def test_no_change_gives_the_pictures_themselves() -> None:
    pictures, masks = inked(2, 32)
    transform = build_transform(Augment.NONE, 32)
    picture, mask = pictures[0], masks[0]
    assert augment_picture(picture, transform) is picture
    assert augment_pair(picture, mask, transform) == (picture, mask)
