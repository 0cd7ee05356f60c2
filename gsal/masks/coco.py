"""Masks as COCO JSON with compressed run lengths, readable by pycocotools."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

import numpy as np
from pycocotools import mask as coco  # type: ignore[import-untyped]

from gsal.arrays import Mask
from gsal.errors import InputError
from gsal.files import replacing
from gsal.masks.bundle import Bundle
from gsal.masks.foreign import Drawn, Findings, damaged, expect_shape
from gsal.masks.json_file import parse_json
from gsal.masks.labels import InkLabels
from gsal.masks.manifest import UPRIGHT, MaskRow, pixels_sha256
from gsal.masks.runs import counts_of, union_of_runs, whole
from gsal.masks.shapes import coco_polygon
from gsal.version import __version__

__all__ = ["find_coco_masks", "write_coco"]

_INK = {"id": 1, "name": "ink", "supercategory": ""}
_INFO = {
    "description": "Ink masks. segmentation.size is [height, width] of the upright picture: its EXIF "
    "orientation is applied. Every picture listed has one annotation; of area 0 where there is no ink.",
    "version": __version__,
    "orientation": UPRIGHT,
}
_TOLD = ("source", "reader_kind", "reader", "uuid", "parent_uuid", "pixels_sha256", "created")
_AGAIN = "Export it again."
_SHA256 = re.compile(r"[0-9a-f]{64}")


def write_coco(path: Path, masks: Iterable[tuple[MaskRow, Mask]]) -> None:
    """Write masks as COCO JSON, one after the other, so that memory holds one mask only.

    Args:
        path: The file; whole or absent.
        masks: Rows of the manifest, `picture` being the file_name, with masks (H, W) bool.
    """
    images = []
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.write('{"annotations": [')
        for number, (row, mask) in enumerate(masks, start=1):
            images.append(
                {
                    "id": number,
                    "file_name": row.picture or row.picture_sha256,
                    "width": mask.shape[1],
                    "height": mask.shape[0],
                    "sha256": row.picture_sha256,
                    "orientation": UPRIGHT,
                }
            )
            file.write(",\n" if number > 1 else "\n")
            json.dump(_annotation(number, row, mask), file, ensure_ascii=False)
        file.write("\n],\n")
        _write_rest(file, images)


def _annotation(number: int, row: MaskRow, mask: Mask) -> dict[str, Any]:
    runs = coco.encode(np.asfortranarray(mask.view(np.uint8)))
    return {
        "id": number,
        "image_id": number,
        "category_id": _INK["id"],
        "iscrowd": 0,
        "segmentation": {"size": list(mask.shape), "counts": runs["counts"].decode("ascii")},
        "area": int(coco.area(runs)),
        "bbox": [float(value) for value in coco.toBbox(runs)],
        "ink_px": float(row.ink_px),
        "is_enlarged": row.is_enlarged == "1",
        **{name: getattr(row, name) for name in _TOLD if getattr(row, name)},
    }


def _write_rest(file: IO[str], images: list[dict[str, Any]]) -> None:
    rest = {"images": images, "categories": [_INK], "licenses": [], "info": _INFO}
    file.write(json.dumps(rest, ensure_ascii=False)[1:] + "\n")


def find_coco_masks(bundle: Bundle, labels: InkLabels) -> Findings:
    """Find the masks of all COCO files of a bundle; run lengths, compressed or not, and polygons."""
    findings = Findings()
    for name in bundle.names:
        if PurePosixPath(name).suffix.lower() == ".json":
            try:
                _find(bundle, name, labels, findings)
            except InputError as error:
                findings.problems.append(error)
    return findings


def _find(bundle: Bundle, name: str, labels: InkLabels, findings: Findings) -> None:
    path = bundle.path / name
    data = parse_json(bundle.read(name), path)
    with damaged(path, "it is no COCO file: it has no images, annotations and categories"):
        categories = {category["id"]: str(category["name"]) for category in data["categories"]}
        listed, annotations = list(data["images"]), list(data["annotations"])
    images: dict[Any, _Image] = {}
    for place, entry in enumerate(listed, start=1):
        with _problem_of_one(findings), damaged(path, f"its image {place} has no id, or that of another"):
            if entry["id"] in images:
                images[entry["id"]].is_unclear = True
                raise ValueError(entry["id"])
            images[entry["id"]] = _Image(entry)
    for place, annotation in enumerate(annotations, start=1):
        with _problem_of_one(findings), damaged(path, f"its annotation {place} is of no image in it"):
            _add(images[annotation["image_id"]], annotation, categories, labels, findings)
    for number, image in images.items():
        with _problem_of_one(findings), damaged(path, f"its image {number} has no file_name"):
            findings.drawn.append(_drawn(path, name, image))


@dataclass(slots=True)
class _Image:
    """An entry of a file's images, its ink, and whether it is not clear what its ink is."""

    entry: Mapping[str, Any]
    ink: list[Mapping[str, Any]] = field(default_factory=list)
    is_unclear: bool = False


@contextmanager
def _problem_of_one(findings: Findings) -> Iterator[None]:
    """Keep the error about one entry; the others go on."""
    try:
        yield
    except InputError as error:
        findings.problems.append(error)


def _add(
    image: _Image,
    annotation: Mapping[str, Any],
    categories: Mapping[Any, str],
    labels: InkLabels,
    findings: Findings,
) -> None:
    category = annotation.get("category_id")
    label = categories.get(category) if isinstance(category, int | str) else None
    if label is None:
        image.is_unclear = True
    elif labels.has(label):
        image.ink.append(annotation)
    else:
        findings.skip(label)


def _drawn(path: Path, name: str, image: _Image) -> Drawn:
    file_name = image.entry["file_name"]
    if not isinstance(file_name, str):
        raise TypeError(file_name)
    sha256 = str(image.entry.get("sha256", ""))

    def read(shape: tuple[int, int]) -> Mask:
        place = path / file_name
        if image.is_unclear:
            raise InputError(
                place,
                "what is its ink is not clear: two images have its id, or a category is unknown",
                _AGAIN,
            )
        with damaged(place, "its size or shapes cannot be read"):
            expect_shape(place, (whole(image.entry["height"]), whole(image.entry["width"])), shape)
            several = [runs for one in image.ink for runs in _runs(one, shape, place)]
            return union_of_runs(several, shape, is_by_column=True) if several else np.zeros(shape, np.bool_)

    return Drawn(
        f"{name}: {file_name}",
        (file_name,),
        read,
        picture_sha256=sha256 if _SHA256.fullmatch(sha256) else "",
        source=next((str(one["source"]) for one in image.ink if one.get("source")), ""),
        is_empty_told=bool(image.ink),
    )


def _runs(annotation: Mapping[str, Any], shape: tuple[int, int], place: Path) -> list[list[int]]:
    """Return the run lengths of an annotation; those of each of its polygons."""
    segmentation = annotation["segmentation"]
    if isinstance(segmentation, list):
        points = ([(float(x), float(y)) for x, y in _pairs(flat)] for flat in segmentation)
        several = [coco_polygon(one, shape) for one in points]
    else:
        height, width = segmentation["size"]
        expect_shape(place, (whole(height), whole(width)), shape)
        counts = segmentation["counts"]
        several = [counts_of(counts) if isinstance(counts, str) else counts]
    expected = annotation.get("pixels_sha256")
    if expected and expected != pixels_sha256(union_of_runs(several, shape, is_by_column=True)):
        raise InputError(
            place,
            "its pixels are not those it was exported with: it is damaged, or was changed",
            "Export it again; if it was changed on purpose, take pixels_sha256 out of its annotation.",
        )
    return several


def _pairs(flat: list[float]) -> list[tuple[float, float]]:
    return list(zip(flat[::2], flat[1::2], strict=True))
