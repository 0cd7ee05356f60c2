import numpy as np
import pytest

from gsal.masks.area import ink_px
from gsal.synthetic.paste import paste_ink


def skin(height: int, width: int) -> np.ndarray:
    rng = np.random.default_rng(7)
    return (np.array([205, 160, 140]) + rng.integers(-12, 12, (height, width, 3))).astype(np.uint8)


@pytest.mark.parametrize("shape", [(224, 224), (120, 300), (301, 97)])
def test_ink_is_where_the_mask_says_and_darkens_the_skin_there(shape: tuple[int, int]) -> None:
    clean = skin(*shape)
    before = clean.copy()
    inked = 0
    for seed in range(12):
        picture, mask = paste_ink(clean, np.random.default_rng(seed))
        assert picture.shape == clean.shape
        assert picture.dtype == np.uint8
        assert mask.shape == shape
        darker = clean.astype(int).sum(-1) - picture.astype(int).sum(-1)
        assert darker.min() >= 0
        if ink_px(mask) > 100:
            inked += 1
            assert darker[mask].mean() > 4 * darker[~mask].mean()
    assert inked >= 8
    assert np.array_equal(clean, before)


def test_the_generator_decides_and_pens_differ() -> None:
    clean = skin(96, 96)
    first, again, other = (paste_ink(clean, np.random.default_rng(s)) for s in (3, 3, 4))
    assert np.array_equal(first[0], again[0])
    assert np.array_equal(first[1], again[1])
    assert not np.array_equal(first[0], other[0])


def test_texture_goes_on_beneath_the_ink() -> None:
    clean = skin(224, 224)
    kept = []
    for seed in range(8):
        picture, mask = paste_ink(clean, np.random.default_rng(seed))
        if mask.sum() > 500:
            kept.append(np.corrcoef(clean[mask][:, 2].astype(float), picture[mask][:, 2].astype(float))[0, 1])
    assert np.median(kept) > 0.2
