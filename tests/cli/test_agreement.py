"""`gsal agreement` over a small project with two readers and a repeat."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from gsal.cli import app
from gsal.jobs.masks.making import new_mask
from gsal.project import Project
from gsal.records import Decision, MaskSource, NewImage, Purpose, Reader, ReaderKind, Verdict


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["agreement", *map(str, arguments)])


def leave(
    project: Project, image_id: int, reader: Reader, rows: int, purpose: Purpose = Purpose.VALIDATION
) -> None:
    """Accept a mask whose first rows are ink."""
    pixels = np.zeros((64, 64), np.bool_)
    pixels[:rows] = True
    mask = project.store.masks.add(new_mask(image_id, pixels, MaskSource.HUMAN, reader_id=reader.id)).result()
    decision = Decision(image_id, reader.id, purpose, Verdict.ACCEPTED, mask.id, 1.0, "")
    project.store.decisions.add(decision).result()


@pytest.fixture
def read(tmp_path: Path) -> Path:
    """Four pictures: both see ink on two, one on a third, nobody on the last; Anna looks twice at two."""
    with Project.create(tmp_path / "read") as project:
        anna, bert = (project.store.readers.add(name, ReaderKind.EXPERT) for name in ("Anna", "Bert"))
        new = [NewImage(f"{n}.png", f"{n:064x}", 1, 1, 64, 64) for n in range(5)]
        ids = project.store.images.add(new, folder=tmp_path)
        for image_id, first, second in zip(ids, (20, 20, 20, 0), (20, 10, 0, 0), strict=False):
            leave(project, image_id, anna, first)
            leave(project, image_id, bert, second, Purpose.SECOND_READING)
        for image_id, again in zip(ids, (20, 10), strict=False):
            leave(project, image_id, anna, again, Purpose.REPEAT)
        leave(project, ids[4], anna, 5)
        unsure = Decision(ids[4], bert.id, Purpose.SECOND_READING, Verdict.CANNOT_JUDGE, None, 1.0, "")
        project.store.decisions.add(unsure).result()
        return project.folder


def test_json_has_every_pair_and_every_repeat(read: Path) -> None:
    result = run(read, "--json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    (between,), (within,) = found["between"], found["within"]
    assert (between["first"], between["second"]) == ("Anna", "Bert")
    assert (between["n"], between["left_out"], between["n_same"]) == (4, 1, 3)
    assert between["kappa"]["value"] == pytest.approx((0.75 - 0.5) / 0.5)
    assert between["kappa"]["low"] < 0.5 < between["kappa"]["high"] == 1
    assert between["dice"] == {"mean": pytest.approx((1 + 2 / 3 + 0) / 3), "n": 3, "undefined": 1}
    assert between["nsd"]["n"] == 3
    assert (within["first"], within["second"], within["n"]) == ("Anna", "Anna", 2)
    assert within["dice"]["mean"] == pytest.approx((1 + 2 / 3) / 2)
    assert within["kappa"] == {"value": None, "low": None, "high": None}
    assert json.loads(run(read, "--json").stdout) == found


def test_people_get_sentences(read: Path) -> None:
    first, second = run(read).stdout.splitlines()
    assert first.startswith("Anna and Bert: 4 pictures, 3 with the same ink decision, kappa 0.500 [")
    assert first.endswith("(n = 3); 1 left out")
    assert "Anna at first and again: 2 pictures" in second
    assert "kappa undefined [undefined, undefined]" in second


def test_nothing_read_yet(tmp_path: Path) -> None:
    Project.create(tmp_path / "new").close()
    assert "No picture has been read by two readers yet" in run(tmp_path / "new").stdout
    assert json.loads(run(tmp_path / "new", "--json").stdout) == {"between": [], "within": []}
    assert run(tmp_path / "nowhere").exit_code == 1
