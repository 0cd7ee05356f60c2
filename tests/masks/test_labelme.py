"""Files as labelme 5 writes them."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image, ImageDraw, PngImagePlugin

from gsal.errors import InputError
from gsal.masks.bundle import open_bundle
from gsal.masks.foreign import Findings
from gsal.masks.labelme import find_labelme_masks
from gsal.masks.labels import InkLabels

SHAPE = (40, 60)


def shape(label: str, kind: str, *points: tuple[float, float], mask: str | None = None) -> dict[str, Any]:
    return {
        "label": label,
        "points": [list(point) for point in points],
        "group_id": None,
        "description": "",
        "shape_type": kind,
        "flags": {},
        "mask": mask,
    }


def mask_shape(label: str, left: int, top: int, mask: np.ndarray) -> dict[str, Any]:
    content = io.BytesIO()
    Image.fromarray(mask.astype(np.uint8)).save(content, "PNG")
    corner = (left + mask.shape[1] - 1, top + mask.shape[0] - 1)
    return shape(label, "mask", (left, top), corner, mask=base64.b64encode(content.getvalue()).decode())


def write(path: Path, *shapes: dict[str, Any], **other: object) -> Path:
    data: dict[str, Any] = {
        "version": "5.5.0",
        "flags": {},
        "shapes": list(shapes),
        "imagePath": f"{path.stem}.jpg",
        "imageData": None,
        "imageHeight": SHAPE[0],
        "imageWidth": SHAPE[1],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data | other), encoding="utf-8")
    return path


def found_in(path: Path, *labels: str) -> Findings:
    with open_bundle(path) as bundle:
        return find_labelme_masks(bundle, InkLabels(labels))


def only_mask(path: Path, *labels: str) -> np.ndarray:
    (drawn,) = found_in(path, *labels).drawn
    return drawn.read(SHAPE)


@given(data=st.data(), part=arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=30)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_a_mask_is_taken_bit_by_bit(tmp_path: Path, data: st.DataObject, part: np.ndarray) -> None:
    left = data.draw(st.integers(0, SHAPE[1] - part.shape[1]))
    top = data.draw(st.integers(0, SHAPE[0] - part.shape[0]))
    expected = np.zeros(SHAPE, np.bool_)
    expected[top : top + part.shape[0], left : left + part.shape[1]] = part
    path = write(tmp_path / "a.json", mask_shape("ink", left, top, part))
    np.testing.assert_array_equal(only_mask(path), expected)


def test_outlines_are_filled_with_their_edge_as_labelme_does(tmp_path: Path) -> None:
    box = np.zeros(SHAPE, np.bool_)
    box[3:9, 2:11] = True
    for number, one in enumerate(
        (
            shape("ink", "rectangle", (10, 8), (2, 3)),
            shape("ink", "polygon", (2, 3), (10, 3), (10, 8), (2, 8)),
            shape("ink", "oriented_rectangle", (2, 3), (10, 3), (10, 8), (2, 8)),
        )
    ):
        path = write(tmp_path / f"{number}.json", one)
        np.testing.assert_array_equal(only_mask(path), box)
    rows, columns = np.indices(SHAPE)
    distance = np.hypot(rows - 20, columns - 30)
    round_ = only_mask(write(tmp_path / "round.json", shape("ink", "circle", (30, 20), (30, 27))))
    assert round_[distance <= 6].all()
    assert not round_[distance >= 8].any()


def test_several_shapes_and_labels(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.json",
        shape("Pen", "rectangle", (0, 0), (4, 4)),
        shape("surgical marker", "rectangle", (10, 10), (12, 12)),
        shape("pink skin", "rectangle", (20, 20), (30, 30)),
        shape("ink", "linestrip", (0, 0), (9, 9)),
        shape("ink", "point", (3, 3)),
    )
    found = found_in(path)
    assert found.drawn[0].read(SHAPE).sum() == 25 + 9
    assert found.skipped == {"pink skin": 1, "ink (linestrip)": 1, "ink (point)": 1}
    assert only_mask(path, "PINK SKIN").sum() == 121


def test_a_file_before_shape_types_and_one_without_ink(tmp_path: Path) -> None:
    old = shape("ink", "polygon", (2, 3), (10, 3), (10, 8), (2, 8))
    del old["shape_type"], old["mask"]
    assert only_mask(write(tmp_path / "a.json", old)).sum() == 54
    (drawn,) = found_in(write(tmp_path / "b.json", shape("lesion", "circle", (9, 9), (9, 12)))).drawn
    assert not drawn.is_empty_told
    assert not drawn.read(SHAPE).any()


@pytest.mark.parametrize(
    ("image_path", "expected"),
    [("a.jpg", "in/a.jpg"), ("..\\photos\\a.jpg", "photos/a.jpg"), ("../photos/a.jpg", "photos/a.jpg")],
)
def test_where_its_picture_lies(tmp_path: Path, image_path: str, expected: str) -> None:
    write(tmp_path / "in" / "b.json", imagePath=image_path)
    (drawn,) = found_in(tmp_path).drawn
    assert drawn.names == (expected, "in/b")


def test_another_size_is_refused(tmp_path: Path) -> None:
    (drawn,) = found_in(write(tmp_path / "a.json")).drawn
    with pytest.raises(InputError, match="60 x 40 pixels, its picture 60 x 41"):
        drawn.read((41, 60))


@pytest.mark.parametrize(
    "bad",
    [
        shape("ink", "polygon", (2, 3), (10, 3)),
        shape("ink", "rectangle", (2, 3)),
        shape("ink", "circle", (2, 3), (1e300, 1e300)),
        shape("ink", "mask", (2, 3), (5, 5)),
        shape("ink", "mask", (2, 3), (5, 5), mask="no base64"),
        shape("ink", "mask", (2, 3), (5, 5), mask=base64.b64encode(b"no PNG").decode()),
        mask_shape("ink", 50, 30, np.ones((20, 20), np.bool_)),
        mask_shape("ink", -1, 0, np.ones((5, 5), np.bool_)),
        mask_shape("ink", 0, 0, np.ones((5, 5), np.bool_)) | {"points": [[0, 0], [5, 4]]},
        shape("ink", "rectangle", (2, 3), (5, 5)) | {"points": 5},
    ],
)
def test_a_shape_that_cannot_be_read_refuses_its_file(tmp_path: Path, bad: dict[str, Any]) -> None:
    path = write(tmp_path / "a.json", shape("ink", "rectangle", (0, 0), (4, 4)), bad)
    (drawn,) = found_in(path).drawn
    with pytest.raises(InputError, match=r"a\.json"):
        drawn.read(SHAPE)


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        ([[0, 0], [29_999, 29_999]], "shape 1 of its ink cannot be read"),
        ([[-29_999, -29_999], [0, 0]], "shape 1 of its ink cannot be read"),
        ([[9, 9], [5, 5]], "shape 1 of its ink cannot be read"),
        ([[0, 0], [4, 4]], "the mask has 30000 x 30000 pixels|more than 200 megapixels"),
    ],
)
def test_a_mask_of_another_place_or_size_is_refused_before_it_is_decoded(
    tmp_path: Path, points: list[list[int]], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A PNG of 109 kB can hold 900 megapixels."""
    content = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(content, "PNG")
    huge = shape("ink", "mask", mask=base64.b64encode(content.getvalue()).decode()) | {"points": points}

    def load(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", load)
    (drawn,) = found_in(write(tmp_path / "a.json", huge)).drawn
    with pytest.raises(InputError, match=reason):
        drawn.read(SHAPE)


def test_all_outlines_of_a_picture_are_drawn_on_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures: list[int] = []
    new = ImageDraw.Draw

    def counting(*given: Any, **named: Any) -> Any:
        pictures.append(1)
        return new(*given, **named)

    monkeypatch.setattr("gsal.masks.shapes.ImageDraw.Draw", counting)
    shapes = [shape("ink", "polygon", (n, 3), (n + 2, 3), (n + 2, 8), (n, 8)) for n in range(0, 50, 5)]
    path = write(tmp_path / "a.json", *shapes, mask_shape("ink", 50, 30, np.ones((2, 3), np.bool_)))
    assert only_mask(path).sum() == 10 * 3 * 6 + 6
    assert len(pictures) == 1


def test_what_is_no_labelme_file_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    write(tmp_path / "good.json", shape("ink", "rectangle", (0, 0), (4, 4)))
    (tmp_path / "other.json").write_text('{"images": []}', encoding="utf-8")
    (tmp_path / "list.json").write_text("[]", encoding="utf-8")
    write(tmp_path / "sizeless.json", imageHeight=None)
    write(tmp_path / "uneven.json", imageHeight=40.5)
    write(tmp_path / "shapeless.json", shapes=[{"points": []}])
    found = found_in(tmp_path)
    assert {problem.path.stem for problem in found.problems} == {
        "other",
        "list",
        "sizeless",
        "uneven",
        "shapeless",
    }
    assert [drawn.file for drawn in found.drawn] == ["good.json"]
