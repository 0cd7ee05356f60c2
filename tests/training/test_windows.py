import numpy as np
import pytest

from gsal.training.windows import INK, LOOK_ALIKE, centred_window, random_window


def scene(height: int = 60, width: int = 90) -> tuple[np.ndarray, np.ndarray]:
    """A picture whose blue says where ink is, so that it can be found again in any window."""
    target = np.zeros((height, width), np.uint8)
    target[40:50, 70:80] = INK
    picture = np.where(target[..., None] == INK, (20, 30, 200), (220, 180, 160)).astype(np.uint8)
    return picture, target


def test_picture_and_target_are_cut_alike() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        picture, target = random_window(*scene(), side=32, zoom=(1.0, 1.0), rng=rng)
        assert picture.shape == (32, 32, 3)
        assert np.array_equal(picture[..., 2] == 200, target == INK)


def test_at_any_scale_ink_lies_under_its_target() -> None:
    rng = np.random.default_rng(0)
    both, either = 0, 0
    for _ in range(40):
        picture, target = random_window(*scene(), side=64, zoom=(0.5, 2.0), rng=rng)
        blue = picture[..., 2].astype(int) > picture[..., 0]
        both += (blue & (target == INK)).sum()
        either += (blue | (target == INK)).sum()
    assert both >= 0.85 * either


def test_most_windows_have_ink_in_them_and_places_differ() -> None:
    rng = np.random.default_rng(0)
    windows = [random_window(*scene(300, 300), side=32, zoom=(1.0, 1.0), rng=rng)[1] for _ in range(200)]
    share = np.mean([(window == INK).any() for window in windows])
    assert 0.3 < share < 0.9
    assert len({window.tobytes() for window in windows}) > 50


def test_the_window_of_validation_is_always_the_same_and_around_the_ink() -> None:
    first, second = (centred_window(*scene(), side=24)[1] for _ in range(2))
    assert np.array_equal(first, second)
    assert (first == INK).sum() == 100


@pytest.mark.parametrize("shape", [(20, 90), (90, 20), (8, 8), (1, 1)])
def test_a_small_picture_is_mirrored_and_never_black(shape: tuple[int, int]) -> None:
    picture, target = np.full((*shape, 3), 200, np.uint8), np.zeros(shape, np.uint8)
    for window, known in (
        centred_window(picture, target, side=64),
        random_window(picture, target, side=64, zoom=(0.5, 1.2), rng=np.random.default_rng(0)),
    ):
        assert window.min() == 200
        assert known.shape == (64, 64)


def test_a_whole_picture_fits_a_window_of_its_size() -> None:
    picture, target = scene()
    window, _ = centred_window(picture, np.zeros_like(target), side=90)
    assert np.array_equal(window[15:75], picture)


def test_windows_look_at_what_a_rule_took_for_ink() -> None:
    rng = np.random.default_rng(0)
    picture, target = scene(300, 300)
    target[target == INK] = LOOK_ALIKE
    windows = [random_window(picture, target, side=64, zoom=(1.0, 1.0), rng=rng)[1] for _ in range(100)]
    assert 0.3 < np.mean([(window == LOOK_ALIKE).any() for window in windows]) < 0.9
