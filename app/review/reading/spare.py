"""A spare copy: one zip file of what the disk refused, which can be brought back without duplicates.

Inside: `entries.json` (what was to be written, in order, bytes as base64), `masks/*.png` (1-bit, white = ink:
the masks as they are, for people and other programs), `README.txt`.
"""

import base64
import json
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.review.reading.entries import Entry, NewDecision, Revision
from gsal.arrays import Mask
from gsal.errors import InputError
from gsal.files import replacing
from gsal.masks.interchange import write_png
from gsal.records import (
    Decision,
    EncodedMask,
    MaskSource,
    NewMask,
    NewReading,
    NewStep,
    Purpose,
    StepKind,
    Verdict,
)

__all__ = ["read_copy", "write_copy"]

_LIMIT_BYTES = 1 << 30
_README = (
    "Work on ink masks that could not be saved in its project.\n"
    "masks/ has them as 1-bit PNG, white = ink. The program brings everything back from this file;\n"
    "what is in the project already is not added twice.\n"
)


def write_copy(path: Path, project_uuid: str, entries: Iterable[Entry], masks: Mapping[str, Mask]) -> None:
    """Write a copy, whole or not at all.

    Args:
        path: A zip file to make or replace.
        project_uuid: Of the project it belongs to.
        entries: In their order.
        masks: The pictures' masks as they are now, by a name for each.

    Raises:
        OSError: It cannot be written there.
    """
    content = {"project": project_uuid, "entries": [_plain(entry) for entry in entries]}
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _README)
        archive.writestr("entries.json", json.dumps(content))
        with tempfile.TemporaryDirectory() as folder:
            for number, (name, mask) in enumerate(masks.items(), start=1):
                png = Path(folder) / "mask.png"
                write_png(png, mask)
                archive.write(png, f"masks/{number}-{Path(name).stem}.png")


def read_copy(path: Path, project_uuid: str) -> tuple[Entry, ...]:
    """Read what a copy holds, in its order.

    Raises:
        InputError: It is no such copy, is damaged, or belongs to another project.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo("entries.json").file_size > _LIMIT_BYTES:
                raise InputError(path, "this copy is too large", "Choose another file.")
            content = json.loads(archive.read("entries.json"))
        owner, entries = content["project"], tuple(_entry(fields) for fields in content["entries"])
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise InputError(
            path, "this is no copy of unsaved work, or it is damaged", "Choose another."
        ) from error
    if owner != project_uuid:
        raise InputError(path, "this copy belongs to another project", "Open that project first.")
    return entries


def _plain(entry: Entry) -> dict[str, Any]:
    kept = entry.new_mask() if isinstance(entry, Revision) else entry
    fields: dict[str, Any] = _with_text(asdict(kept))
    return {"record": type(kept).__name__, "fields": fields}


def _with_text(value: Any) -> Any:  # noqa: ANN401 - whatever a record holds
    if isinstance(value, dict):
        return {key: _with_text(part) for key, part in value.items()}
    return base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value


def _entry(entry: dict[str, Any]) -> Entry:
    values = entry["fields"]
    match entry["record"]:
        case "NewReading":
            return NewReading(**values | {"purpose": Purpose(values["purpose"])})
        case "NewStep":
            delta = base64.b64decode(values["delta"])
            return NewStep(**values | {"kind": StepKind(values["kind"]), "delta": delta})
        case "NewMask":
            return _mask(values)
        case "NewDecision":
            return _decision(values)
        case other:
            raise ValueError(f"unknown record {other}")


def _mask(values: dict[str, Any]) -> NewMask:
    encoded = values["encoded"]
    return NewMask(
        **values
        | {
            "encoded": EncodedMask(**encoded | {"data": base64.b64decode(encoded["data"])}),
            "source": MaskSource(values["source"]),
            "purpose": Purpose(values["purpose"]),
        }
    )


def _decision(values: dict[str, Any]) -> NewDecision:
    fields = values["decision"]
    decision = Decision(
        **fields | {"purpose": Purpose(fields["purpose"]), "verdict": Verdict(fields["verdict"])}
    )
    return NewDecision(decision, values["revision_uuid"])
