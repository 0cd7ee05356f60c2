"""The camera: its masks against an independent computation, and the exactness of what it leaves alone."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

from gsal.arrays import RgbImage
from gsal.synthetic.camera import VISIBLE_INK, Camera, set_up_camera
from gsal.synthetic.frame import Field
from gsal.synthetic.ink import Pen, ink_over
from gsal.synthetic.settings import PenColour, PenKind, SceneSettings

SETTINGS = SceneSettings(size=48, jpeg_quality=None)
BLACK = Pen(PenKind.LINES, PenColour.BLACK, (0.0, 0.0, 0.0))


@pytest.fixture
def share() -> Field:
    rng = np.random.default_rng(4)
    strokes = ndimage.gaussian_filter(rng.standard_normal((96, 96)), 4)
    return np.clip(4 * strokes, 0, 0.96).astype(np.float32)


@pytest.mark.parametrize("seed", range(4))
def test_mask_is_where_a_quarter_of_the_blurred_light_is_inks(share: Field, seed: int) -> None:
    camera = set_up_camera(np.random.default_rng(seed), SETTINGS)
    blurred = ndimage.gaussian_filter(share.astype(np.float64), camera.blur_px, mode="mirror")
    expected = blurred.reshape(48, 2, 48, 2).mean(axis=(1, 3))
    sure = np.abs(expected - VISIBLE_INK) > 2e-3
    assert 0.05 < (expected >= VISIBLE_INK).mean() < 0.95
    assert np.array_equal(camera.mask(share)[sure], expected[sure] >= VISIBLE_INK)


def test_mask_can_be_read_from_the_picture_itself(share: Field) -> None:
    camera = set_up_camera(np.random.default_rng(0), SETTINGS)
    plain = replace(camera, light=np.ones_like(camera.light), noise=np.zeros_like(camera.noise))
    white = np.ones((96, 96, 3), np.float32)
    picture = _photograph(plain, ink_over(white, share, pen=BLACK, tone=0.0))
    lost_light = 1 - picture[..., 0] / 255
    sure = np.abs(lost_light - VISIBLE_INK) > 1 / 255
    assert np.array_equal(plain.mask(share)[sure], (lost_light >= VISIBLE_INK)[sure])


def test_skin_without_ink_is_left_to_the_last_bit(share: Field) -> None:
    skin = np.random.default_rng(1).random((96, 96, 3), dtype=np.float32)
    bare = share == 0
    assert bare.any()
    assert np.array_equal(ink_over(skin, share, pen=BLACK, tone=0.5)[bare], skin[bare])


def test_jpeg_quality_keeps_to_its_range() -> None:
    settings = SceneSettings(size=16, jpeg_quality=(80, 82))
    qualities = {set_up_camera(np.random.default_rng(seed), settings).jpeg_quality for seed in range(40)}
    assert qualities == {80, 81, 82}


def test_jpeg_leaves_everything_else_of_the_camera() -> None:
    with_file, without = (
        set_up_camera(np.random.default_rng(7), replace(SETTINGS, jpeg_quality=quality))
        for quality in ((70, 95), None)
    )
    assert without.jpeg_quality is None
    assert with_file.blur_px == without.blur_px
    assert np.array_equal(with_file.light, without.light)
    assert np.array_equal(with_file.noise, without.noise)


def _photograph(camera: Camera, scene: Field) -> RgbImage:
    return camera.photograph(scene, shine=np.zeros(scene.shape[:2], np.float32))
