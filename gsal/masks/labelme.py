"""Masks drawn in labelme: one JSON file per picture."""

import base64
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any

import numpy as np

from gsal.arrays import Mask
from gsal.errors import InputError
from gsal.masks.bundle import Bundle
from gsal.masks.foreign import Drawn, Findings, damaged, expect_shape
from gsal.masks.interchange import decode_png
from gsal.masks.json_file import parse_json
from gsal.masks.labels import InkLabels
from gsal.masks.shapes import Point, circle, polygon, rectangle

__all__ = ["find_labelme_masks"]

Shape = Mapping[str, Any]
_Fill = Callable[[Sequence[Point], tuple[int, int]], Mask]

_FILLS: dict[str, _Fill] = {
    "polygon": polygon,
    "oriented_rectangle": polygon,
    "rectangle": lambda points, shape: rectangle(points[0], points[1], shape),
    "circle": lambda points, shape: circle(points[0], points[1], shape),
}


def find_labelme_masks(bundle: Bundle, labels: InkLabels) -> Findings:
    """Find the masks of all labelme files of a bundle.

    Polygons, rectangles, circles and masks are filled as labelme fills them. Points and lines are skipped and
    counted: the file does not say how wide they are.
    """
    findings = Findings()
    for name in bundle.names:
        if PurePosixPath(name).suffix.lower() == ".json":
            try:
                findings.drawn.append(_drawn(bundle, name, labels, findings))
            except InputError as error:
                findings.problems.append(error)
    return findings


def _drawn(bundle: Bundle, name: str, labels: InkLabels, findings: Findings) -> Drawn:
    path = bundle.path / name
    data = parse_json(bundle.read(name), path)
    with damaged(path, "it is no labelme file: it has no shapes, imagePath and size of the picture"):
        shape = int(data["imageHeight"]), int(data["imageWidth"])
        ink = [one for one in data["shapes"] if _is_ink(one, labels, findings)]
        names = _picture_names(name, str(data["imagePath"]))

    def read(picture: tuple[int, int]) -> Mask:
        expect_shape(path, shape, picture)
        mask = np.zeros(shape, np.bool_)
        for number, one in enumerate(ink, start=1):
            with damaged(path, f"shape {number} of its ink cannot be read"):
                mask |= _filled(one, shape, path)
        return mask

    return Drawn(name, names, read)


def _is_ink(one: Shape, labels: InkLabels, findings: Findings) -> bool:
    label, kind = str(one["label"]), _kind(one)
    if not labels.has(label):
        findings.skip(label)
        return False
    if kind not in _FILLS and kind != "mask":
        findings.skip(f"{label} ({kind})")
        return False
    return True


def _kind(one: Shape) -> str:
    # Files before labelme 3 know polygons only and do not say so.
    return str(one.get("shape_type") or "polygon")


def _picture_names(name: str, image_path: str) -> tuple[str, ...]:
    """Return where the file says its picture lies, and where it would lie if it is named like the file."""
    beside = PurePosixPath(name).parent
    told = normpath(str(beside / image_path.replace("\\", "/")))
    return told, str(PurePosixPath(name).with_suffix(""))


def _filled(one: Shape, shape: tuple[int, int], path: Path) -> Mask:
    points = [(float(x), float(y)) for x, y in one["points"]]
    if _kind(one) != "mask":
        return _FILLS[_kind(one)](points, shape)
    (left, top), (right, bottom) = [(int(x), int(y)) for x, y in points]
    content = base64.b64decode(one["mask"], validate=True)
    # Corners are pixels that belong to the box.
    part = decode_png(content, path, (bottom - top + 1, right - left + 1))
    if left < 0 or top < 0 or bottom >= shape[0] or right >= shape[1]:
        raise ValueError("a mask reaches out of its picture")
    mask = np.zeros(shape, np.bool_)
    mask[top : bottom + 1, left : right + 1] = part
    return mask
