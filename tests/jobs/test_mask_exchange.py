"""Masks go out and come back bit for bit, by whatever way; what does not fit is told and the rest goes in."""

import csv
import json
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gsal.errors import GsalError, InputError
from gsal.jobs.masks.export_masks import COCO_NAME, ExportMasks
from gsal.jobs.masks.import_masks import ImportMasks
from gsal.jobs.masks.making import new_mask
from gsal.jobs.pictures.import_images import ImportImages
from gsal.jobs.runner import run_job
from gsal.masks import codec
from gsal.masks.interchange import encode_png, write_png
from gsal.masks.manifest import pixels_sha256
from gsal.progress import JobContext, Notice
from gsal.project import Project
from gsal.records import MaskSet, MaskSource, ReaderKind

SHAPES = {"MEL/a.jpg": (20, 30), "MEL/b.png": (31, 17), "NV/b.png": (8, 9), "NV/=c.png": (12, 12)}


def picture(path: Path, shape: tuple[int, int], *, orientation: int = 1) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(zlib.crc32(path.name.encode())).integers(
        0, 255, (*shape, 3), dtype=np.uint8
    )
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(pixels).save(path, exif=exif)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    for name, shape in SHAPES.items():
        picture(tmp_path / "photos" / name, shape)
    return tmp_path / "photos"


@pytest.fixture
def drawn(project: Project, photos: Path) -> Project:
    """A project whose pictures Ada masked, the second one empty."""
    take(project, photos)
    folder = photos.parent / "by-hand"
    for number, (name, shape) in enumerate(SHAPES.items()):
        write_png(folder / f"{name}.png", ink(shape, number))
    assert run_job(ImportMasks(str(folder), reader="Ada"), project, JobContext())["problems"] == []
    return project


@pytest.fixture
def other(photos: Path, tmp_path: Path) -> Iterator[Project]:
    """Another project with the same pictures, elsewhere and under other names."""
    moved = tmp_path / "moved"
    for number, name in enumerate(SHAPES):
        copy = moved / "MEL" / f"{number}{Path(name).suffix}"
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((photos / name).read_bytes())
    with Project.create(tmp_path / "other", classes=("MEL", "NV")) as made:
        take(made, moved)
        yield made


def ink(shape: tuple[int, int], seed: int) -> np.ndarray:
    return (np.random.default_rng(seed).random(shape) < 0.3) & (seed != 1)


def take(project: Project, folder: Path) -> None:
    assert run_job(ImportImages(str(folder)), project, JobContext())["problems"] == []


def masks_by_picture(project: Project, mask_set: MaskSet = MaskSet.HUMAN) -> dict[str, np.ndarray]:
    """Return the masks by the hash of their picture."""
    heads = project.store.masks.best(None, mask_set)
    hashes = {image.id: image.sha256 for image in project.store.images.all()}
    return {hashes[i]: codec.decode(project.store.masks.load(head.id)) for i, head in heads.items()}


def manifest(folder: Path) -> list[dict[str, str]]:
    with (folder / "masks.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("mask_format", ["png", "coco"])
@pytest.mark.parametrize("hide_names", [False, True])
@pytest.mark.parametrize("is_zipped", [False, True])
def test_masks_come_back_bit_for_bit_under_other_names(
    drawn: Project, other: Project, tmp_path: Path, mask_format: str, hide_names: bool, is_zipped: bool
) -> None:
    out = tmp_path / "out"
    job = ExportMasks(str(out), mask_set="human", mask_format=mask_format, hide_names=hide_names)
    assert run_job(job, drawn, JobContext())["masks"] == len(SHAPES)
    if is_zipped:
        with zipfile.ZipFile(tmp_path / "out.zip", "w") as archive:
            for file in out.rglob("*"):
                archive.write(file, Path("out") / file.relative_to(out))
        out = tmp_path / "out.zip"
    back = ImportMasks(str(out), reader="Ada", mask_format=mask_format)
    result = run_job(back, other, JobContext())
    assert result["problems"] == []
    assert result["imported"] == len(SHAPES)
    before, after = masks_by_picture(drawn), masks_by_picture(other)
    assert before.keys() == after.keys()
    for sha256, mask in before.items():
        np.testing.assert_array_equal(after[sha256], mask)
    assert sum(not mask.any() for mask in after.values()) == 1
    assert run_job(back, other, JobContext())["imported"] == 0


def test_hidden_names_are_in_no_file(drawn: Project, tmp_path: Path) -> None:
    for mask_format in ("png", "coco"):
        out = tmp_path / mask_format
        job = ExportMasks(str(out), mask_set="human", mask_format=mask_format, hide_names=True)
        run_job(job, drawn, JobContext())
        for file in (out / "masks.csv", *out.glob("*.json")):
            text = file.read_text(encoding="utf-8")
            assert "MEL/" not in text
            assert "Ada" not in text


def test_the_manifest_says_what_each_mask_is(drawn: Project, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run_job(ExportMasks(str(out), with_readers=True), drawn, JobContext())
    images = {f"photos/{image.path}": image for image in drawn.store.images.all()}
    heads = drawn.store.masks.best(None, MaskSet.HUMAN)
    for row in manifest(out):
        image = images[row["picture"]]
        mask = ink(SHAPES[image.path], list(SHAPES).index(image.path))
        assert (row["width"], row["height"], row["orientation"]) == (
            str(mask.shape[1]),
            str(mask.shape[0]),
            "upright",
        )
        assert row["picture_sha256"] == image.sha256
        assert row["pixels_sha256"] == pixels_sha256(mask)
        assert (out / row["mask"]).read_bytes() == encode_png(mask)
        assert (row["source"], row["reader_kind"], row["reader"]) == ("human", "expert", "Ada")
        assert row["uuid"] == heads[image.id].uuid
        assert float(row["ink_px"]) == heads[image.id].ink_px
        assert row["parent_uuid"] == row["is_enlarged"] == ""
    run_job(ExportMasks(str(tmp_path / "silent")), drawn, JobContext())
    assert "reader" not in manifest(tmp_path / "silent")[0]


def test_a_parent_is_named_by_its_uuid(drawn: Project, tmp_path: Path) -> None:
    image = drawn.store.images.all()[0]
    shape = image.height, image.width
    rule = drawn.store.masks.add(new_mask(image.id, ink(shape, 5), MaskSource.RULE, rule="hue")).result()
    begun = new_mask(image.id, ink(shape, 6), MaskSource.EXACT)
    fields = {name: getattr(begun, name) for name in begun.__dataclass_fields__}
    drawn.store.masks.add(type(begun)(**fields | {"parent_id": rule.id})).result()
    run_job(ExportMasks(str(tmp_path / "out"), mask_set="exact"), drawn, JobContext())
    assert [row["parent_uuid"] for row in manifest(tmp_path / "out")] == [rule.uuid]


def test_the_picture_of_a_turned_photograph_and_its_mask_are_upright(
    project: Project, tmp_path: Path
) -> None:
    picture(tmp_path / "photos" / "MEL" / "a.jpg", (20, 30), orientation=6)
    take(project, tmp_path / "photos")
    (image,) = project.store.images.all()
    assert (image.height, image.width) == (30, 20)
    write_png(tmp_path / "masks" / "a.png", ink((20, 30), 3))
    result = run_job(ImportMasks(str(tmp_path / "masks"), reader="Ada"), project, JobContext())
    assert [p["reason"] for p in result["problems"]] == ["the mask has 30 x 20 pixels, its picture 20 x 30"]
    write_png(tmp_path / "masks" / "a.png", ink((30, 20), 3))
    run_job(ImportMasks(str(tmp_path / "masks"), reader="Ada"), project, JobContext())
    run_job(ExportMasks(str(tmp_path / "out"), mask_format="coco"), project, JobContext())
    written = json.loads((tmp_path / "out" / COCO_NAME).read_text(encoding="utf-8"))
    assert written["annotations"][0]["segmentation"]["size"] == [30, 20]


def test_masks_kept_smaller_are_written_at_their_pictures_size(project: Project, tmp_path: Path) -> None:
    picture(tmp_path / "photos" / "MEL" / "a.png", (40, 60))
    take(project, tmp_path / "photos")
    (image,) = project.store.images.all()
    small = ink((20, 30), 2)
    project.store.masks.add(new_mask(image.id, small, MaskSource.AUTOMATIC_PICK, rule="hue")).result()
    out = tmp_path / "out"
    assert run_job(ExportMasks(str(out)), project, JobContext())["enlarged"] == 1
    (row,) = manifest(out)
    assert (row["is_enlarged"], row["width"], row["height"]) == ("1", "60", "40")
    with Image.open(out / row["mask"]) as written:
        np.testing.assert_array_equal(np.asarray(written), small.repeat(2, axis=0).repeat(2, axis=1))


def test_a_mask_counts_only_as_what_it_is(drawn: Project, other: Project, tmp_path: Path) -> None:
    """A person's is not exact without a name; a program's is nobody's until somebody changes it."""
    run_job(ExportMasks(str(tmp_path / "human"), mask_set="human"), drawn, JobContext())
    result = run_job(ImportMasks(str(tmp_path / "human")), other, JobContext())
    assert result["imported"] == 0
    assert {p["reason"] for p in result["problems"]} == {"a person drew it: say who (--reader)"}
    image = drawn.store.images.all()[0]
    shape = image.height, image.width
    rule = new_mask(image.id, ink(shape, 9), MaskSource.AUTOMATIC_PICK, rule="hue")
    drawn.store.masks.add(rule).result()
    run_job(ExportMasks(str(tmp_path / "rule"), mask_set="rule"), drawn, JobContext())
    (row,) = manifest(tmp_path / "rule")
    for reader, reason in (
        ("", "a program made it (automatic-pick)"),
        ("Ada", "nobody has changed it since"),
    ):
        result = run_job(ImportMasks(str(tmp_path / "rule"), reader=reader), other, JobContext())
        assert result["imported"] == 0
        assert reason in result["problems"][0]["reason"]
    write_png(tmp_path / "rule" / row["mask"], ~ink(shape, 9))
    result = run_job(ImportMasks(str(tmp_path / "rule"), reader="Ada"), other, JobContext())
    assert (result["imported"], result["changed_since_export"]) == (1, 1)


def coco(path: Path, **images: tuple[int, int]) -> None:
    data: dict[str, Any] = {"images": [], "annotations": [], "categories": [{"id": 1, "name": "ink"}]}
    for number, (name, (height, width)) in enumerate(images.items(), start=1):
        data["images"].append({"id": number, "file_name": name, "height": height, "width": width})
        data["annotations"].append(
            {"id": number, "image_id": number, "category_id": 1, "segmentation": [[1, 1, 5, 1, 5, 5]]}
        )
    path.write_text(json.dumps(data), encoding="utf-8")


def test_what_does_not_fit_is_told_and_the_rest_goes_in(
    project: Project, photos: Path, tmp_path: Path
) -> None:
    take(project, photos)
    path = tmp_path / "other.json"
    images = {
        "a.jpg": (20, 30),
        "b.png": (31, 17),
        "z.png": (9, 9),
        "NV/=c.png": (13, 12),
        "photos/NV/b.png": (8, 9),
    }
    coco(path, **images, **{"MEL/a.jpg": (20, 30)})
    result = run_job(ImportMasks(str(path), reader="Ada", mask_format="coco"), project, JobContext())
    assert result["imported"] == 2
    assert {p["file"].split(": ")[1]: p["reason"] for p in result["problems"]} == {
        "b.png": "2 pictures have this name (photos/MEL/b.png, photos/NV/b.png)",
        "z.png": "no picture of this name",
        "NV/=c.png": "the mask has 12 x 13 pixels, its picture 12 x 12",
        "MEL/a.jpg": "another mask of MEL/a.jpg lies in this folder too",
    }


@pytest.mark.parametrize("takes_empty", [False, True])
def test_a_picture_on_which_nothing_was_drawn_is_free_of_ink_only_if_the_user_says_so(
    project: Project, photos: Path, tmp_path: Path, takes_empty: bool
) -> None:
    take(project, photos)
    path = tmp_path / "annotations.xml"
    path.write_text(
        '<annotations><image name="MEL/a.jpg" width="30" height="20">'
        '<box label="lesion" xtl="1" ytl="1" xbr="5" ybr="5"/></image>'
        '<image name="NV/b.png" width="9" height="8">'
        '<box label="pen" xtl="1" ytl="1" xbr="5" ybr="5"/></image></annotations>',
        encoding="utf-8",
    )
    events: list[object] = []
    job = ImportMasks(str(path), reader="Ada", mask_format="cvat", empty_is_ink_free=takes_empty)
    result = run_job(job, project, JobContext(events.append))
    assert (result["imported"], result["no_ink_drawn"]) == ((2, 0) if takes_empty else (1, 1))
    assert result["left_out_labels"] == {"lesion": 1}
    notices = [event.text for event in events if isinstance(event, Notice)]
    assert any("lesion (1)" in text for text in notices)
    assert any("no ink was drawn" in text for text in notices) != takes_empty


def test_nothing_is_taken_from_a_zip_that_cannot_be_trusted(
    project: Project, photos: Path, tmp_path: Path
) -> None:
    take(project, photos)
    with zipfile.ZipFile(tmp_path / "masks.zip", "w") as archive:
        archive.writestr("MEL/a.png", encode_png(ink((20, 30), 0)))
        archive.writestr("../evil.png", b"")
    with pytest.raises(InputError, match="leads out of it"):
        run_job(ImportMasks(str(tmp_path / "masks.zip")), project, JobContext())
    assert project.store.masks.best() == {}
    assert not (tmp_path.parent / "evil.png").exists()


def test_names_decomposed_by_macos_are_found(project: Project, tmp_path: Path) -> None:
    picture(tmp_path / "photos" / "MEL" / "\u00e4.png", (9, 9))
    take(project, tmp_path / "photos")
    write_png(tmp_path / "masks" / "a\u0308.png", ink((9, 9), 0))
    assert run_job(ImportMasks(str(tmp_path / "masks")), project, JobContext())["imported"] == 1


def test_formats_and_kinds_that_do_not_exist(project: Project, tmp_path: Path) -> None:
    with pytest.raises(GsalError, match="no format voc; the formats are png, coco, labelme, cvat"):
        run_job(ImportMasks(str(tmp_path), mask_format="voc"), project, JobContext())
    with pytest.raises(GsalError, match="not written as cvat; the formats are png and coco"):
        run_job(ExportMasks(str(tmp_path), mask_format="cvat"), project, JobContext())
    with pytest.raises(GsalError, match="no kind of reader pupil"):
        run_job(ImportMasks(str(tmp_path), reader="Ada", reader_kind="pupil"), project, JobContext())
    assert ReaderKind.EXPERT in ReaderKind
