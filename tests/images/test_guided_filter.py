"""A coarse map gets the edges of its picture, and nothing it did not say."""

import cv2
import numpy as np
import pytest

from gsal.images.geometry import resize_image
from gsal.images.guided_filter import follow_edges

SMALL, LARGE, RADIUS = 56, 224, 1
NOISE = (4 / 255) ** 2


def noisy(picture: np.ndarray, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.clip(picture + rng.normal(0, 3, picture.shape), 0, 255).astype(np.uint8)


def test_it_is_the_windowed_least_squares_it_is_said_to_be() -> None:
    """Against one small linear system per window, in float64."""
    rng = np.random.default_rng(0)
    seen = rng.integers(0, 256, (SMALL, SMALL, 3), np.uint8)
    values = rng.random((SMALL, SMALL), np.float32)
    guide = np.pad(seen / 255, ((2, 2), (2, 2), (0, 0)), mode="reflect")
    shares = np.pad(values.astype(np.float64), 2, mode="reflect")
    slopes, offsets = np.zeros((SMALL + 2, SMALL + 2, 3)), np.zeros((SMALL + 2, SMALL + 2))
    for y in range(SMALL + 2):
        for x in range(SMALL + 2):
            colours = guide[y : y + 3, x : x + 3].reshape(-1, 3)
            wanted = shares[y : y + 3, x : x + 3].ravel()
            centred = colours - colours.mean(axis=0)
            slope = np.linalg.solve(
                centred.T @ centred / 9 + NOISE * np.eye(3), centred.T @ (wanted - wanted.mean()) / 9
            )
            slopes[y, x], offsets[y, x] = slope, wanted.mean() - slope @ colours.mean(axis=0)
    # The border's own windows are mirrored as the coefficients are, not computed on a mirrored picture.
    inner = np.s_[2:-2, 2:-2]
    mean = [cv2.blur(plane, (3, 3)) for plane in (*np.moveaxis(slopes, -1, 0), offsets)]
    expected = sum(a * seen[..., k] / 255 for k, a in enumerate(m[1:-1, 1:-1] for m in mean[:3]))
    expected = np.clip(expected + mean[3][1:-1, 1:-1], 0, 1)
    np.testing.assert_allclose(follow_edges(values, seen, seen)[inner], expected[inner], atol=2e-5)


def test_a_blurred_stroke_becomes_as_sharp_as_in_the_picture() -> None:
    truth = np.zeros((LARGE, LARGE), np.uint8)
    cv2.line(truth, (30, 40), (190, 170), 1, 9)
    picture = noisy(np.where(truth[..., None] == 1, (90, 60, 140), (205, 160, 140)))
    seen = resize_image(picture, height=SMALL, width=SMALL)
    shares = cv2.resize(truth.astype(np.float32), (SMALL, SMALL), interpolation=cv2.INTER_AREA)
    coarse = np.asarray(cv2.GaussianBlur(shares, (0, 0), 1), np.float32)

    def iou(values: np.ndarray) -> float:
        found = values > 0.4
        return float((found & (truth == 1)).sum() / (found | (truth == 1)).sum())

    plain = cv2.resize(coarse, (LARGE, LARGE), interpolation=cv2.INTER_LINEAR)
    assert iou(follow_edges(coarse, seen, picture)) > 0.95 > 0.85 > iou(plain)


def test_even_skin_gets_no_edges() -> None:
    picture = noisy(np.full((LARGE, LARGE, 3), (205, 160, 140)))
    seen = resize_image(picture, height=SMALL, width=SMALL)
    coarse = np.zeros((SMALL, SMALL), np.float32)
    coarse[20:30, 20:30] = 0.8
    plain = cv2.GaussianBlur(cv2.resize(coarse, (LARGE, LARGE)), (0, 0), 4)
    assert np.abs(follow_edges(coarse, seen, picture) - plain).max() < 0.15


@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_a_map_of_one_value_stays_it(value: float) -> None:
    rng = np.random.default_rng(1)
    picture = rng.integers(0, 256, (70, 31, 3), np.uint8)
    seen = resize_image(picture, height=35, width=16)
    filtered = follow_edges(np.full((35, 16), value, np.float32), seen, picture)
    assert filtered.shape == (70, 31)
    assert filtered.dtype == np.float32
    np.testing.assert_allclose(filtered, value, atol=1e-4)


def test_a_smaller_picture_and_a_single_pixel_are_no_trouble() -> None:
    values = np.random.default_rng(2).random((90, 60), np.float32)
    seen = np.full((90, 60, 3), 100, np.uint8)
    assert follow_edges(values, seen, seen[::3, ::3].copy()).shape == (30, 20)
    one = np.full((1, 1, 3), 9, np.uint8)
    assert follow_edges(np.full((1, 1), 0.5, np.float32), one, one).item() == pytest.approx(0.5, abs=1e-4)
