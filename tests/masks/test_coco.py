"""COCO files against pycocotools, there and back, and what is no COCO file."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from pycocotools import mask as reference  # type: ignore[import-untyped]
from pycocotools.coco import COCO  # type: ignore[import-untyped]

from gsal.errors import InputError
from gsal.masks.bundle import open_bundle
from gsal.masks.coco import find_coco_masks, write_coco
from gsal.masks.foreign import Findings
from gsal.masks.labels import InkLabels
from gsal.masks.manifest import MaskRow, pixels_sha256
from gsal.masks.runs import counts_of, mask_of_runs, union_of_runs

# pycocotools' own decoder uses what NumPy is about to give up.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

MASKS = arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=24))
MASK = np.random.default_rng(0).random((37, 53)) < 0.4


def row(mask: np.ndarray, name: str = "photos/a.jpg") -> MaskRow:
    texts = dict.fromkeys(MaskRow.__dataclass_fields__, "")
    texts |= {"picture": name, "picture_sha256": "ab" * 32, "ink_px": "1.5", "uuid": "u-1", "source": "human"}
    return MaskRow(**texts | {"pixels_sha256": pixels_sha256(mask)})


def found_in(path: Path, *labels: str) -> Findings:
    with open_bundle(path) as bundle:
        return find_coco_masks(bundle, InkLabels(labels))


@given(masks=st.lists(MASKS, min_size=1, max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_written_masks_are_read_back_by_us_and_by_pycocotools(
    tmp_path: Path, masks: list[np.ndarray], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "masks.json"
    write_coco(path, ((row(mask, f"p/{i}.jpg"), mask) for i, mask in enumerate(masks)))
    theirs = COCO(str(path))
    ours = found_in(path)
    assert not ours.problems
    for annotation, mask, drawn in zip(theirs.loadAnns(theirs.getAnnIds()), masks, ours.drawn, strict=True):
        np.testing.assert_array_equal(theirs.annToMask(annotation) == 1, mask)
        assert annotation["area"] == mask.sum()
        image = theirs.loadImgs(annotation["image_id"])[0]
        assert (image["height"], image["width"]) == mask.shape
        assert drawn.names == (image["file_name"],)
        np.testing.assert_array_equal(drawn.read((mask.shape[0], mask.shape[1])), mask)
    assert "ink" in [category["name"] for category in theirs.loadCats(theirs.getCatIds())]


@given(mask=MASKS)
def test_counts_are_read_as_pycocotools_writes_them(mask: np.ndarray) -> None:
    counts = reference.encode(np.asfortranarray(mask.view(np.uint8)))["counts"].decode()
    read = mask_of_runs(counts_of(counts), (mask.shape[0], mask.shape[1]), is_by_column=True)
    np.testing.assert_array_equal(read, mask)


@given(text=st.text(st.characters(min_codepoint=40, max_codepoint=120), max_size=30))
def test_any_text_is_a_mask_of_the_right_size_or_refused(text: str) -> None:
    try:
        mask = mask_of_runs(counts_of(text), (4, 5), is_by_column=True)
    except ValueError:
        return
    again = reference.encode(np.asfortranarray(mask.view(np.uint8)))
    np.testing.assert_array_equal(reference.decode(again) == 1, mask)


def test_what_is_written_says_size_orientation_and_origin(tmp_path: Path) -> None:
    path = tmp_path / "masks.json"
    write_coco(path, [(replace(row(MASK), reader_kind="expert", parent_uuid="u-0"), MASK)])
    written = json.loads(path.read_text(encoding="utf-8"))
    (image,), (annotation,) = written["images"], written["annotations"]
    assert (image["height"], image["width"], image["orientation"]) == (37, 53, "upright")
    assert annotation["segmentation"]["size"] == [37, 53]
    assert image["sha256"] == "ab" * 32
    assert (annotation["uuid"], annotation["parent_uuid"], annotation["reader_kind"]) == (
        "u-1",
        "u-0",
        "expert",
    )
    assert "reader" not in annotation


def coco_file(path: Path, change: Callable[[dict[str, Any]], object] | None = None) -> Path:
    """Write a file as other programs do: two categories, runs and a polygon, no hashes."""
    runs = reference.encode(np.asfortranarray(MASK.view(np.uint8)))
    data: dict[str, Any] = {
        "images": [
            {"id": 7, "file_name": "a.jpg", "height": 37, "width": 53},
            {"id": 9, "file_name": "b.jpg", "height": 37, "width": 53},
        ],
        "categories": [{"id": 1, "name": "pen"}, {"id": 2, "name": "lesion"}],
        "annotations": [
            {
                "id": 1,
                "image_id": 7,
                "category_id": 1,
                "segmentation": {"size": [37, 53], "counts": runs["counts"].decode()},
            },
            {"id": 2, "image_id": 7, "category_id": 1, "segmentation": [[2, 2, 30, 2, 30, 20, 2, 20]]},
            {"id": 3, "image_id": 9, "category_id": 2, "segmentation": [[0, 0, 9, 0, 9, 9]]},
        ],
    }
    if change:
        change(data)
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_a_foreign_file_with_two_categories_and_a_polygon(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = coco_file(tmp_path / "other.json")
    found = found_in(path)
    theirs = COCO(str(path))
    both = theirs.annToMask(theirs.anns[1]) | theirs.annToMask(theirs.anns[2])
    np.testing.assert_array_equal(found.drawn[0].read((37, 53)), both == 1)
    assert found.skipped == {"lesion": 1}
    assert [drawn.is_empty_told for drawn in found.drawn] == [True, False]
    lesion = found_in(path, "Lesion").drawn[1].read((37, 53))
    np.testing.assert_array_equal(lesion, theirs.annToMask(theirs.anns[3]) == 1)


def test_uncompressed_runs(tmp_path: Path) -> None:
    def change(data: dict[str, Any]) -> None:
        flat = MASK.ravel(order="F")
        edges = np.flatnonzero(np.diff(flat, prepend=False, append=True))
        runs = [*np.diff(edges, prepend=0).tolist(), 0]
        runs[-1] = MASK.size - sum(runs)
        data["annotations"] = data["annotations"][:1]
        data["annotations"][0]["segmentation"]["counts"] = runs

    (drawn, _) = found_in(coco_file(tmp_path / "other.json", change)).drawn
    np.testing.assert_array_equal(drawn.read((37, 53)), MASK)


@pytest.mark.parametrize(
    "counts",
    [
        *("", "0", "PPPPPPPPPPPPP", "\u00e9\u00e9", "zzzz", 5, None),
        *([1, 2], [-5, 5 + 37 * 53], ["x"], ["1961"], [True, 37 * 53 - 1]),
        *([0.5, 37 * 53], [1.9, 37 * 53 - 1], [1.5, 37 * 53 - 1.5]),
    ],
)
def test_runs_that_do_not_fill_the_picture_are_refused(tmp_path: Path, counts: object) -> None:
    def change(data: dict[str, Any]) -> None:
        data["annotations"][0]["segmentation"]["counts"] = counts

    drawn = found_in(coco_file(tmp_path / "other.json", change)).drawn[0]
    with pytest.raises(InputError, match=r"a\.jpg: its size or shapes cannot be read"):
        drawn.read((37, 53))


def test_whole_numbers_with_a_point_are_whole(tmp_path: Path) -> None:
    def change(data: dict[str, Any]) -> None:
        data["annotations"] = data["annotations"][:1]
        data["annotations"][0]["segmentation"]["counts"] = [30.0, 7, 37 * 53 - 37.0]

    (drawn, _) = found_in(coco_file(tmp_path / "other.json", change)).drawn
    assert drawn.read((37, 53)).sum() == 7


@pytest.mark.parametrize("size", [[37.5, 53], [37, "53"]])
def test_a_size_that_is_not_whole_is_refused(tmp_path: Path, size: list[object]) -> None:
    def change(data: dict[str, Any]) -> None:
        data["annotations"][0]["segmentation"]["size"] = size

    with pytest.raises(InputError):
        found_in(coco_file(tmp_path / "other.json", change)).drawn[0].read((37, 53))


@given(masks=st.lists(arrays(np.bool_, (7, 9)), max_size=5), is_by_column=st.booleans())
def test_a_union_of_runs_is_that_of_their_masks(masks: list[np.ndarray], is_by_column: bool) -> None:
    several = []
    for mask in masks:
        flat = mask.ravel(order="F" if is_by_column else "C")
        edges = np.flatnonzero(np.diff(flat, prepend=False))
        several.append(np.diff(edges, prepend=0, append=flat.size).tolist())
    union = union_of_runs(several, (7, 9), is_by_column=is_by_column)
    np.testing.assert_array_equal(union, np.any([np.zeros((7, 9), np.bool_), *masks], axis=0))


def test_a_picture_is_gone_through_once_however_many_polygons_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(data: dict[str, Any]) -> None:
        one = data["annotations"][1]
        data["annotations"] += [one | {"segmentation": [[n, 3, n + 2, 3, n + 2, 6]]} for n in range(40)]

    calls: list[int] = []

    def counting(*given: Any, **named: Any) -> Any:
        calls.append(1)
        return union_of_runs(*given, **named)

    monkeypatch.setattr("gsal.masks.coco.union_of_runs", counting)
    path = coco_file(tmp_path / "other.json", change)
    mask = found_in(path).drawn[0].read((37, 53))
    assert len(calls) == 1
    theirs = COCO(str(path))
    expected = np.any([theirs.annToMask(one) == 1 for one in theirs.dataset["annotations"][:2]], axis=0)
    np.testing.assert_array_equal(mask[10:], expected[10:])
    assert mask[4, 35]


def test_one_bad_image_leaves_the_others_alone(tmp_path: Path) -> None:
    def change(data: dict[str, Any]) -> None:
        size = {"height": 37, "width": 53}
        data["images"] += [
            {"id": 10} | size,
            {"file_name": "d.jpg"} | size,
            {"id": 11, "file_name": 5} | size,
            {"id": 9, "file_name": "e.jpg"} | size,
            {"id": 12, "file_name": "f.jpg"} | size,
            {"id": 13, "file_name": "g.jpg"} | size,
            7,
        ]
        data["annotations"] += [
            {"id": 4, "image_id": 99, "category_id": 1, "segmentation": [[0, 0, 9, 0, 9, 9]]},
            {"id": 5, "image_id": 12, "category_id": 77, "segmentation": [[0, 0, 9, 0, 9, 9]]},
            {"id": 6, "image_id": 13, "category_id": 1, "segmentation": [[0, 0, 9, 0, 9, 9]]},
            "text",
        ]

    found = found_in(coco_file(tmp_path / "other.json", change))
    assert [problem.reason for problem in found.problems] == [
        "its image 4 has no id, or that of another",
        "its image 6 has no id, or that of another",
        "its image 9 has no id, or that of another",
        "its annotation 4 is of no image in it",
        "its annotation 7 is of no image in it",
        "its image 10 has no file_name",
        "its image 11 has no file_name",
    ]
    masks: dict[str, object] = {}
    for drawn in found.drawn:
        try:
            masks[drawn.names[0]] = drawn.read((37, 53)).any()
        except InputError as error:
            masks[drawn.names[0]] = error.reason
    unclear = "what is its ink is not clear: two images have its id, or a category is unknown"
    assert masks == {"a.jpg": True, "b.jpg": unclear, "f.jpg": unclear, "g.jpg": True}


def test_another_size_is_refused(tmp_path: Path) -> None:
    drawn = found_in(coco_file(tmp_path / "other.json")).drawn[0]
    with pytest.raises(InputError, match="53 x 37 pixels, its picture 50 x 37"):
        drawn.read((37, 50))
    with pytest.raises(InputError, match="EXIF"):
        drawn.read((53, 37))


@pytest.mark.parametrize("point", [float("1e308"), -1e9])
def test_points_far_off_the_picture_are_refused(tmp_path: Path, point: float) -> None:
    def change(data: dict[str, Any]) -> None:
        data["annotations"][1]["segmentation"][0][0] = point

    drawn = found_in(coco_file(tmp_path / "other.json", change)).drawn[0]
    with pytest.raises(InputError):
        drawn.read((37, 53))


def test_a_mask_that_was_damaged_on_its_way_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "masks.json"
    write_coco(path, [(row(MASK), MASK)])
    other = MASK.copy()
    other[3, 4] ^= True
    counts = reference.encode(np.asfortranarray(other.view(np.uint8)))["counts"].decode()
    written = json.loads(path.read_text(encoding="utf-8"))
    written["annotations"][0]["segmentation"]["counts"] = counts
    path.write_text(json.dumps(written), encoding="utf-8")
    with pytest.raises(InputError, match="not those it was exported with"):
        found_in(path).drawn[0].read((37, 53))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ('{"a": NaN}', "no JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("[1]", "not what this kind of file holds"),
        ('{"a": 1}', "no COCO file"),
        ('{"images": 1, "annotations": [], "categories": []}', "no COCO file"),
        ('{"images": [{"id": [1]}], "annotations": [], "categories": []}', "image 1 has no id"),
        (
            '{"images": [], "annotations": [{"category_id": 3}], "categories": []}',
            "annotation 1 is of no image",
        ),
        ('{"images": [{"id": 1}], "annotations": [], "categories": []}', "image 1 has no file_name"),
    ],
)
def test_what_is_no_coco_file_is_named(tmp_path: Path, text: str, reason: str) -> None:
    coco_file(tmp_path / "good.json")
    (tmp_path / "bad.json").write_text(text, encoding="utf-8")
    found = found_in(tmp_path)
    assert [(p.path.name, reason in p.reason) for p in found.problems] == [("bad.json", True)]
    assert len(found.drawn) == 2
