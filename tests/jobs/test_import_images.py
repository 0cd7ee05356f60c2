"""Importing: what is good goes in by reference, what is not is named, the same again is no problem."""

import json
import os
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
from PIL import Image

from gsal.errors import ImageError
from gsal.jobs.masks.making import read_picture
from gsal.jobs.pictures.import_images import ImportImages
from gsal.jobs.runner import run_job
from gsal.progress import Event, JobContext, Notice
from gsal.project import Project
from tests.cli.test_commands import run


def _picture(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 255, (20, 30, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)


def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    for n in range(3):
        _picture(folder / "images" / f"{n}.png", n)
    (folder / "images" / "bad.png").write_text("no picture")
    lines = ["file,label,patient_id", "images/0.png,MEL,A", "images/1.png,,A", "images/bad.png,NV,B"]
    lines += ["images/gone.png,NV,B", "images/2.png,Wart,B"]
    (folder / "labels.csv").write_text("\n".join(lines))
    return folder


def test_the_rest_goes_in_and_paths_lead_to_the_files(project: Project, tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    for imported_folder in (folder, folder / "images"):
        job = ImportImages(str(imported_folder), str(folder / "labels.csv"))
        result = run_job(job, project, JobContext())
        reasons = {Path(p["file"]).name: p["reason"] for p in result["problems"]}
        assert set(reasons) >= {"bad.png", "gone.png", "2.png"}
    images = project.store.images.all()
    assert [(i.path, i.label, i.patient_id) for i in images] == [
        ("images/0.png", "MEL", "A"),
        ("images/1.png", None, "A"),
    ]
    assert all(project.image_path(image).is_file() for image in images)


def test_a_labels_table_above_the_folder_still_leads_to_the_files(project: Project, tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    run_job(ImportImages(str(folder / "images"), str(folder / "labels.csv")), project, JobContext())
    assert [project.image_path(i) for i in project.store.images.all()] == [
        folder / "images" / "0.png",
        folder / "images" / "1.png",
    ]


def test_the_same_again_is_already_there(project: Project, tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    job = ImportImages(str(folder), str(folder / "labels.csv"))
    first = run_job(job, project, JobContext())
    again = run_job(job, project, JobContext())
    assert (first["imported"], again["imported"], again["already_there"]) == (2, 0, 2)
    assert again["problems"] == first["problems"]


def test_a_folder_behind_a_link_is_imported_with_its_table(project: Project, tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    link = tmp_path / "link"
    link.symlink_to(folder, target_is_directory=True)
    result = run_job(ImportImages(str(link), str(link / "labels.csv")), project, JobContext())
    assert result["imported"] == 2
    assert [project.image_path(i).parent for i in project.store.images.all()] == [folder / "images"] * 2


def test_a_copy_elsewhere_is_named_as_a_duplicate(project: Project, tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    run_job(ImportImages(str(folder), str(folder / "labels.csv")), project, JobContext())
    copy = copytree(folder / "images", tmp_path / "copy" / "MEL")
    result = run_job(ImportImages(str(copy.parent)), project, JobContext())
    assert result["imported"] == 1
    reasons = {p["file"]: p["reason"] for p in result["problems"]}
    assert reasons["MEL/0.png"] == "same content as images/0.png"


def test_a_moved_folder_is_repaired_by_importing_it_again(project: Project, tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    run_job(ImportImages(str(folder), str(folder / "labels.csv")), project, JobContext())
    before = project.store.images.all()
    moved = folder.rename(tmp_path / "elsewhere")
    again = ImportImages(str(moved), str(moved / "labels.csv"))
    result = run_job(again, project, JobContext())
    assert (result["imported"], result["relinked"], result["already_there"]) == (0, 2, 0)
    images = project.store.images.all()
    assert [project.image_path(i) for i in images] == [moved / "images" / f"{n}.png" for n in range(2)]
    assert [(i.id, i.label, i.sha256) for i in images] == [(i.id, i.label, i.sha256) for i in before]
    result = run_job(again, project, JobContext())
    assert (result["relinked"], result["already_there"]) == (0, 2)


def test_a_relinked_folder_is_told_in_the_terminal(tmp_path: Path) -> None:
    run("new", tmp_path / "p")
    _picture(tmp_path / "photos" / "MEL" / "a.png", 0)
    run("import", "images", tmp_path / "p", tmp_path / "photos")
    (tmp_path / "photos").rename(tmp_path / "moved")
    result = run("import", "images", tmp_path / "p", tmp_path / "moved")
    assert result.exit_code == 0
    assert "1 relinked" in result.stdout


def test_other_labels_in_the_same_table_are_told_and_not_taken(project: Project, tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    job = ImportImages(str(folder), str(folder / "labels.csv"))
    run_job(job, project, JobContext())
    lines = ["file,label,patient_id", "images/0.png,NV,A", "images/1.png,,C"]
    (folder / "labels.csv").write_text("\n".join(lines))
    events: list[Event] = []
    run_job(job, project, JobContext(events.append))
    notices = [event.text for event in events if isinstance(event, Notice)]
    assert notices == [
        "2 pictures have another label or patient in this table than in the project; the project's were kept."
    ]
    assert [(i.label, i.patient_id) for i in project.store.images.all()] == [("MEL", "A"), (None, "A")]


def test_a_picture_replaced_after_import_is_not_used(project: Project, tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    run_job(ImportImages(str(folder), str(folder / "labels.csv")), project, JobContext())
    touched, replaced = project.store.images.all()
    os.utime(project.image_path(touched), ns=(1, 1))
    assert read_picture(project, touched).shape == (20, 30, 3)
    _picture(project.image_path(replaced), 9)
    with pytest.raises(ImageError, match=r"1\.png: changed since it was imported\. Put the original"):
        read_picture(project, replaced)
    project.image_path(replaced).unlink()
    with pytest.raises(ImageError, match="no such file"):
        read_picture(project, replaced)


def test_nothing_imported_is_a_failure_for_scripts(tmp_path: Path) -> None:
    run("new", tmp_path / "p")
    (tmp_path / "photos" / "MEL").mkdir(parents=True)
    (tmp_path / "photos" / "MEL" / "a.jpg").write_text("no picture")
    result = run("import", "images", tmp_path / "p", tmp_path / "photos", "--json")
    assert result.exit_code == 1
    assert [p["file"] for p in json.loads(result.stdout)["problems"]] == ["MEL/a.jpg"]
