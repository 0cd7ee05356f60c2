import numpy as np
import numpy.typing as npt
import pytest

from gsal.training.ink_maps import STRIDE_PX, ink_map, ink_maps


def blueness(pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """A network that looks at single pixels."""
    assert all(side % STRIDE_PX == 0 for side in pictures.shape[1:3])
    return np.asarray(pictures[..., 2] / 255, np.float32)


def surroundings(pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """A network that looks 7 pixels around: the mean of a box, edges mirrored."""
    import cv2

    return np.stack([cv2.blur(blueness(p[None])[0], (15, 15)) for p in pictures])


def picture(height: int, width: int, *, seed: int = 0) -> npt.NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_every_pixel_is_that_of_the_picture_whatever_its_shape() -> None:
    shapes = [(448, 336), (447, 301), (1, 1), (32, 32), (448, 3), (900, 200), (448, 336), (1000, 1)]
    pictures = [picture(*shape, seed=n) for n, shape in enumerate(shapes)]
    maps = ink_maps(blueness, pictures, batch_size=2)
    for one, values in zip(pictures, maps, strict=True):
        assert values.dtype == np.float32
        np.testing.assert_allclose(values, one[..., 2] / np.float32(255), atol=1e-6)


@pytest.mark.parametrize("shape", [(300, 517), (128, 128), (129, 640)])
def test_tiles_are_not_seen(shape: tuple[int, int]) -> None:
    one = picture(*shape)
    tiled = ink_map(surroundings, one, tile_px=128, overlap_px=48)
    whole = ink_map(surroundings, one, tile_px=1024)
    inner = np.s_[16:-16, 16:-16]
    # A tile's own border mirrors the tile; there its neighbour weighs most.
    assert np.abs(tiled - whole)[inner].max() < 0.05
    assert np.abs(tiled - whole)[inner].mean() < 0.002


def test_pictures_of_one_shape_go_together() -> None:
    sizes: list[int] = []

    def counted(pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        sizes.append(len(pictures))
        return blueness(pictures)

    ink_maps(counted, [picture(64, 60), picture(33, 64), picture(64, 64), picture(96, 64)], batch_size=8)
    assert sorted(sizes) == [1, 3]


def test_no_tile_is_larger_than_said() -> None:
    sides: list[tuple[int, ...]] = []

    def watched(pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        sides.append(pictures.shape[1:3])
        return blueness(pictures)

    ink_map(watched, picture(1500, 2300), tile_px=512, overlap_px=64)
    assert max(max(side) for side in sides) <= 512
