import os
import threading
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gsal.errors import InputError, LabelsError
from gsal.files import sha256_of_file
from gsal.images.source import Found, Known, Problem, examine, scan
from gsal.progress import Event, JobCancelled, JobContext, Notice, Progress
from gsal.records import NewImage

CLASSES = ("MEL", "NV")


def picture(path: Path, seed: int = 0, **options: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (24, 32, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path, **options)  # type: ignore[arg-type]
    return path


def table(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(("file,label,patient_id,lesion_id,site", *rows)) + "\n", encoding="utf-8")
    return path


def test_folder_per_class(tmp_path: Path) -> None:
    picture(tmp_path / "MEL" / "b.png")
    picture(tmp_path / "MEL" / "deeper" / "a.jpg")
    picture(tmp_path / "NV" / "c.png")
    picture(tmp_path / "loose.png")
    picture(tmp_path / "XYZ" / "d.png")
    (tmp_path / "MEL" / ".DS_Store").write_bytes(b"x")
    (tmp_path / "labels.csv").write_text("ignored")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "empty").mkdir()
    result = scan(tmp_path, labels=None, classes=CLASSES)
    assert [(item.relative, item.label) for item in result.found] == [
        ("MEL/b.png", "MEL"), ("MEL/deeper/a.jpg", "MEL"), ("NV/c.png", "NV"), ("loose.png", None),
    ]  # fmt: skip
    assert [problem.file for problem in result.problems] == ["XYZ/"]
    assert "named like no class (MEL, NV); its 1 files were left out" in result.problems[0].reason


def test_only_listed_files_and_their_columns(tmp_path: Path) -> None:
    picture(tmp_path / "images" / "a.png")
    picture(tmp_path / "images" / "unlisted.png")
    labels = table(tmp_path / "labels.csv", "images/a.png,MEL,p1,l1,arm")
    result = scan(tmp_path, labels=labels, classes=CLASSES)
    path = tmp_path / "images" / "a.png"
    assert result.found == (Found(path, "images/a.png", "MEL", "p1", "l1", {"site": "arm"}, 2),)
    inner = scan(tmp_path / "images", labels=labels, classes=CLASSES)
    assert [item.relative for item in inner.found] == ["a.png"]


def test_every_bad_row_is_named_and_the_rest_goes_in(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    picture(folder / "a.png")
    picture(folder / "b.png")
    picture(tmp_path / "secret.png")
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    labels = table(
        folder / "labels.csv", "a.png,MEL,,,", "gone.png,NV,,,", "c.png,XYZ,,,", "../secret.png,NV,,,",
        "link.png,NV,,,", "./a.png,NV,,,", "a.png,NV,,,", "b.png,,,,", f"{tmp_path}/secret.png,NV,,,",
    )  # fmt: skip
    result = scan(folder, labels=labels, classes=CLASSES)
    assert [(item.relative, item.label) for item in result.found] == [("a.png", "MEL"), ("b.png", None)]
    assert [(problem.line, problem.file) for problem in result.problems] == [
        (3, "gone.png"), (4, "c.png"), (5, "../secret.png"), (6, "link.png"), (7, "./a.png"), (8, "a.png"),
        (10, f"{tmp_path}/secret.png"),
    ]  # fmt: skip
    reasons = [problem.reason for problem in result.problems]
    assert reasons[0] == "no such file"
    assert reasons[1] == "unknown class 'XYZ' (the project has MEL, NV)"
    assert (
        reasons[2]
        == reasons[3]
        == reasons[6]
        == "it lies outside the imported folder, or is a link to elsewhere"
    )
    assert reasons[4] == reasons[5] == "listed again: line 2 already has it"


@pytest.mark.parametrize("is_composed", [False, True])
def test_names_are_found_however_spelled(tmp_path: Path, is_composed: bool) -> None:
    spellings = [unicodedata.normalize("NFD", "müll 🖊.png"), unicodedata.normalize("NFC", "müll 🖊.png")]
    picture(tmp_path / "images" / spellings[is_composed])
    name = spellings[not is_composed]
    labels = table(tmp_path / "labels.csv", f"images\\{name},MEL,,,")
    assert len(scan(tmp_path, labels=labels, classes=CLASSES).found) == 1


def test_odd_names(tmp_path: Path) -> None:
    picture(tmp_path / "it's; DROP TABLE.png")
    labels = tmp_path / "labels.csv"
    labels.write_text("file,label\nit's; DROP TABLE.png,MEL\na\0b,MEL\n" + "x" * 300 + ",MEL\n")
    with pytest.raises(LabelsError, match="binary"):
        scan(tmp_path, labels=labels, classes=CLASSES)
    labels.write_text("file,label\nit's; DROP TABLE.png,MEL\n" + "x" * 300 + ",MEL\n")
    result = scan(tmp_path, labels=labels, classes=CLASSES)
    assert len(result.found) == len(result.problems) == 1


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        scan(tmp_path / "gone", labels=None, classes=CLASSES)


def test_examine_tells_good_from_bad(tmp_path: Path) -> None:
    good = picture(tmp_path / "MEL" / "good.png", 1)
    picture(tmp_path / "MEL" / "known.png", 2)
    (tmp_path / "MEL" / "same.png").write_bytes(good.read_bytes())
    (tmp_path / "MEL" / "text.jpg").write_text("not a picture")
    (tmp_path / "MEL" / "cut.png").write_bytes(good.read_bytes()[:900])
    os.mkfifo(tmp_path / "MEL" / "pipe.png")
    events: list[Event] = []
    ctx = JobContext(events.append)
    found = scan(tmp_path, labels=None, classes=CLASSES).found
    known = {sha256_of_file(tmp_path / "MEL" / "known.png")}
    results = list(examine(found, ctx=ctx, known=known))
    assert [type(result) for result in results] == [Problem, NewImage, Known, Problem, Problem, Problem]
    reasons = {result.file: result.reason for result in results if isinstance(result, Problem)}
    assert reasons["MEL/cut.png"].startswith("incomplete")
    assert [r.picture.path for r in results if isinstance(r, Known)] == ["MEL/known.png"]
    assert "pipe" in reasons["MEL/pipe.png"]
    assert reasons["MEL/same.png"] == "same content as MEL/good.png"
    assert reasons["MEL/text.jpg"].startswith("not an image")
    new = results[1]
    assert isinstance(new, NewImage)
    assert (new.path, new.label, new.width, new.height) == ("MEL/good.png", "MEL", 32, 24)
    assert new.sha256 == sha256_of_file(good)
    last = [event for event in events if isinstance(event, Progress)][-1]
    assert (last.done, last.total) == (6, 6)


def test_examine_keeps_order_and_columns(tmp_path: Path) -> None:
    names = [f"{number:02}.png" for number in range(20)]
    for number, name in enumerate(names):
        picture(tmp_path / name, number)
    labels = table(tmp_path / "labels.csv", *(f"{name},MEL,p{name},l,{name}" for name in reversed(names)))
    found = scan(tmp_path, labels=labels, classes=CLASSES).found
    results = list(examine(found, ctx=JobContext(), known=()))
    assert [result.path for result in results if isinstance(result, NewImage)] == names[::-1]
    assert all(isinstance(result, NewImage) and result.extra["site"] == result.path for result in results)


def test_what_was_changed_is_told_once_per_kind(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    for number in range(5):
        picture(tmp_path / f"{number}.jpg", number, exif=exif)
    events: list[Event] = []
    found = scan(tmp_path, labels=None, classes=CLASSES).found
    results = list(examine(found, ctx=JobContext(events.append), known=()))
    assert {(result.width, result.height) for result in results if isinstance(result, NewImage)} == {(24, 32)}
    notices = [event.text for event in events if isinstance(event, Notice)]
    assert notices == ["0.jpg, 1.jpg, 2.jpg and 2 more: it was turned upright by its EXIF orientation."]


def test_examine_can_be_cancelled(tmp_path: Path) -> None:
    for number in range(20):
        picture(tmp_path / f"{number:02}.png", number)
    ctx = JobContext()
    results = examine(scan(tmp_path, labels=None, classes=CLASSES).found, ctx=ctx, known=())
    for _ in range(3):
        next(results)
    ctx.cancel.set()
    with pytest.raises(JobCancelled):
        next(results)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("probe")]
