"""Folders, zips and files of other programs; a zip that cannot be trusted is not used at all."""

import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from gsal.errors import InputError
from gsal.masks.bundle import open_bundle

CONTENT = bytes(range(256)) * 8


def zipped(path: Path, *names: str, content: bytes = CONTENT) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught, open_bundle(path):
        pass
    assert caught.value.path == path
    assert caught.value.remedy
    return caught.value.reason


def test_a_folder_a_zip_of_it_and_a_file_are_read_alike(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "in").mkdir(parents=True)
    (folder / "in" / "a.png").write_bytes(CONTENT)
    (folder / "b.json").write_bytes(b"{}")
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as writer:
        for file in ("in", "in/a.png", "b.json"):
            writer.write(folder / file, file)
    for path in (folder, archive):
        with open_bundle(path) as bundle:
            assert bundle.names == ("b.json", "in/a.png")
            assert bundle.read("in/a.png") == CONTENT
    with open_bundle(folder / "b.json") as bundle:
        assert bundle.names == ("b.json",)
        assert bundle.read("b.json") == b"{}"


def test_what_macos_adds_is_no_file_of_the_export(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", "out/a.png", "__MACOSX/out/._a.png", "out/._b.png")
    with open_bundle(path) as bundle:
        assert bundle.names == ("out/a.png",)


@pytest.mark.parametrize(
    "name", ["../a.png", "in/../../a.png", "/etc/passwd", "C:\\a.png", "c:/a.png", "..\\a.png"]
)
def test_names_that_lead_out_refuse_the_zip_whole(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "a.zip", "good.png", name)
    assert "leads out of it" in refusal(path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip"]


@pytest.mark.parametrize("second", ["a.png", "A.PNG", "a.png/", "\u00e4.png"])
def test_names_that_clash_refuse_it(tmp_path: Path, second: str) -> None:
    first = "a\u0308.png" if second.startswith("\u00e4") else "a.png"
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(first, CONTENT)
        if second == first:
            with pytest.warns(UserWarning, match="Duplicate name"):
                archive.writestr(second, CONTENT)
        else:
            archive.writestr(second, b"" if second.endswith("/") else CONTENT)
    assert "twice" in refusal(tmp_path / "a.zip")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_refuse_it(tmp_path: Path, kind: int) -> None:
    info = zipfile.ZipInfo("a.png")
    info.external_attr = (kind | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert "link or device" in refusal(tmp_path / "a.zip")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", "a.json", content=bytes(50_000_000))
    assert path.stat().st_size < 100_000
    assert "zip bomb" in refusal(path)


def test_sizes_that_are_claimed_are_refused_too(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", *(f"{i}.png" for i in range(40)))
    data = bytearray(path.read_bytes())
    place = -1
    while (place := data.find(b"PK\x01\x02", place + 1)) >= 0:
        # Compressed and uncompressed size of the central directory.
        data[place + 20 : place + 28] = struct.pack("<2I", 400_000_000, 500_000_000)
    path.write_bytes(data)
    assert refusal(path) == "it would unpack to 20 GB"
    place = data.find(b"PK\x01\x02")
    data[place + 20 : place + 28] = struct.pack("<2I", 600_000_000, 600_000_000)
    path.write_bytes(data)
    assert refusal(path) == "0.png in it has 600 MB"


def test_an_encrypted_or_damaged_zip(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", "a.png", "b.png")
    whole = path.read_bytes()
    encrypted = bytearray(whole)
    encrypted[whole.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(encrypted)
    assert refusal(path) == "it is encrypted"
    path.write_bytes(whole[: len(whole) // 2])
    assert refusal(path) == "not a zip file, or cut off"
    path.write_bytes(b"text")
    assert refusal(path) == "not a zip file, or cut off"
    flipped = bytearray(whole)
    flipped[60] ^= 0xFF
    path.write_bytes(flipped)
    with open_bundle(path) as bundle:
        with pytest.raises(InputError, match=r"a\.png: damaged in the zip"):
            bundle.read("a.png")
        assert bundle.read("b.png") == CONTENT


def test_what_is_not_there_or_no_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere") == "there is no such file or folder"
    os.mkfifo(tmp_path / "pipe.png")
    assert refusal(tmp_path / "pipe.png") == "it is neither a file nor a folder"
    with open_bundle(tmp_path) as bundle, pytest.raises(InputError, match="not a file"):
        bundle.read("pipe.png")
