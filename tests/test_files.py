"""A file is whole or absent, and whatever was there before stays until it is."""

from pathlib import Path

import pytest

from gsal.files import replacing, sha256_of_bytes, sha256_of_file, write_text


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_text(path, "first")

    def fail() -> None:
        with replacing(path) as temporary:
            temporary.write_text("half of the sec")
            raise RuntimeError("disk")

    with pytest.raises(RuntimeError, match="disk"):
        fail()
    assert path.read_text() == "first"
    assert list(tmp_path.iterdir()) == [path]


def test_folders_are_made_and_hashes_agree(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "text.txt"
    write_text(path, "ink ä")
    assert sha256_of_file(path) == sha256_of_bytes("ink ä".encode())
