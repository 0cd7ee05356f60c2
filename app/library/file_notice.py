"""What came of reading or writing files, in one sentence."""

from collections.abc import Mapping
from typing import Any

__all__ = ["said"]

_READ = {"import images": "pictures", "import masks": "masks"}


def said(kind: str, result: Mapping[str, Any]) -> str:
    """Return what to tell when a job of this kind has ended with this result."""
    if kind not in _READ:
        return f"{result['masks']:,} masks written to {result['folder']}."
    parts = [f"{result['imported']:,} {_READ[kind]} imported"]
    for key, text in (
        ("already_there", "were there already"),
        ("no_ink_drawn", "left out, for nothing was drawn on them"),
    ):
        if result.get(key):
            parts.append(f"{result[key]:,} {text}")
    if result["problems"]:
        parts.append(f"{len(result['problems']):,} left out")
    return ", ".join(parts) + "."
