"""Masks as pictures in which each class has its colour: CVAT's "Segmentation mask 1.1", after Pascal VOC."""

import io
from pathlib import Path, PurePosixPath

import numpy as np
import numpy.typing as npt
from PIL import Image, PngImagePlugin

from gsal.arrays import Mask
from gsal.errors import InputError
from gsal.masks.bundle import Bundle
from gsal.masks.foreign import Drawn, Findings, damaged, expect_shape
from gsal.masks.labels import InkLabels

__all__ = ["find_class_pictures", "has_class_pictures"]

_MAP = "labelmap.txt"
_FOLDER = "SegmentationClass"
_BACKGROUND = "background"
_DAMAGE = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, RuntimeError, ArithmeticError)
_AGAIN = 'Export it from CVAT again as "Segmentation mask 1.1".'


def has_class_pictures(bundle: Bundle) -> bool:
    """Whether a bundle looks like this kind of export."""
    return any(PurePosixPath(name).name == _MAP for name in bundle.names)


def find_class_pictures(bundle: Bundle, labels: InkLabels) -> Findings:
    """Find the masks of an export: the pixels of all classes that are ink.

    Raises:
        InputError: labelmap.txt cannot be used.
    """
    findings = Findings()
    map_name = next(name for name in bundle.names if PurePosixPath(name).name == _MAP)
    codes = _codes(bundle.read(map_name), bundle.path / map_name)
    ink = [code for label, code in codes.items() if labels.has(label)]
    if 0 in ink:
        raise InputError(bundle.path / map_name, "ink is black in it, as what has no label", _AGAIN)
    for label in codes:
        if label != _BACKGROUND and not labels.has(label):
            findings.skip(label)
    root = PurePosixPath(map_name).parent / _FOLDER
    for name in bundle.names:
        place = PurePosixPath(name)
        if place.suffix.lower() == ".png" and place.is_relative_to(root):
            inner = str(place.relative_to(root).with_suffix(""))
            findings.drawn.append(_drawn(bundle, name, inner, (ink, list(codes.values()))))
    return findings


def _codes(data: bytes, path: Path) -> dict[str, int]:
    """Return the colour of each label as one number, in the order of the file."""
    codes: dict[str, int] = {}
    with damaged(path, "a line of it is not label:red,green,blue::", _AGAIN):
        for line in data.decode("utf-8-sig").splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            label, colour = line.split(":")[:2]
            red, green, blue = (int(value) for value in colour.split(","))
            codes[label] = red << 16 | green << 8 | blue
    return codes


def _drawn(bundle: Bundle, name: str, picture: str, codes: tuple[list[int], list[int]]) -> Drawn:
    path = bundle.path / name
    ink, known = codes

    def read(shape: tuple[int, int]) -> Mask:
        pixels = _pixels(bundle.read(name), path, shape, known)
        if strange := set(np.unique(pixels).tolist()) - {0, *known}:
            raise InputError(path, f"{len(strange)} of its colours are not in {_MAP}", _AGAIN)
        mask: Mask = np.isin(pixels, ink)
        return mask

    return Drawn(name, (picture,), read)


def _pixels(data: bytes, path: Path, shape: tuple[int, int], known: list[int]) -> npt.NDArray[np.int32]:
    """Read a picture of classes, each pixel as the number of its colour."""
    try:
        picture: Image.Image = PngImagePlugin.PngImageFile(io.BytesIO(data))
        expect_shape(path, (picture.height, picture.width), shape)
        PngImagePlugin.PngImageFile(io.BytesIO(data)).verify()
        if picture.mode == "L":
            # Of one channel: the places of the labels in the map.
            numbers: npt.NDArray[np.int32] = np.array(known, np.int32)[np.asarray(picture)]
            return numbers
        colours = np.asarray(picture.convert("RGB")).astype(np.int32)
    except _DAMAGE as error:
        raise InputError(path, "not a PNG file, or damaged", _AGAIN) from error
    return colours[..., 0] << 16 | colours[..., 1] << 8 | colours[..., 2]
