"""The manifest comes back as it was, and no cell of it is a formula."""

import csv
import hashlib
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsal.errors import InputError
from gsal.masks.manifest import MaskRow, pixels_sha256, read_rows, table

PATH = Path("masks.csv")
COLUMNS = tuple(MaskRow.__dataclass_fields__)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
ROWS = st.lists(
    st.builds(MaskRow, **dict.fromkeys(COLUMNS, TEXTS)), max_size=4, unique_by=lambda row: row.mask
)


@given(ROWS)
def test_whatever_the_names_it_comes_back_and_starts_no_formula(rows: list[MaskRow]) -> None:
    text = table(rows, with_readers=True)
    assert list(read_rows(text.encode(), PATH).values()) == rows
    for cells in csv.reader(io.StringIO(text, newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


def test_readers_are_named_only_when_asked() -> None:
    row = MaskRow(**dict.fromkeys(COLUMNS, "") | {"mask": "a.png", "reader": "Ada", "reader_kind": "expert"})
    assert "Ada" in table([row], with_readers=True)
    silent = table([row], with_readers=False)
    assert "Ada" not in silent
    assert "expert" in silent
    assert "reader," not in silent


def test_the_hash_of_pixels_is_the_one_that_is_documented() -> None:
    mask = np.random.default_rng(0).random((5, 11)) < 0.5
    rows = [int("".join(map(str, row.astype(int))).ljust(16, "0"), 2).to_bytes(2, "big") for row in mask]
    assert pixels_sha256(mask) == hashlib.sha256(b"".join(rows)).hexdigest()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xfe", "not UTF-8"),
        (b"", "no column mask and picture_sha256"),
        (b"mask\na.png\n", "no column picture_sha256"),
        (b"mask,picture_sha256\na.png,1\na.png,2\n", "line 3: a.png is listed twice"),
        (b'mask,picture_sha256\n"a.png,1\n', "line 2 cannot be read"),
    ],
)
def test_a_table_that_cannot_be_used(data: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read_rows(data, PATH)
