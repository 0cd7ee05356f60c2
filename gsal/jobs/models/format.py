"""Telling what a model's file is without running anything in it, and without importing torch."""

import zipfile
from pathlib import Path, PurePosixPath

from gsal.records import ModelFormat

__all__ = ["SUFFIXES", "find_format"]

SUFFIXES = {
    ModelFormat.STATE_DICT: ".safetensors",
    ModelFormat.TORCHSCRIPT: ".torchscript",
    ModelFormat.EXPORTED: ".pt2",
    ModelFormat.ONNX: ".onnx",
}
"""What files of the project are called by their formats; a training state of the project is a .pt."""


def find_format(path: Path) -> ModelFormat:
    """Return a file's format by its name's end, or by the names of the parts in it.

    A file that is none of them counts as a state_dict, whose reader says what is wrong with it.
    """
    if path.suffix in {".onnx", ".pt2"}:
        return ModelFormat.ONNX if path.suffix == ".onnx" else ModelFormat.EXPORTED
    try:
        with zipfile.ZipFile(path) as archive:
            names = {PurePosixPath(name).parts[-1] for name in archive.namelist() if name}
    except (OSError, zipfile.BadZipFile, ValueError):
        return ModelFormat.STATE_DICT
    if names & {"archive_format", "serialized_exported_program.json"}:
        return ModelFormat.EXPORTED
    # Only programs keep a file of constants beside their data.
    return ModelFormat.TORCHSCRIPT if "constants.pkl" in names else ModelFormat.STATE_DICT
