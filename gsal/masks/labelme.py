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
from gsal.masks.runs import whole
from gsal.masks.shapes import Outlines, Point

__all__ = ["find_labelme_masks"]

Shape = Mapping[str, Any]
_Fill = Callable[[Outlines, Sequence[Point]], None]

_FILLS: dict[str, _Fill] = {
    "polygon": Outlines.polygon,
    "oriented_rectangle": Outlines.polygon,
    "rectangle": Outlines.rectangle,
    "circle": Outlines.circle,
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
        shape = whole(data["imageHeight"]), whole(data["imageWidth"])
        ink = [one for one in data["shapes"] if _is_ink(one, labels, findings)]
        names = _picture_names(name, str(data["imagePath"]))

    def read(picture: tuple[int, int]) -> Mask:
        expect_shape(path, shape, picture)
        outlines, bits = Outlines(shape), np.zeros(shape, np.bool_)
        for number, one in enumerate(ink, start=1):
            with damaged(path, f"shape {number} of its ink cannot be read"):
                points = [(float(x), float(y)) for x, y in one["points"]]
                if _kind(one) == "mask":
                    _add_bits(bits, points, one["mask"], path)
                else:
                    _FILLS[_kind(one)](outlines, points)
        return bits | outlines.mask()

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


def _add_bits(mask: Mask, points: Sequence[Point], encoded: str, path: Path) -> None:
    """Add the mask of a box between two corners, pixels that belong to it, once it is known to fit."""
    (left, top), (right, bottom) = [(int(x), int(y)) for x, y in points]
    if not (0 <= left <= right < mask.shape[1] and 0 <= top <= bottom < mask.shape[0]):
        raise ValueError("a mask reaches out of its picture")
    content = base64.b64decode(encoded, validate=True)
    part = decode_png(content, path, (bottom - top + 1, right - left + 1))
    mask[top : bottom + 1, left : right + 1] |= part
