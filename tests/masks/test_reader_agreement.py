"""Two masks of one picture compared, and the figures of pictures put together."""

import math

import numpy as np
import pytest

from gsal.masks import agreement
from gsal.masks.area import ink_px
from gsal.masks.evaluation import MaskPair, score
from gsal.masks.reader_agreement import Figures, agreement_of, figures, measured, overall


def test_masks_are_compared_at_448_and_ink_is_counted_on_all_pixels() -> None:
    large = np.zeros((1792, 1344), np.bool_)
    large[400:800, 300:700] = True
    other = np.roll(large, 4, axis=1)
    a, b = (measured(mask, min_ink_px=100.0) for mask in (large, other))
    assert a.mask.shape == (448, 336)
    assert a.ink_px == pytest.approx(ink_px(large))
    found = agreement_of(a, b, b)
    assert found.readers.dice == pytest.approx(2 * 99 / 200)
    assert found.readers.nsd == 1.0, "one pixel apart at 448"
    assert found.second.dice == 1.0


def test_a_stroke_thinner_than_a_pixel_at_448_is_still_ink() -> None:
    large = np.zeros((4000, 3000), np.bool_)
    large[1000, 200:2500] = True
    thin = measured(large, min_ink_px=100.0)
    assert thin.mask.any()
    assert not thin.is_inked
    assert agreement_of(thin, thin, thin).readers.dice == 1.0


def test_a_small_picture_has_the_tolerance_of_its_size() -> None:
    """Two pixels of 448 are half a pixel of 112: edges one pixel apart do not agree, as SPEC 4 has it."""
    first = np.zeros((112, 112), np.bool_)
    first[30:80, 30:80] = True
    second = np.roll(first, 1, axis=0)
    found = figures(*(measured(mask, min_ink_px=100.0) for mask in (first, second)))
    assert found.nsd == score(MaskPair("a", first, second)).nsd
    assert found.nsd < agreement.surface_dice(first, second, tolerance_px=2.0)


def test_undefined_figures_are_left_out_of_the_means() -> None:
    nan = math.nan
    found = overall(
        [Figures(0.5, 0.7, True, True), Figures(nan, nan, False, False), Figures(0, 0, True, False)]
    )
    assert (found.n, found.n_same) == (3, 2)
    assert (found.dice.mean, found.dice.n, found.dice.undefined) == (0.25, 2, 1)
    assert found.nsd.mean == pytest.approx(0.35)
    assert found.kappa == pytest.approx(0.4)


def test_no_pictures_are_no_agreement() -> None:
    found = overall([])
    assert found.n == found.n_same == 0
    assert math.isnan(found.kappa)
    assert math.isnan(found.dice.mean)
