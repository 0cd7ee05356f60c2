"""The two photographs of a scene: repeatable, alike but for the ink, and with every kind of mark."""

from dataclasses import fields, replace

import numpy as np
import pytest
from scipy import ndimage

from gsal.arrays import Mask
from gsal.errors import GsalError
from gsal.masks.area import ink_px, is_inked
from gsal.synthetic import PREVALENCE, PenColour, PenKind, SceneSettings, Twins, render_twins
from gsal.synthetic.scene import pen_of

SMALL = SceneSettings(size=64)
RAW = replace(SMALL, jpeg_quality=None)
LABELS = list(PREVALENCE)


def _differing(twins: Twins) -> Mask:
    return np.asarray((twins.clean != twins.inked).any(axis=-1))


def test_a_scene_is_decided_by_seed_index_and_class() -> None:
    first, again = (render_twins(3, "MEL", settings=SMALL, seed=5) for _ in range(2))
    for field in fields(Twins):
        assert np.array_equal(getattr(first, field.name), getattr(again, field.name)), field.name
    for other in (
        render_twins(4, "MEL", settings=SMALL, seed=5),
        render_twins(3, "MEL", settings=SMALL, seed=6),
    ):
        assert not np.array_equal(first.clean, other.clean)
        assert not np.array_equal(first.ink, other.ink)


def test_shapes_and_types_are_those_promised() -> None:
    twins = render_twins(0, "NV")
    for picture in (twins.clean, twins.inked):
        assert picture.shape == (128, 128, 3)
        assert picture.dtype == np.uint8
    for mask in (twins.ink, twins.lesion):
        assert mask.shape == (128, 128)
        assert mask.dtype == np.bool_
    assert twins.label == "NV"
    assert twins.kind in set(PenKind)
    assert twins.colour in set(PenColour)


@pytest.mark.parametrize("index", range(12))
def test_twins_are_the_same_away_from_the_ink(index: int) -> None:
    twins = render_twins(index, LABELS[index % 7], settings=SceneSettings(jpeg_quality=None))
    distance_px = ndimage.distance_transform_edt(~twins.ink)
    assert distance_px[_differing(twins)].max() < 6  # bleed and lens reach 3 px each
    assert _differing(twins)[twins.ink].mean() > 0.95


def test_jpeg_changes_only_the_blocks_that_ink_touches() -> None:
    for index in range(8):
        raw = _differing(render_twins(index, "BCC", settings=RAW))
        stored = _differing(render_twins(index, "BCC", settings=SMALL))
        touched, changed = (area.reshape(8, 8, 8, 8).any(axis=(1, 3)) for area in (raw, stored))
        assert not (changed & ~touched).any()


def test_what_the_pen_does_changes_nothing_else() -> None:
    pens = replace(
        SMALL,
        stroke_width=(0.06, 0.08),
        opacity=(0.9, 0.9),
        colours={PenColour.GREEN: 1.0},
        min_ink_px=2000.0,
    )
    for index in range(4):
        one, other = render_twins(index, "SK", settings=SMALL), render_twins(index, "SK", settings=pens)
        assert np.array_equal(one.clean, other.clean)
        assert np.array_equal(one.lesion, other.lesion)
        assert not np.array_equal(one.inked, other.inked)


def test_what_hair_and_file_do_changes_no_ink() -> None:
    for index in range(4):
        bald = render_twins(index, "AK", settings=replace(RAW, hair_share=0.0))
        hairy = render_twins(index, "AK", settings=replace(SMALL, hair_share=1.0))
        assert np.array_equal(bald.ink, hairy.ink)
        assert (bald.kind, bald.colour) == (hairy.kind, hairy.colour)
        assert not np.array_equal(bald.clean, hairy.clean)


@pytest.mark.parametrize("size", [64, 128])
def test_every_inked_twin_counts_as_inked(size: int) -> None:
    for index in range(21):
        twins = render_twins(index, LABELS[index % 7], settings=SceneSettings(size=size), seed=1)
        assert is_inked(twins.ink)
        assert ink_px(twins.ink) > SceneSettings().min_ink_px


@pytest.mark.parametrize("kind", list(PenKind))
def test_every_kind_of_mark_can_be_drawn(kind: PenKind) -> None:
    settings = replace(SMALL, kinds={kind: 1.0})
    shares = []
    for index in range(6):
        twins = render_twins(index, "NV", settings=settings)
        assert twins.kind == kind
        assert is_inked(twins.ink)
        shares.append(twins.ink.mean())
    assert 0.003 < float(np.median(shares)) < 0.2


@pytest.mark.parametrize("colour", list(PenColour))
def test_ink_has_its_colour(colour: PenColour) -> None:
    settings = replace(SMALL, colours={colour: 1.0}, hair_share=0.0)
    change = np.zeros(3)
    for index in range(6):
        twins = render_twins(index, "NV", settings=settings)
        change += (twins.inked.astype(float) - twins.clean)[twins.ink].mean(axis=0)
    red, green, blue = change
    assert red < 0
    assert red == change.min()
    if colour is PenColour.BLUE or colour is PenColour.PURPLE:
        assert blue > green
    if colour is PenColour.GREEN:
        assert green > red + 60


def test_ink_lies_mostly_beside_the_lesion() -> None:
    on_lesion, ink = 0, 0
    for index in range(30):
        twins = render_twins(index, LABELS[index % 7], settings=SMALL)
        on_lesion += int((twins.ink & twins.lesion).sum())
        ink += int(twins.ink.sum())
    assert on_lesion < 0.15 * ink


def test_lesion_lies_near_the_middle() -> None:
    for index in range(14):
        lesion = render_twins(index, LABELS[index % 7], settings=SMALL).lesion
        assert lesion.any()
        centre = np.argwhere(lesion).mean(axis=0)
        assert np.abs(centre - 31.5).max() < 64 * 0.25


def test_pen_is_known_without_rendering() -> None:
    for index in range(10):
        twins = render_twins(index, "MEL", settings=SMALL, seed=2)
        pen = pen_of(index, settings=SMALL, seed=2)
        assert (pen.kind, pen.colour) == (twins.kind, twins.colour)


def test_an_unknown_class_is_refused_with_those_known() -> None:
    with pytest.raises(GsalError, match=r"'XYZ'.*MEL, NV"):
        render_twins(0, "XYZ", settings=SMALL)


def _colour_features(twins: Twins) -> np.ndarray:
    """Mean and spread of colour in the middle, against the border of the same picture."""
    picture = np.log(twins.clean.astype(float) + 8)
    middle = picture[20:44, 20:44].reshape(-1, 3)
    border = np.concatenate([picture[:8].reshape(-1, 3), picture[-8:].reshape(-1, 3)])
    return np.concatenate([middle.mean(axis=0) - border.mean(axis=0), middle.std(axis=0)])


def test_colour_tells_classes_apart_better_than_chance() -> None:
    per_class = 30
    features = np.array(
        [
            [
                _colour_features(render_twins(k * 7 + c, label, settings=SMALL, seed=11))
                for k in range(per_class)
            ]
            for c, label in enumerate(LABELS)
        ]
    )
    features /= features.std(axis=(0, 1))
    centroids = features[:, : per_class // 2].mean(axis=1)
    tested = features[:, per_class // 2 :]
    nearest = np.linalg.norm(tested[:, :, None] - centroids, axis=-1).argmin(axis=-1)
    accuracy = float((nearest == np.arange(7)[:, None]).mean())
    chance = 1 / 7
    assert accuracy > chance + 4 * np.sqrt(chance * (1 - chance) / nearest.size)
