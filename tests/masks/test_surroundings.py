import numpy as np
import pytest

from gsal.masks.skin import fit_locus, local_level
from gsal.masks.surroundings import OnSkin, parts_on_skin

LIMITS = OnSkin(yellow_drop=2, lightness_drop=2, skin_share=0.6)


def test_each_part_is_judged_by_its_own_surroundings() -> None:
    lightness, yellow = np.full((300, 400), 65, np.float32), np.full((300, 400), 18, np.float32)
    region = np.zeros((300, 400), bool)
    ink, brown, bright, in_lesion = (np.s_[40:50, x : x + 40] for x in (20, 120, 220, 320))
    lightness[:, 300:], yellow[:, 300:] = 30, 18
    for part, light, b in ((ink, 40, 2), (brown, 40, 18), (bright, 80, 2), (in_lesion, 20, 2)):
        lightness[part], yellow[part], region[part] = light, b, True
    kept = parts_on_skin(region, lightness, yellow, skin=65, limits=LIMITS)
    expected = np.zeros_like(region)
    expected[ink] = True
    np.testing.assert_array_equal(kept, expected)


def test_a_part_without_surroundings_is_dropped() -> None:
    plane = np.ones((50, 50), np.float32)
    assert not parts_on_skin(np.ones((50, 50), bool), plane, plane, skin=1, limits=LIMITS).any()


def test_locus_ignores_ink_and_follows_light() -> None:
    rng = np.random.default_rng(5)
    rows, columns = np.mgrid[:240, :320] / 320
    lightness = (60 + 10 * columns + rng.normal(0, 3, rows.shape)).astype(np.float32)
    a = (12 - 4 * rows + rng.normal(0, 0.5, rows.shape)).astype(np.float32)
    b = (16 + 0.1 * (lightness - 60) + 3 * columns + rng.normal(0, 0.5, rows.shape)).astype(np.float32)
    ink = np.zeros(rows.shape, bool)
    ink[100:140, 50:250] = True
    b[ink] -= 30
    skin = fit_locus(lightness, a, b)
    assert np.abs(np.median(skin.residual_b[~ink])) < 0.3
    assert skin.residual_b[~ink].std() < 0.8
    assert skin.residual_a[~ink].std() < 0.8
    assert np.median(skin.residual_b[ink]) == pytest.approx(-30, abs=0.7)
    assert skin.lightness == pytest.approx(float(np.median(lightness)), abs=1.5)


def test_local_level_is_that_of_the_skin_around_a_lesion() -> None:
    values = np.full((400, 500), 0.7, np.float32)
    values[180:240, 200:280] = 0.1
    np.testing.assert_allclose(local_level(values), 0.7, atol=0.01)
    np.testing.assert_allclose(local_level(values * 100, high=100), 70, atol=1)
