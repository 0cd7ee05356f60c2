"""Exports as CVAT 2 writes them, and files that only look like them."""

import io
import zipfile
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image

from gsal.errors import InputError
from gsal.masks.bundle import open_bundle
from gsal.masks.cvat import find_cvat_masks
from gsal.masks.foreign import Findings
from gsal.masks.labels import InkLabels
from gsal.masks.runs import union_of_runs

SHAPE = (40, 60)
LABELMAP = "# label:color_rgb:parts:actions\nbackground:0,0,0::\nlesion:250,50,83::\npen:51,221,255::\n"


def mask_element(label: str, left: int, top: int, mask: np.ndarray) -> str:
    runs = [len(list(group)) for _, group in groupby(mask.ravel().tolist())]
    runs = [0, *runs] if mask.ravel()[0] else runs
    rle = ", ".join(map(str, runs))
    height, width = mask.shape
    return (
        f'<mask label="{label}" source="manual" occluded="0" rle="{rle}" left="{left}" top="{top}" '
        f'width="{width}" height="{height}" z_order="0"></mask>'
    )


def box(label: str, *corners: float, extra: str = "") -> str:
    xtl, ytl, xbr, ybr = corners
    return (
        f'<box label="{label}" source="manual" occluded="0" xtl="{xtl:.2f}" ytl="{ytl:.2f}" xbr="{xbr:.2f}" '
        f'ybr="{ybr:.2f}" {extra} z_order="0"></box>'
    )


def xml(*shapes: str, name: str = "MEL/a.jpg", rest: str = "") -> str:
    height, width = SHAPE
    inside = "\n".join(shapes)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<annotations>
  <version>1.1</version>
  <meta><task><name>ink</name><labels><label><name>pen</name></label></labels></task></meta>
  <image id="0" name="{name}" width="{width}" height="{height}">
{inside}
  </image>{rest}
</annotations>"""


def found_in(path: Path, *labels: str) -> Findings:
    with open_bundle(path) as bundle:
        return find_cvat_masks(bundle, InkLabels(labels))


def only_mask(path: Path, *labels: str) -> np.ndarray:
    with open_bundle(path) as bundle:
        (drawn,) = find_cvat_masks(bundle, InkLabels(labels)).drawn
        return drawn.read(SHAPE)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@given(data=st.data(), part=arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=30)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_a_mask_is_taken_bit_by_bit(tmp_path: Path, data: st.DataObject, part: np.ndarray) -> None:
    left = data.draw(st.integers(0, SHAPE[1] - part.shape[1]))
    top = data.draw(st.integers(0, SHAPE[0] - part.shape[0]))
    expected = np.zeros(SHAPE, np.bool_)
    expected[top : top + part.shape[0], left : left + part.shape[1]] = part
    (drawn,) = found_in(write(tmp_path / "a.xml", xml(mask_element("ink", left, top, part)))).drawn
    assert drawn.names == ("MEL/a.jpg",)
    np.testing.assert_array_equal(drawn.read(SHAPE), expected)


def test_polygons_and_boxes_are_filled_as_in_its_masks(tmp_path: Path) -> None:
    expected = np.zeros(SHAPE, np.bool_)
    expected[3:9, 2:12] = True
    polygon = '<polygon label="pen" points="2.00,3.00;12.00,3.00;12.00,9.00;2.00,9.00" z_order="0"></polygon>'
    for number, one in enumerate((box("pen", 2, 3, 12, 9), polygon)):
        (drawn,) = found_in(write(tmp_path / f"{number}.xml", xml(one))).drawn
        np.testing.assert_array_equal(drawn.read(SHAPE), expected)
    turned = np.zeros(SHAPE, np.bool_)
    turned[1:11, 4:10] = True
    (drawn,) = found_in(
        write(tmp_path / "turned.xml", xml(box("pen", 2, 3, 12, 9, extra='rotation="90.00"')))
    ).drawn
    np.testing.assert_array_equal(drawn.read(SHAPE), turned)


def test_labels_and_shapes_that_are_left_out(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.xml",
        xml(
            box("pen", 0, 0, 5, 5),
            box("lesion", 0, 0, 30, 30),
            '<ellipse label="pen" cx="5" cy="5" rx="2" ry="2"></ellipse>',
            '<polyline label="pen" points="1,1;2,2"></polyline>',
            '<tag label="blurred"></tag>',
            rest=f'<image id="1" name="b.jpg" width="{SHAPE[1]}" height="{SHAPE[0]}"></image>',
        ),
    )
    found = found_in(path)
    assert [drawn.read(SHAPE).sum() for drawn in found.drawn] == [25, 0]
    assert not any(drawn.is_empty_told for drawn in found.drawn)
    assert found.skipped == {"lesion": 1, "pen (ellipse)": 1, "pen (polyline)": 1, "blurred": 1}
    assert found_in(path, "lesion").drawn[0].read(SHAPE).sum() == 900


@pytest.mark.parametrize(
    "bad",
    [
        '<mask label="pen" rle="5" left="0" top="0" width="2" height="2"/>',
        '<mask label="pen" rle="-1, 5" left="0" top="0" width="2" height="2"/>',
        '<mask label="pen" rle="" left="0" top="0" width="2" height="2"/>',
        '<mask label="pen" rle="0, 4" left="59" top="0" width="2" height="2"/>',
        '<mask label="pen" rle="0, 4" left="0" top="-1" width="2" height="2"/>',
        '<mask label="pen" rle="0, 4" left="0" top="0" width="2"/>',
        '<mask label="pen" rle="0, 4" left="4" top="4" width="-2" height="-2"/>',
        '<mask label="pen" rle="0, 3.9" left="0" top="0" width="2" height="2"/>',
        '<polygon label="pen" points="1,1;2,2"/>',
        '<polygon label="pen" points="1,1;2,nan;3,3"/>',
        '<polygon label="pen" points="1;2;3"/>',
        '<box label="pen" xtl="1" ytl="1" xbr="inf" ybr="2"/>',
    ],
)
def test_a_shape_that_cannot_be_read_refuses_its_picture(tmp_path: Path, bad: str) -> None:
    (drawn,) = found_in(write(tmp_path / "a.xml", xml(bad))).drawn
    with pytest.raises(InputError, match=r"a\.jpg: shape 1 of its ink cannot be read"):
        drawn.read(SHAPE)


def test_one_image_without_a_name_leaves_the_others_alone(tmp_path: Path) -> None:
    size = f'width="{SHAPE[1]}" height="{SHAPE[0]}"'
    rest = f'<image id="1" {size}/><image id="2" name="" {size}/><image id="3" name="c.jpg" {size}/>'
    found = found_in(write(tmp_path / "a.xml", xml(box("pen", 0, 0, 5, 5), rest=rest)))
    assert [problem.reason for problem in found.problems] == [
        "its image 2 has no name",
        "its image 3 has no name",
    ]
    assert [drawn.names for drawn in found.drawn] == [("MEL/a.jpg",), ("c.jpg",)]


def test_a_picture_is_gone_through_once_however_many_shapes_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def counting(*given: Any, **named: Any) -> Any:
        calls.append(1)
        return union_of_runs(*given, **named)

    monkeypatch.setattr("gsal.masks.cvat.union_of_runs", counting)
    boxes = [box("pen", n, 3, n + 2, 9) for n in range(0, 50, 5)]
    bits = mask_element("pen", 55, 30, np.ones((2, 3), np.bool_))
    assert only_mask(write(tmp_path / "a.xml", xml(*boxes, bits))).sum() == 10 * 2 * 6 + 6
    assert len(calls) == 1


def test_another_size_is_refused(tmp_path: Path) -> None:
    (drawn,) = found_in(write(tmp_path / "a.xml", xml())).drawn
    with pytest.raises(InputError, match=r"60 x 40 pixels, its picture 40 x 60.*EXIF"):
        drawn.read((60, 40))


LAUGHS = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]><annotations>&c;</annotations>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><annotations>&b;</annotations>'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (LAUGHS, "declares a document type"),
        (OUTSIDE, "declares a document type"),
        ('<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><annotations/>', "declares a document type"),
        ("", "no XML"),
        (xml()[:200], "no XML, or the file is cut off"),
        ('<?xml version="1.0" encoding="no-such"?><a/>', "no XML"),
        ("<annotations></annotations>", "lists no images"),
        ('<annotations><image id="1"/></annotations>', "image 1 has no name"),
        ('<annotations><track id="0" label="pen"><box frame="0"/></track></annotations>', "for video"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_the_rest_is_read(
    tmp_path: Path, text: str, reason: str
) -> None:
    write(tmp_path / "good.xml", xml())
    write(tmp_path / "bad.xml", text)
    found = found_in(tmp_path)
    assert [(p.path.name, reason in p.reason) for p in found.problems] == [("bad.xml", True)]
    assert len(found.drawn) == 1


def png(pixels: np.ndarray, mode: str | None = None) -> bytes:
    content = io.BytesIO()
    picture = Image.fromarray(pixels)
    (picture.quantize(8) if mode == "P" else picture).save(content, "PNG")
    return content.getvalue()


def segmentation(path: Path, content: bytes, labelmap: str = LABELMAP, name: str = "MEL/a.png") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("labelmap.txt", labelmap)
        archive.writestr("ImageSets/Segmentation/default.txt", "MEL/a\n")
        archive.writestr(f"SegmentationClass/{name}", content)
        archive.writestr(f"SegmentationObject/{name}", content)
    return path


def classes(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 3, SHAPE)


@pytest.mark.parametrize("mode", ["RGB", "P", "L"])
def test_segmentation_masks_are_taken_bit_by_bit(tmp_path: Path, mode: str) -> None:
    truth = classes()
    colours = np.array([(0, 0, 0), (250, 50, 83), (51, 221, 255)], np.uint8)
    pixels = truth.astype(np.uint8) if mode == "L" else colours[truth]
    path = segmentation(tmp_path / "a.zip", png(pixels, mode))
    found = found_in(path)
    (drawn,) = found.drawn
    assert drawn.names == ("MEL/a",)
    assert found.skipped == {"lesion": 1}
    np.testing.assert_array_equal(only_mask(path), truth == 2)
    np.testing.assert_array_equal(only_mask(path, "lesion"), truth == 1)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "folder")
    np.testing.assert_array_equal(only_mask(tmp_path / "folder"), truth == 2)


def test_segmentation_masks_that_cannot_be_used(tmp_path: Path) -> None:
    strange = np.full((*SHAPE, 3), 9, np.uint8)
    for number, (content, reason) in enumerate(
        [
            (png(strange), "1 of its colours are not in labelmap.txt"),
            (png(np.full(SHAPE, 7, np.uint8)), "not a PNG file, or damaged"),
            (b"text", "not a PNG file, or damaged"),
            (png(strange)[:-30], "not a PNG file, or damaged"),
            (png(strange[:-1]), "60 x 39 pixels, its picture 60 x 40"),
        ]
    ):
        path = segmentation(tmp_path / f"{number}.zip", content)
        with pytest.raises(InputError, match=reason) as caught:
            only_mask(path)
        assert caught.value.path.name == "a.png"


@pytest.mark.parametrize(
    ("labelmap", "reason"),
    [
        ("pen\n", "label:red,green,blue"),
        ("pen:1,2::\n", "label:red,green,blue"),
        ("pen:a,b,c::\n", "label:red,green,blue"),
        ("background:1,1,1::\npen:0,0,0::\n", "ink is black"),
    ],
)
def test_a_labelmap_that_cannot_be_used(tmp_path: Path, labelmap: str, reason: str) -> None:
    path = segmentation(tmp_path / "a.zip", png(np.zeros(SHAPE, np.uint8)), labelmap)
    with pytest.raises(InputError, match=reason):
        found_in(path)


def test_what_is_no_export_of_cvat(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "text")
    with pytest.raises(InputError, match=r"holds no masks of CVAT.*CVAT for images 1\.1"):
        found_in(tmp_path)
