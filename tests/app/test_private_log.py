"""The log and reports of mistakes name no file and no patient."""

import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.private_log import PrivateFormatter, told_privately, without_names
from gsal.errors import InputError

NAME = "Mustermann"


@pytest.mark.parametrize(
    "text",
    [
        "cannot identify image file '/data/Mustermann/1.jpg'",
        "[Errno 2] No such file or directory: 'C:\\\\Users\\\\Mustermann\\\\x.png'",
        "C:\\Users\\Anna Mustermann\\scan 1.tif is broken",
        "\\\\server\\share\\Mustermann is gone",
        "/home/anna/Mustermann Anna 1960.png is broken",
        "Mustermann_Anna.JPG is no picture",
        "“Mustermann” is there twice",
        'KeyError: "Mustermann"',
    ],
)
def test_names_are_left_out(text: str) -> None:
    assert NAME not in without_names(text)


def test_what_helps_stays() -> None:
    text = "mat1 and mat2 shapes cannot be multiplied (2x1024 and 512x7) at 0.5/s, don't"
    assert without_names(text) == text


@given(st.text(alphabet="abc' \"/\\.:,é", max_size=30))
def test_a_quoted_path_never_shows(name: str) -> None:
    hidden = without_names(f"no such file: '/pictures/{NAME}/x' ({name})")
    assert NAME not in hidden


def failing(name: str) -> None:
    Path(f"/nowhere/{name}.jpg").read_bytes()


def caught(name: str) -> BaseException:
    try:
        try:
            failing(name)
        except OSError as error:
            raise InputError(f"{name}.jpg", "this picture cannot be read") from error
    except InputError as error:
        return error
    raise AssertionError("nothing was raised")


def test_an_exception_tells_its_places_and_causes() -> None:
    told = told_privately(caught(NAME))
    assert NAME not in told
    assert 'tests/app/test_private_log.py", line' in told
    assert "in failing" in told
    assert "FileNotFoundError: [Errno 2] No such file or directory: …" in told
    assert told.rstrip().endswith("InputError")


def test_a_record_is_written_without_names(caplog: pytest.LogCaptureFixture) -> None:
    error = caught(NAME)
    logging.getLogger("app").error("a copy cannot be written: %s", f"/x/{NAME}.npz", exc_info=error)
    (record,) = caplog.records
    assert NAME in caplog.text, "another handler has formatted it before"
    line = PrivateFormatter("%(levelname)s %(message)s").format(record)
    assert NAME not in line
    assert line.startswith("ERROR a copy cannot be written: …")
    assert "InputError" in line
