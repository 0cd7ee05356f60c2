import io
import os
import struct
import threading
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageFilter

from gsal.errors import ImageError
from gsal.files import sha256_of_file
from gsal.images import loader

ORIENTATION = 0x0112


def gradient(height: int = 48, width: int = 64) -> Image.Image:
    rows, columns = np.mgrid[:height, :width]
    pixels = np.stack([columns * 3, rows * 4, 255 - columns * 2], -1) % 256
    return Image.fromarray(pixels.astype(np.uint8))


def saved(path: Path, picture: Image.Image, **options: object) -> Path:
    picture.save(path, **options)  # type: ignore[arg-type]
    return path


def refusal(path: Path) -> ImageError:
    with pytest.raises(ImageError) as caught:
        loader.load_rgb(path)
    with pytest.raises(ImageError):
        loader.probe(path)
    with pytest.raises(ImageError):
        loader.load_thumbnail(path, side=16)
    assert str(path) in str(caught.value)
    assert caught.value.remedy
    return caught.value


def png_header(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize("suffix", ["png", "tif", "bmp", "webp", "gif"])
def test_lossless_formats_give_their_pixels(tmp_path: Path, suffix: str) -> None:
    picture = gradient().quantize(64).convert("RGB") if suffix == "gif" else gradient()
    path = saved(tmp_path / f"a.{suffix}", picture, **({"lossless": True} if suffix == "webp" else {}))
    loaded = loader.load_rgb(path)
    assert loaded.dtype == np.uint8
    assert loaded.flags.writeable
    np.testing.assert_array_equal(loaded, np.asarray(picture))


def test_probe_describes_the_file(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", gradient())
    info = loader.probe(path)
    assert (info.width, info.height) == (64, 48)
    assert info.sha256 == sha256_of_file(path)
    assert info.size_bytes == path.stat().st_size
    assert info.mtime_ns == path.stat().st_mtime_ns
    assert info.notes == ()


@pytest.mark.parametrize(
    ("suffix", "options"),
    [
        ("jpg", {}),
        ("jpg", {"progressive": True}),
        ("png", {}),
        ("webp", {}),
        ("bmp", {}),
        ("gif", {}),
        ("tif", {}),
        ("tif", {"compression": "tiff_lzw"}),
        ("tif", {"compression": "jpeg"}),
    ],
)
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_truncated_files_are_refused(
    tmp_path: Path, suffix: str, options: dict[str, object], share: float, capfd: pytest.CaptureFixture[str]
) -> None:
    noise = gradient(200, 300).filter(ImageFilter.EMBOSS)
    whole = saved(tmp_path / f"whole.{suffix}", noise, **options).read_bytes()
    path = tmp_path / f"cut.{suffix}"
    path.write_bytes(whole[: int(len(whole) * share)])
    error = refusal(path)
    if suffix in {"jpg", "png"}:
        assert error.reason.startswith("incomplete")


def test_jpeg_with_a_tail_of_zeros_is_refused(tmp_path: Path) -> None:
    whole = saved(tmp_path / "whole.jpg", gradient(200, 300)).read_bytes()
    path = tmp_path / "zeros.jpg"
    half = len(whole) // 2
    path.write_bytes(whole[:half] + bytes(len(whole) - half))
    assert refusal(path).reason.startswith("incomplete")


def test_jpeg_with_bytes_behind_its_end_opens(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", gradient())
    path.write_bytes(path.read_bytes() + b"trailer \xff\xda of a phone")
    assert loader.load_rgb(path).shape == (48, 64, 3)


def test_png_with_a_wrong_checksum_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", gradient())
    data = bytearray(path.read_bytes())
    data[data.rindex(b"IEND") - 6] ^= 1  # within the checksum of the pixels
    path.write_bytes(data)
    assert refusal(path).reason.startswith("incomplete")


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.touch()
    assert refusal(path).reason == "empty file"


@pytest.mark.parametrize(("name", "content", "reason"), [
    ("a.jpg", b"patient, label\n1, MEL\n" * 50, "not an image"),
    ("a.jpg", b"\xff\xd8\xff", "damaged"),
    ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
    ("a.pdf", b"%PDF-1.7\n", "PDF"),
    ("a.svg", b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
    ("a.cr3", b"\0\0\0\x18ftypcrx \0\0\0\0", "raw"),
    ("a.dcm", bytes(128) + b"DICM", "DICOM"),
    ("a.jp2", b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
])  # fmt: skip
def test_what_is_no_picture_is_named(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    error = refusal(path)
    assert reason in error.reason
    if reason != "damaged":
        assert "JPEG, PNG, TIFF" in error.remedy


def test_missing_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone.png").reason == "no such file"


def test_folder_pipe_and_device_are_refused_at_once(tmp_path: Path) -> None:
    folder, pipe = tmp_path / "folder.png", tmp_path / "pipe.png"
    folder.mkdir()
    os.mkfifo(pipe)
    assert "folder" in refusal(folder).reason
    assert "pipe" in refusal(pipe).reason
    zero = tmp_path / "zero.png"
    zero.symlink_to("/dev/zero")
    assert "device" in refusal(zero).reason


def test_name_that_no_system_takes(tmp_path: Path) -> None:
    assert "cannot be opened" in refusal(tmp_path / "a\0.png").reason
    assert "cannot be opened" in refusal(tmp_path / ("a" * 300)).reason


def test_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(png_header(30_000, 30_000))
    error = refusal(path)
    assert error.reason == "too large (30000 x 30000 = 900 megapixels, the limit is 200)"


def test_size_between_pillows_limits_raises_no_warning(tmp_path: Path) -> None:
    path = tmp_path / "wide.png"
    path.write_bytes(png_header(12_000, 10_000))
    assert refusal(path).reason.startswith("incomplete")
    assert Image.MAX_IMAGE_PIXELS == 89478485


@pytest.mark.parametrize("size", [(1, 1), (1, 2000), (2000, 7)])
def test_tiny_pictures_are_refused_by_a_stated_rule(tmp_path: Path, size: tuple[int, int]) -> None:
    path = saved(tmp_path / "tiny.png", Image.new("RGB", size))
    assert refusal(path).reason == f"too small ({size[0]} x {size[1]} pixels, each side must have at least 8)"


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_upright(tmp_path: Path, suffix: str, orientation: int) -> None:
    upright = Image.new("RGB", (64, 48))
    upright.paste((250, 10, 10), (0, 0, 32, 24))
    upright.paste((10, 10, 250), (32, 24, 64, 48))
    inverse = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright if orientation == 1 else upright.transpose(Image.Transpose(inverse[orientation]))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    options: dict[str, object] = {"quality": 95} if suffix == "jpg" else {}
    path = saved(tmp_path / f"a.{suffix}", stored, exif=exif, **options)
    loaded = loader.load_rgb(path)
    assert loaded.shape == (48, 64, 3)
    assert np.abs(loaded.astype(int) - np.asarray(upright)).mean() < 6
    info = loader.probe(path)
    assert (info.width, info.height) == (64, 48)
    thumbnail = loader.load_thumbnail(path, side=32)
    assert thumbnail.shape == (24, 32, 3)
    assert thumbnail[4, 4, 0] > 200


def test_broken_exif_opens(tmp_path: Path) -> None:
    whole = saved(tmp_path / "a.jpg", gradient()).read_bytes()
    for body in (
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x12\x01\x03\0" * 9,
        b"Exif\0\0XX",
    ):
        path = tmp_path / "broken.jpg"
        path.write_bytes(whole[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + whole[2:])
        assert loader.load_rgb(path).shape == (48, 64, 3)


def test_sixteen_bit_grey_is_divided_by_257(tmp_path: Path) -> None:
    values = np.linspace(0, 65535, 64 * 16).astype(np.uint16).reshape(16, 64)
    for suffix in ("png", "tif"):
        path = saved(tmp_path / f"a.{suffix}", Image.fromarray(values))
        expected = np.round(values / 257).astype(np.uint8)
        np.testing.assert_array_equal(loader.load_rgb(path), np.repeat(expected[..., None], 3, -1))
        assert "16-bit grey was scaled to 8 bits" in loader.probe(path).notes


def test_sixteen_bit_colour(tmp_path: Path) -> None:
    values = np.linspace(0, 65535, 16 * 16 * 3).astype(">u2").reshape(16, 16, 3)
    head = struct.pack(">IIBBBBB", 16, 16, 16, 2, 0, 0, 0)
    rows = b"".join(b"\0" + row.tobytes() for row in values)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    packed = [struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks]
    path = tmp_path / "rgb16.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(packed))
    assert np.abs(loader.load_rgb(path).astype(int) - np.round(values / 257.0)).max() <= 1


def test_grey_one_bit_and_palette(tmp_path: Path) -> None:
    grey = gradient().convert("L")
    np.testing.assert_array_equal(
        loader.load_rgb(saved(tmp_path / "grey.png", grey)), np.asarray(grey.convert("RGB"))
    )
    bits = grey.convert("1")
    np.testing.assert_array_equal(
        loader.load_rgb(saved(tmp_path / "bits.png", bits)), np.asarray(bits.convert("RGB"))
    )
    palette = gradient().quantize(32)
    np.testing.assert_array_equal(
        loader.load_rgb(saved(tmp_path / "palette.png", palette)), np.asarray(palette.convert("RGB"))
    )


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparent_parts_become_paper(tmp_path: Path, mode: str) -> None:
    if mode == "P":
        picture = Image.new("P", (16, 16), 0)
        picture.putpalette([0, 0, 0, 200, 100, 50])
        picture.paste(1, (8, 0, 16, 16))
        path = saved(tmp_path / "a.png", picture, transparency=0)
    else:
        picture = Image.new(mode, (16, 16), 0)
        picture.paste((200, 255) if mode == "LA" else (200, 100, 50, 255), (8, 0, 16, 16))
        path = saved(tmp_path / "a.png", picture)
    loaded = loader.load_rgb(path)
    assert (loaded[:, :8] == 255).all()
    assert loaded[0, 12].tolist() == ([200, 200, 200] if mode == "LA" else [200, 100, 50])
    assert loader.probe(path).notes == ("transparent parts were laid on white",)


def test_half_transparent_is_mixed_with_white(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", Image.new("RGBA", (16, 16), (0, 0, 100, 128)))
    expected = np.round(np.array([0, 0, 100]) * 128 / 255 + 255 * 127 / 255)
    np.testing.assert_allclose(loader.load_rgb(path)[3, 3], expected, atol=1)


@pytest.mark.parametrize("suffix", ["jpg", "tif"])
def test_cmyk_has_its_colours(tmp_path: Path, suffix: str) -> None:
    red = Image.new("CMYK", (32, 32), (0, 255, 255, 0))
    red.paste((0, 0, 0, 0), (16, 0, 32, 32))
    loaded = loader.load_rgb(saved(tmp_path / f"a.{suffix}", red)).astype(int)
    assert np.abs(loaded[16, 4] - [255, 0, 0]).max() < 12
    assert loaded[16, 28].min() > 243


def test_colour_profile_is_converted(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = bytearray(profile)  # a profile whose red and green primaries are exchanged
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    swapped[red : red + 4], swapped[green : green + 4] = b"gXYZ", b"rXYZ"
    at = profile.index("sRGB".encode("utf-16-be"))
    swapped[at : at + 8] = "test".encode("utf-16-be")
    picture = Image.new("RGB", (16, 16), (200, 30, 60))
    path = saved(tmp_path / "a.png", picture, icc_profile=bytes(swapped))
    np.testing.assert_allclose(loader.load_rgb(path)[0, 0], [30, 200, 60], atol=2)
    assert "profile 'test" in loader.probe(path).notes[0]
    same = saved(tmp_path / "b.png", picture, icc_profile=profile)
    assert loader.load_rgb(same)[0, 0].tolist() == [200, 30, 60]


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_useless_colour_profile_is_ignored(tmp_path: Path, mode: str) -> None:
    profile = (
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() if mode == "L" else b"no profile"
    )
    path = saved(tmp_path / "a.png", Image.new(mode, (16, 16), 90), icc_profile=profile)
    grey = 90
    assert loader.load_rgb(path)[0, 0, 0] == grey
    assert "was ignored" in loader.probe(path).notes[0]


@pytest.mark.parametrize("suffix", ["gif", "png", "webp", "tif"])
def test_of_several_frames_the_first_is_taken(tmp_path: Path, suffix: str) -> None:
    first, second = Image.new("RGB", (32, 32), (200, 0, 0)), Image.new("RGB", (32, 32), (0, 0, 200))
    path = saved(tmp_path / f"a.{suffix}", first, save_all=True, append_images=[second])
    assert np.abs(loader.load_rgb(path)[5, 5].astype(int) - [200, 0, 0]).max() < 8
    assert "it holds several frames or pages; the first was taken" in loader.probe(path).notes


def test_wrong_suffix_opens_with_a_note(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", gradient(), format="PNG")
    assert loader.probe(path).notes == ("its name ends in .jpg, but it is PNG",)


def test_floating_point_is_refused(tmp_path: Path) -> None:
    values = np.full((16, 16), np.nan, np.float32)
    error = refusal(saved(tmp_path / "a.tif", Image.fromarray(values)))
    assert "floating-point" in error.reason


def test_thumbnail_fits_and_is_not_enlarged(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", gradient(600, 900), quality=95)
    assert loader.load_thumbnail(path, side=90).shape == (60, 90, 3)
    assert loader.load_thumbnail(path, side=5000).shape == (600, 900, 3)


def test_damaged_bytes_raise_nothing_but_image_errors(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(3)
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    path = tmp_path / "fuzz"
    for suffix in ("JPEG", "PNG", "TIFF", "BMP", "WEBP", "GIF"):
        buffer = io.BytesIO()
        gradient().save(buffer, suffix, exif=exif)
        whole = np.frombuffer(buffer.getvalue(), np.uint8)
        for _ in range(60):
            damaged = whole.copy()
            at = rng.integers(0, min(len(whole), 400), 3)
            damaged[at] = rng.integers(0, 256, 3)
            path.write_bytes(damaged.tobytes())
            try:
                loader.load_rgb(path, max_pixels=1_000_000)
            except ImageError:
                continue


def test_warning_filters_survive_threads(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", gradient(400, 400))
    before = list(warnings.filters)
    threads = [threading.Thread(target=lambda: [loader.load_rgb(path) for _ in range(5)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert warnings.filters == before
