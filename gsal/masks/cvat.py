"""Masks drawn in CVAT: its exports "CVAT for images 1.1" and "Segmentation mask 1.1"."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from xml.parsers import expat

import numpy as np

from gsal.arrays import Mask
from gsal.errors import InputError
from gsal.masks.bundle import Bundle
from gsal.masks.class_pictures import find_class_pictures, has_class_pictures
from gsal.masks.foreign import Drawn, Findings, damaged, expect_shape
from gsal.masks.labels import InkLabels
from gsal.masks.runs import mask_of_runs, union_of_runs
from gsal.masks.shapes import Point, coco_polygon

__all__ = ["find_cvat_masks"]

Attributes = Mapping[str, str]

_FILLED = ("mask", "polygon", "box")
_EMPTY = ("ellipse", "polyline", "points", "cuboid", "skeleton", "tag")
_REMEDY = 'Export it from CVAT as "CVAT for images 1.1" or "Segmentation mask 1.1".'


def find_cvat_masks(bundle: Bundle, labels: InkLabels) -> Findings:
    """Find the masks of a CVAT export: an XML file, or pictures of classes with their labelmap.txt.

    Masks are taken bit by bit; polygons and boxes are filled as CVAT itself does when it exports masks. Other
    shapes are skipped and counted.

    Raises:
        InputError: It holds neither.
    """
    files = [name for name in bundle.names if PurePosixPath(name).suffix.lower() == ".xml"]
    if not files and has_class_pictures(bundle):
        return find_class_pictures(bundle, labels)
    if not files:
        raise InputError(bundle.path, "it holds no masks of CVAT", _REMEDY)
    findings = Findings()
    for name in files:
        try:
            _find(bundle, name, labels, findings)
        except InputError as error:
            findings.problems.append(error)
    return findings


@dataclass(slots=True)
class _Image:
    """An <image> element and the shapes in it, as (element, attributes)."""

    attributes: Attributes
    shapes: list[tuple[str, Attributes]] = field(default_factory=list)


def _find(bundle: Bundle, name: str, labels: InkLabels, findings: Findings) -> None:
    path = bundle.path / name
    for number, image in enumerate(_parse(bundle.read(name), path), start=1):
        picture = image.attributes.get("name")
        if not picture:
            findings.problems.append(InputError(path, f"its image {number} has no name", _REMEDY))
            continue
        ink: list[tuple[str, Attributes]] = []
        for element, attributes in image.shapes:
            label = attributes.get("label", "")
            if not labels.has(label):
                findings.skip(label)
            elif element not in _FILLED:
                findings.skip(f"{label} ({element})")
            else:
                ink.append((element, attributes))
        findings.drawn.append(_drawn(path, name, picture, _Image(image.attributes, ink)))


def _drawn(path: Path, name: str, picture: str, image: _Image) -> Drawn:
    def read(shape: tuple[int, int]) -> Mask:
        place = path / picture
        with damaged(place, "its size cannot be read", _REMEDY):
            expect_shape(place, (int(image.attributes["height"]), int(image.attributes["width"])), shape)
        mask = np.zeros(shape, np.bool_)
        outlines: list[list[int]] = []
        for number, (element, attributes) in enumerate(image.shapes, start=1):
            with damaged(place, f"shape {number} of its ink cannot be read", "Export it again."):
                if element == "mask":
                    _add_bits(mask, attributes)
                else:
                    corners = _corners if element == "box" else _points
                    outlines.append(coco_polygon(corners(attributes), shape))
        if outlines:
            mask |= union_of_runs(outlines, shape, is_by_column=True)
        return mask

    return Drawn(f"{name}: {picture}", (picture,), read)


def _add_bits(mask: Mask, attributes: Attributes) -> None:
    left, top, width, height = (int(attributes[name]) for name in ("left", "top", "width", "height"))
    if min(left, top, width - 1, height - 1) < 0:
        raise ValueError("a mask has no place in its picture")
    if left + width > mask.shape[1] or top + height > mask.shape[0]:
        raise ValueError("a mask reaches out of its picture")
    runs = [int(run) for run in attributes["rle"].split(",")]
    part = mask_of_runs(runs, (height, width), is_by_column=False)
    mask[top : top + height, left : left + width] |= part


def _points(attributes: Attributes) -> list[Point]:
    pairs = (pair.split(",") for pair in attributes["points"].split(";"))
    return [(float(x), float(y)) for x, y in pairs]


def _corners(attributes: Attributes) -> list[Point]:
    """Return the corners of a box, turned clockwise about its centre if it says so."""
    left, top, right, bottom = (float(attributes[name]) for name in ("xtl", "ytl", "xbr", "ybr"))
    x, y, angle = (left + right) / 2, (top + bottom) / 2, math.radians(float(attributes.get("rotation", 0)))
    cos, sin = math.cos(angle), math.sin(angle)
    return [
        (x + (px - x) * cos - (py - y) * sin, y + (px - x) * sin + (py - y) * cos)
        for px, py in ((left, top), (right, top), (right, bottom), (left, bottom))
    ]


def _parse(data: bytes, path: Path) -> list[_Image]:
    """Read images and shapes; a document type is refused, for entities that grow without end hide in it."""
    parser = expat.ParserCreate()
    images: list[_Image] = []
    inside: list[str] = []

    def begin(element: str, attributes: dict[str, str]) -> None:
        if element == "track":
            raise InputError(path, "it is an export for video", _REMEDY)
        if element == "image":
            images.append(_Image(attributes))
        elif inside[-1:] == ["image"] and element in _FILLED + _EMPTY:
            images[-1].shapes.append((element, attributes))
        inside.append(element)

    def refuse(*_: object) -> None:
        raise InputError(path, "it declares a document type, which CVAT never does", _REMEDY)

    parser.StartElementHandler = begin
    parser.EndElementHandler = lambda _: inside.pop()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        line = parser.ErrorLineNumber
        raise InputError(path, f"line {line} is no XML, or the file is cut off", _REMEDY) from error
    if not images:
        raise InputError(path, "it lists no images", _REMEDY)
    return images
