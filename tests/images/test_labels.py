from pathlib import Path

import pytest

from gsal.errors import LabelsError
from gsal.images.labels import LabelRow, Problem, read_labels

TABLE = "file,label,patient_id,lesion_id,site\na.jpg,MEL,p1,l1,arm\nb.jpg,,p2,,\n"
ROWS = (
    LabelRow(2, "a.jpg", "MEL", "p1", "l1", {"site": "arm"}),
    LabelRow(3, "b.jpg", None, "p2", "", {"site": ""}),
)


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "labels.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(folder: Path, content: str | bytes) -> LabelsError:
    path = written(folder, content)
    with pytest.raises(LabelsError) as caught:
        read_labels(path)
    assert str(path) in str(caught.value)
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_usual_ways_to_write_a_table(tmp_path: Path, delimiter: str, bom: str, newline: str) -> None:
    text = bom + TABLE.replace(",", delimiter).replace("\n", newline)
    table = read_labels(written(tmp_path, text))
    assert table.rows == ROWS
    assert table.problems == ()
    assert table.columns == ("file", "label", "patient_id", "lesion_id", "site")


def test_columns_in_any_order_and_case_with_blanks(tmp_path: Path) -> None:
    table = read_labels(written(tmp_path, "Label, File ,n\n MEL , a b.jpg ,1\n"))
    assert table.rows == (LabelRow(2, "a b.jpg", "MEL", extra={"n": "1"}),)


def test_quotes_commas_newlines_and_umlauts(tmp_path: Path) -> None:
    table = read_labels(
        written(tmp_path, 'file,label,note\n"a,b.jpg",MEL,"two\nlines"\n\nü.jpg,NV,"say ""hi"""\n')
    )
    assert [(row.line, row.file, row.extra["note"]) for row in table.rows] == [
        (2, "a,b.jpg", "two\nlines"),
        (5, "ü.jpg", 'say "hi"'),
    ]


def test_bad_rows_are_listed_and_the_rest_goes_in(tmp_path: Path) -> None:
    text = "file,label\na.jpg,MEL\na.jpg,NV\n,NV\nb.jpg\nc.jpg,NV,7\nd.jpg,SK\ne.jpg,SK,,\n"
    table = read_labels(written(tmp_path, text))
    assert [row.file for row in table.rows] == ["a.jpg", "d.jpg", "e.jpg"]
    assert table.problems == (
        Problem("a.jpg", "listed again: line 2 already has it", 3),
        Problem("", "no file is named in this row", 4),
        Problem("b.jpg", "the row has 1 cells where the header has 2", 5),
        Problem("c.jpg", "the row has 3 cells where the header has 2", 6),
    )


def test_only_bad_rows_are_no_reason_to_refuse(tmp_path: Path) -> None:
    assert len(read_labels(written(tmp_path, "file,label\n,MEL\n")).problems) == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_utf_16_is_refused(tmp_path: Path, encoding: str) -> None:
    error = refusal(tmp_path, TABLE.encode(encoding))
    assert "UTF-16" in error.reason
    assert "CSV UTF-8" in error.remedy


def test_latin_1_is_refused_with_its_line(tmp_path: Path) -> None:
    error = refusal(tmp_path, "file,label\na.jpg,MEL\nMüller.jpg,NV\n".encode("latin-1"))
    assert error.reason == "line 3: its encoding is not UTF-8 (byte 0xfc)"


@pytest.mark.parametrize(("header", "missing"), [
    ("file,patient_id", "label"),
    ("label,site", "file"),
    ("image;class", "file and label"),
    ("x", "file and label"),
])  # fmt: skip
def test_missing_columns_are_named(tmp_path: Path, header: str, missing: str) -> None:
    error = refusal(tmp_path, f"{header}\n1,2\n")
    shown = header.replace(",", ", ").replace(";", ", ")
    assert error.reason == f"line 1: no column {missing} (it has: {shown})"


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_empty_table(tmp_path: Path, content: str) -> None:
    assert refusal(tmp_path, content).reason == "empty file"


def test_header_only(tmp_path: Path) -> None:
    assert "no rows" in refusal(tmp_path, "file,label\n").reason


def test_column_twice(tmp_path: Path) -> None:
    assert "column label appears more than once" in refusal(tmp_path, "file,label,label\na,b,c\n").reason


def test_open_quotation_mark(tmp_path: Path) -> None:
    assert refusal(tmp_path, 'file,label\na.jpg,MEL\n"b.jpg,NV\n').reason.startswith("line 3:")


def test_missing_table(tmp_path: Path) -> None:
    with pytest.raises(LabelsError, match="no such file"):
        read_labels(tmp_path / "gone.csv")
    with pytest.raises(LabelsError, match="no such file"):
        read_labels(tmp_path)
