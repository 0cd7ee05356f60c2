"""What a sanity check has compared so far: kept in the project's cache, so that a stopped check goes on."""

import hashlib
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gsal.arrays import FloatArray
from gsal.records import SaliencyMethod
from gsal.version import __version__

if TYPE_CHECKING:
    from gsal.saliency.cascade import Compared

__all__ = ["KeptParts", "Similarity"]


class KeptParts:
    """The comparisons of one check in their order, a line each, in a file named by all they depend on.

    A line that a crash left unfinished, or that is damaged, ends what is known: it and what follows are
    compared anew. The file may be deleted whenever no check runs.

    Args:
        folder: Of such files; made if need be.
        basis: All that the comparisons depend on, JSON-ready; the version of the program is added.

    Attributes:
        known: Those of an earlier run.
    """

    def __init__(self, folder: Path, basis: Mapping[str, Any]) -> None:
        named = json.dumps({"version": __version__, **basis}, sort_keys=True)
        self._path = folder / f"{hashlib.sha256(named.encode()).hexdigest()}.txt"
        lines = self._path.read_bytes().splitlines(keepends=True) if self._path.exists() else []
        whole = next((number for number, line in enumerate(lines) if not _is_whole(line)), len(lines))
        self.known: list[Compared] = [_part(line) for line in lines[:whole]]
        if whole < len(lines):
            self._path.write_bytes(b"".join(lines[:whole]))

    def add(self, part: "Compared") -> "Compared":
        """Keep the next comparison, and return it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            file.write(_line(part))
        return part

    def forget(self) -> None:
        """Delete what is kept, once the check is finished."""
        self._path.unlink(missing_ok=True)


class Similarity:
    """What comes in of one method, by stage: draw after draw, and in each batch after batch.

    Attributes:
        preset, layer: Of its maps; "" before the first part.
    """

    def __init__(self, method: SaliencyMethod) -> None:
        self.method = method
        self.preset, self.layer = "", ""
        self._parts: dict[str, list[FloatArray]] = {}

    def add(self, part: "Compared") -> None:
        """Take the next part of the check."""
        self.preset, self.layer = part.settings[self.method]
        self._parts.setdefault(part.stage, []).append(part.similarity[self.method])

    def means(self, draws: int) -> dict[str, FloatArray]:
        """Return by stage, in their order, the mean over the draws: (N, 3) as in `Compared`."""
        whole = {stage: np.concatenate(parts) for stage, parts in self._parts.items()}
        return {
            stage: values.reshape(draws, -1, values.shape[1]).mean(axis=0) for stage, values in whole.items()
        }


def _line(part: "Compared") -> bytes:
    plain = {
        "stage": part.stage,
        "similarity": {method: values.tolist() for method, values in part.similarity.items()},
        "settings": part.settings,
    }
    text = json.dumps(plain).encode()
    return b"%08x %b\n" % (zlib.crc32(text), text)


def _is_whole(line: bytes) -> bool:
    written, _, text = line.partition(b" ")
    return text.endswith(b"\n") and written == b"%08x" % zlib.crc32(text[:-1])


def _part(line: bytes) -> "Compared":
    from gsal.saliency.cascade import Compared

    stored = json.loads(line.partition(b" ")[2])
    return Compared(
        stored["stage"],
        {SaliencyMethod(name): np.array(values, np.float64) for name, values in stored["similarity"].items()},
        {SaliencyMethod(name): (preset, layer) for name, (preset, layer) in stored["settings"].items()},
    )
