"""Masks as COCO JSON with compressed run lengths, readable by pycocotools."""

import json
import re
from collections.abc import Iterable, Mapping
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
from gsal.masks.runs import counts_of, mask_of_runs
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
        images = {image["id"]: image for image in data["images"]}
        categories = {category["id"]: str(category["name"]) for category in data["categories"]}
        by_image: dict[Any, list[Mapping[str, Any]]] = {number: [] for number in images}
        for annotation in data["annotations"]:
            label = categories[annotation["category_id"]]
            if labels.has(label):
                by_image[annotation["image_id"]].append(annotation)
            else:
                findings.skip(label)
    for number, image in images.items():
        with damaged(path, f"its image {number} has no file_name"):
            findings.drawn.append(_drawn(path, name, image, by_image[number]))


def _drawn(path: Path, name: str, image: Mapping[str, Any], annotations: list[Mapping[str, Any]]) -> Drawn:
    file_name = image["file_name"]
    if not isinstance(file_name, str):
        raise TypeError(file_name)
    sha256 = str(image.get("sha256", ""))

    def read(shape: tuple[int, int]) -> Mask:
        place = path / file_name
        with damaged(place, "its size or shapes cannot be read"):
            expect_shape(place, (int(image["height"]), int(image["width"])), shape)
            mask = np.zeros(shape, np.bool_)
            for annotation in annotations:
                mask |= _decoded(annotation, shape, place)
        return mask

    return Drawn(
        f"{name}: {file_name}",
        (file_name,),
        read,
        picture_sha256=sha256 if _SHA256.fullmatch(sha256) else "",
        source=next((str(a["source"]) for a in annotations if a.get("source")), ""),
        is_empty_told=bool(annotations),
    )


def _decoded(annotation: Mapping[str, Any], shape: tuple[int, int], place: Path) -> Mask:
    segmentation = annotation["segmentation"]
    mask = np.zeros(shape, np.bool_)
    if isinstance(segmentation, list):
        for flat in segmentation:
            mask |= coco_polygon([(float(x), float(y)) for x, y in _pairs(flat)], shape)
    else:
        expect_shape(place, (int(segmentation["size"][0]), int(segmentation["size"][1])), shape)
        counts = segmentation["counts"]
        runs = counts_of(counts) if isinstance(counts, str) else counts
        mask = mask_of_runs(runs, shape, is_by_column=True)
    expected = annotation.get("pixels_sha256")
    if expected and expected != pixels_sha256(mask):
        raise InputError(
            place,
            "its pixels are not those it was exported with: it is damaged, or was changed",
            "Export it again; if it was changed on purpose, take pixels_sha256 out of its annotation.",
        )
    return mask


def _pairs(flat: list[float]) -> list[tuple[float, float]]:
    return list(zip(flat[::2], flat[1::2], strict=True))
