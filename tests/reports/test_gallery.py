"""Example pictures: mask and saliency drawn where they are, nothing of the file's metadata kept."""

import io

import numpy as np
import pytest
from PIL import Image

from gsal.reports.content import GalleryItem
from gsal.reports.document import Picture
from gsal.reports.gallery import mask_picture, saliency_picture, strip

GREY = np.full((30, 40, 3), 128, dtype=np.uint8)


def decode(picture: Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.jpeg))


def test_mask_is_filled_and_outlined() -> None:
    mask = np.zeros((30, 40), dtype=np.bool_)
    mask[10:20, 10:20] = True
    drawn = mask_picture(GREY, mask)
    assert drawn[15, 15].tolist() == [round(0.55 * 128 + 0.45 * value) for value in (255, 214, 0)]
    assert drawn[9, 15].tolist() == [255, 255, 255]
    assert drawn[8, 15].tolist() == [0, 0, 0]
    assert drawn[0, 0].tolist() == [128, 128, 128]
    assert np.array_equal(mask_picture(GREY, np.zeros_like(mask)), GREY)


def test_saliency_is_orange_for_and_blue_against() -> None:
    saliency = np.zeros((30, 40))
    saliency[:, 20:] = 4.0
    saliency[:, :10] = -4.0
    drawn = saliency_picture(GREY, saliency).astype(int)
    assert drawn[15, 35, 0] > drawn[15, 35, 2]
    assert drawn[15, 3, 2] > drawn[15, 3, 0]
    assert drawn[15, 15].tolist() == [128, 128, 128]


@pytest.mark.parametrize("value", [0.0, np.nan])
def test_a_flat_or_undefined_map_shows_the_picture(value: float) -> None:
    assert np.array_equal(saliency_picture(GREY, np.full((7, 7), value)), GREY)


@pytest.mark.parametrize(
    ("shape", "size"), [((30, 40), (360, 270)), ((1000, 500), (180, 360)), ((1, 1), (360, 360))]
)
def test_pictures_are_of_one_size_and_bare(shape: tuple[int, int], size: tuple[int, int]) -> None:
    picture = np.full((*shape, 3), 90, dtype=np.uint8)
    item = strip(GalleryItem(picture, np.zeros(shape, dtype=np.bool_), np.ones((7, 7)), "a caption"))
    assert item.caption == "a caption"
    for one in item.pictures:
        image = decode(one)
        assert image.size == size
        assert not image.getexif()


def test_a_thin_stroke_survives_shrinking() -> None:
    mask = np.zeros((1440, 1440), dtype=np.bool_)
    mask[700:702] = True
    picture = np.full((1440, 1440, 3), 128, dtype=np.uint8)
    drawn = np.asarray(decode(strip(GalleryItem(picture, mask, np.ones((7, 7)), "")).pictures[1]))
    assert drawn.std() > 1


def test_a_mask_of_another_size_is_a_bug() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        strip(GalleryItem(GREY, np.zeros((3, 3), dtype=np.bool_), np.ones((7, 7)), ""))
