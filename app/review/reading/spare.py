"""A spare copy: one zip file of what the disk refused, which can be brought back without duplicates.

Inside: `entries.json` (what was to be written, in order, and the masks it led to; bytes as base64),
`masks/*.png` (the same masks, 1-bit, white = ink, for people and other programs), `README.txt`.
"""

import base64
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.review.reading.entries import Entry, NewDecision, Revision, reading_of
from app.review.reading.returning import Return
from gsal.errors import InputError
from gsal.files import replacing
from gsal.masks import codec
from gsal.masks.bundle import UNREADABLE_ZIP
from gsal.masks.interchange import encode_png
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


def write_copy(
    path: Path, project_uuid: str, entries: Iterable[Entry], masks: Mapping[str, Revision | NewMask]
) -> None:
    """Write a copy, whole or not at all.

    Args:
        path: A zip file to make or replace.
        project_uuid: Of the project it belongs to.
        entries: In their order.
        masks: What the entries led to: each picture's mask as it is now, by a name of its own.

    Raises:
        OSError: It cannot be written there.
    """
    states = {name: _new_mask(mask) for name, mask in masks.items()}
    content = {
        "project": project_uuid,
        "entries": [_plain(entry) for entry in entries],
        "masks": [_plain(state) for state in states.values()],
    }
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _README)
        archive.writestr("entries.json", json.dumps(content))
        for name, state in states.items():
            archive.writestr(f"masks/{name}.png", encode_png(codec.decode(state.encoded)))


def read_copy(path: Path, project_uuid: str) -> tuple[Return, ...]:
    """Read what a copy holds, in its order: one `Return` for each reading, and each mask without one.

    Raises:
        InputError: It is no such copy, is damaged, or belongs to another project.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo("entries.json").file_size > _LIMIT_BYTES:
                raise InputError(path, "this copy is too large", "Choose another file.")
            content = json.loads(archive.read("entries.json"))
        owner, entries = content["project"], [_entry(fields) for fields in content["entries"]]
        states = [_mask(fields["fields"]) for fields in content.get("masks", ())]
    except (*UNREADABLE_ZIP, KeyError, TypeError, AttributeError, MemoryError) as error:
        raise InputError(
            path, "this is no copy of unsaved work, or it is damaged", "Choose another."
        ) from error
    if owner != project_uuid:
        raise InputError(path, "this copy belongs to another project", "Open that project first.")
    return _returns(entries, states)


def _returns(entries: Iterable[Entry], states: Iterable[NewMask]) -> tuple[Return, ...]:
    parts: dict[str, list[Entry]] = {}
    for entry in entries:
        whole = entry.revision_uuid if isinstance(entry, NewDecision) else ""
        parts.setdefault(reading_of(entry) or whole or entry.uuid, []).append(entry)
    by_reading = {state.reading_uuid: state for state in states}
    return tuple(Return(tuple(part), by_reading.get(key)) for key, part in parts.items())


def _new_mask(mask: Revision | NewMask) -> NewMask:
    return mask.new_mask() if isinstance(mask, Revision) else mask


def _plain(entry: Entry) -> dict[str, Any]:
    kept = _new_mask(entry) if isinstance(entry, Revision | NewMask) else entry
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
