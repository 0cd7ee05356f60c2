import math

import cv2
import numpy as np
import pytest

from gsal.images import geometry
from gsal.images.geometry import Geometry
from gsal.masks import area

SHAPES = [(448, 448), (500, 333), (1024, 768), (100, 150), (224, 224), (300, 90), (90, 1000)]


def centroid(weights: np.ndarray) -> np.ndarray:
    """Of pixel centres at half integers, as shares of height and width."""
    total = weights.sum()
    rows = (weights.sum(1) * (np.arange(weights.shape[0]) + 0.5)).sum() / total / weights.shape[0]
    columns = (weights.sum(0) * (np.arange(weights.shape[1]) + 0.5)).sum() / total / weights.shape[1]
    return np.array([rows, columns])


@pytest.mark.parametrize("shape", SHAPES)
def test_coverage_keeps_area_and_place(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(1)
    mask = rng.random(shape) < 0.03
    mask[shape[0] // 3 : shape[0] // 2, 5:40] = True
    grid = Geometry(*shape, size=224).coverage(mask)
    assert grid.dtype == np.float32
    assert grid.shape == (224, 224)
    assert grid.sum(dtype=float) / 224**2 == pytest.approx(mask.mean(), rel=1e-5)
    np.testing.assert_allclose(centroid(grid.astype(float)), centroid(mask.astype(float)), atol=1e-4)


def test_coverage_is_cv2_area_where_it_shrinks() -> None:
    mask = np.random.default_rng(2).random((640, 480)) < 0.2
    reference = cv2.resize(mask.astype(np.float32), (224, 224), interpolation=cv2.INTER_AREA)
    np.testing.assert_allclose(geometry.coverage(mask, height=224, width=224), reference, atol=1e-6)
    by_overlap = geometry._overlap(640, 224) @ mask.astype(float) @ geometry._overlap(480, 224).T
    np.testing.assert_allclose(by_overlap, reference, atol=1e-5)


def test_thin_stroke_survives_as_coverage() -> None:
    mask = np.zeros((1024, 1024), bool)
    mask[500:502] = True
    grid = Geometry(1024, 1024, 224).coverage(mask)
    assert 0 < grid.max() < 0.5
    assert not geometry.resize_mask(mask, height=224, width=224).any()


@pytest.mark.parametrize("shape", SHAPES)
def test_to_network_and_back_has_no_shift(shape: tuple[int, int]) -> None:
    grid = Geometry(*shape, size=64)
    rows = (np.arange(shape[0]) + 0.5) / shape[0] * 255
    columns = (np.arange(shape[1]) + 0.5) / shape[1] * 255
    image = np.stack(np.broadcast_arrays(rows[:, None], columns[None], 0.0), -1).astype(np.uint8)
    small = grid.to_network(image)
    assert small.shape == (64, 64, 3)
    ramp = (np.arange(64) + 0.5) / 64 * 255
    np.testing.assert_allclose(small[5:-5, 30, 0], ramp[5:-5], atol=2)
    np.testing.assert_allclose(small[30, 5:-5, 1], ramp[5:-5], atol=2)
    back = grid.to_picture(np.broadcast_to(ramp[:, None], (64, 64)))
    assert back.shape == shape
    inner = slice(shape[0] // 10 + 1, -(shape[0] // 10 + 1))
    np.testing.assert_allclose(back[inner, 7], rows[inner], atol=1e-2)


def test_wrong_shapes_are_refused() -> None:
    grid = Geometry(100, 80, 32)
    with pytest.raises(ValueError, match="expected 100 x 80"):
        grid.to_network(np.zeros((80, 100, 3), np.uint8))
    with pytest.raises(ValueError, match="expected 100 x 80"):
        grid.coverage(np.zeros((80, 100), bool))
    with pytest.raises(ValueError, match="expected a map of 32 x 32"):
        grid.to_picture(np.zeros((7, 7)))


def test_working_copy_is_never_enlarged() -> None:
    assert Geometry(4000, 3000, 224).working() == (1024, 768)
    assert Geometry(4000, 3000, 224).working(long_side=448) == (448, 336)
    assert Geometry(200, 300, 224).working() == (200, 300)


def test_resize_mask_there_and_back() -> None:
    mask = np.zeros((60, 90), bool)
    mask[12:31, 40:77] = True
    large = geometry.resize_mask(mask, height=180, width=270)
    np.testing.assert_array_equal(large, np.kron(mask, np.ones((3, 3), bool)))
    np.testing.assert_array_equal(geometry.resize_mask(large, height=60, width=90), mask)


def test_ink_px_does_not_depend_on_resolution() -> None:
    mask = np.zeros((150, 200), bool)
    mask[10:20, 30:60] = True
    doubled = np.kron(mask, np.ones((2, 2), bool))
    assert geometry.ink_px(mask) == pytest.approx(300 * (224 / 200) ** 2)
    assert geometry.ink_px(doubled) == pytest.approx(geometry.ink_px(mask))
    assert area.is_inked(mask)
    assert not area.is_inked(np.zeros((5, 5), bool))
    assert area.ink_px(np.zeros((0, 5), bool)) == 0


@pytest.mark.parametrize(("height", "width"), [(24, 48), (80, 31), (7, 9)])
def test_a_map_keeps_its_place_when_it_is_resized(height: int, width: int) -> None:
    def at_centres(rows: int, columns: int) -> np.ndarray:
        y, x = np.mgrid[:rows, :columns]
        return np.asarray((y + 0.5) / rows + 2 * (x + 0.5) / columns, np.float32)

    resized = geometry.resize_map(at_centres(24, 31), height=height, width=width)
    inner = np.s_[height // 8 : -height // 8, width // 8 : -width // 8]
    np.testing.assert_allclose(resized[inner], at_centres(height, width)[inner], atol=0.01)


@pytest.mark.parametrize(("shape", "new"), [((6, 10), (9, 25)), ((6, 10), (4, 15)), ((12, 8), (18, 6))])
def test_coverage_is_the_mean_of_a_finer_grid_where_an_axis_grows(
    shape: tuple[int, int], new: tuple[int, int]
) -> None:
    """Both grids part a common finer one, where areas are counts."""
    mask = np.random.default_rng(4).random(shape) < 0.4
    fine_shape = [math.lcm(old, to) for old, to in zip(shape, new, strict=True)]
    fine = mask.repeat(fine_shape[0] // shape[0], axis=0).repeat(fine_shape[1] // shape[1], axis=1)
    blocks = fine.reshape(new[0], fine_shape[0] // new[0], new[1], fine_shape[1] // new[1])
    found = geometry.coverage(mask, height=new[0], width=new[1])
    np.testing.assert_allclose(found, blocks.mean(axis=(1, 3)), atol=1e-6)
