import io
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image, PngImagePlugin

from gsal.errors import ImageError
from gsal.images import loader
from gsal.masks.foreign import MAX_PIXELS
from gsal.masks.interchange import decode_png, encode_png, read_png, write_png

MASK = np.random.default_rng(0).random((37, 53)) < 0.4


def refusal(path: Path, shape: tuple[int, int] = (37, 53)) -> ImageError:
    with pytest.raises(ImageError) as caught:
        read_png(path, shape)
    assert str(path) in str(caught.value)
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize("mask", [MASK, np.zeros_like(MASK), np.ones_like(MASK)])
def test_round_trip(tmp_path: Path, mask: np.ndarray) -> None:
    path = tmp_path / "new" / "mask.png"
    write_png(path, mask)
    with Image.open(path) as picture:
        assert picture.mode == "1"
        assert not picture.info
    np.testing.assert_array_equal(read_png(path, (37, 53)), mask)


@given(arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=40)))
def test_any_mask_comes_back_bit_for_bit(mask: np.ndarray) -> None:
    np.testing.assert_array_equal(
        decode_png(encode_png(mask), Path("a.png"), (mask.shape[0], mask.shape[1])), mask
    )


@pytest.mark.parametrize("high", [1, 2, 127, 255])
def test_any_second_value_is_ink(tmp_path: Path, high: int) -> None:
    path = tmp_path / "mask.png"
    Image.fromarray((MASK * high).astype(np.uint8)).save(path)
    np.testing.assert_array_equal(read_png(path, (37, 53)), MASK)


def test_palette_indices(tmp_path: Path) -> None:
    path = tmp_path / "mask.png"
    picture = Image.fromarray(MASK.astype(np.uint8), "L").convert("P")
    picture.putdata(MASK.astype(np.uint8).ravel().tolist())
    picture.putpalette([255, 255, 255, 255, 0, 0])
    picture.save(path)
    np.testing.assert_array_equal(read_png(path, (37, 53)), MASK)


def test_other_size_is_never_resized(tmp_path: Path) -> None:
    path = tmp_path / "mask.png"
    write_png(path, MASK)
    assert refusal(path, (53, 37)).reason == "the mask has 53 x 37 pixels, its picture 37 x 53"


def test_a_mask_larger_than_any_picture_is_refused_by_its_header(monkeypatch: pytest.MonkeyPatch) -> None:
    content = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(content, "PNG")

    def load(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", load)
    with pytest.raises(ImageError, match="more than 200 megapixels"):
        decode_png(content.getvalue(), Path("a.png"), (20_000, 20_000))
    assert loader.MAX_PIXELS == MAX_PIXELS


def test_more_than_two_values(tmp_path: Path) -> None:
    path = tmp_path / "mask.png"
    for values in (np.arange(37 * 53).reshape(37, 53) % 256, MASK * 100 + 50):
        Image.fromarray(values.astype(np.uint8)).save(path)
        if np.unique(values).size > 2:
            assert "more than two values" in refusal(path).reason
    low_and_high = np.where(MASK, 255, 1).astype(np.uint8)
    Image.fromarray(low_and_high).save(path)
    assert "more than two values" in refusal(path).reason


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA"])
def test_colours_and_transparency(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "mask.png"
    Image.new(mode, (53, 37)).save(path)
    assert "colours or transparency" in refusal(path).reason


def test_what_is_no_mask(tmp_path: Path) -> None:
    path = tmp_path / "mask.png"
    assert refusal(path).reason == "no such file"
    os.mkfifo(path)
    assert refusal(path).reason == "it is not a file"
    path.unlink()
    path.write_text("text")
    assert refusal(path).reason == "not a PNG file, or damaged"
    write_png(path, np.random.default_rng(0).random((400, 400)) < 0.5)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert refusal(path, (400, 400)).reason.startswith("incomplete")
    path.write_bytes(whole[:-16] + bytes([whole[-16] ^ 1]) + whole[-15:])
    assert refusal(path, (400, 400)).reason.startswith("incomplete")
