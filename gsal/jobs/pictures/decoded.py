"""Pictures at a network's size, decoded once and kept in the project's cache for every later training."""

import json
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import overload
from uuid import uuid4

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from gsal.arrays import RgbImage
from gsal.files import replacing, write_text
from gsal.jobs.pictures.network_size import read_variants
from gsal.jobs.pictures.variants import PictureVariant
from gsal.progress import JobContext
from gsal.project import Project

__all__ = ["DecodedPictures", "decoded_pictures"]

_CHUNK = 256  # pictures to a file
_VERSION = 1  # of how a picture is brought to its size


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a picture lies: a chunk's file, its row there, and the CRC-32 of its bytes."""

    path: Path
    row: int
    crc: int


class DecodedPictures(Sequence[RgbImage]):
    """Pictures (S, S, 3) uint8 in files of many that are mapped into memory, not read into it.

    Pickled, it is a list of places: other processes map the same files.
    """

    def __init__(self, places: Sequence[_Place]) -> None:
        self._places = list(places)
        self._files: dict[Path, npt.NDArray[np.uint8]] = {}

    @override
    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> RgbImage: ...

    @overload
    def __getitem__(self, index: slice) -> "DecodedPictures": ...

    @override
    def __getitem__(self, index: int | slice) -> "RgbImage | DecodedPictures":
        if isinstance(index, slice):
            return DecodedPictures(self._places[index])
        place = self._places[index]
        if place.path not in self._files:
            self._files[place.path] = np.load(place.path, mmap_mode="r")
        picture: RgbImage = self._files[place.path][place.row]
        return picture

    @override
    def __getstate__(self) -> object:
        return self._places

    def __setstate__(self, places: Sequence[_Place]) -> None:
        self._places, self._files = list(places), {}


def decoded_pictures(
    project: Project, wanted: Sequence[PictureVariant], ctx: JobContext, *, size: int
) -> DecodedPictures:
    """Return pictures at size x size in the order given; those that are not in the cache yet are decoded.

    A picture is known by its content, what its variant rests on, and its size: a changed file or mask is
    another picture. What is damaged in the cache is decoded anew. The cache may be deleted whenever no
    training runs.

    Args:
        project: Whose pictures, and in whose folder the cache lies.
        wanted: Pictures, as they are or changed, in the order wanted.
        ctx: Where to report.
        size: Side of the network's square grid, in pixels.

    Raises:
        ImageError: A picture is gone or cannot be read.
    """
    folder = project.folder / "cache" / "decoded" / str(size)
    keys = [_key(one) for one in wanted]
    sought = set(keys)
    known = _whole({key: place for key, place in _read_index(folder).items() if key in sought})
    missing = {key: one for key, one in zip(keys, wanted, strict=True) if key not in known}
    sized = read_variants(project, list(missing.values()), size=size)
    chunk: dict[str, RgbImage] = {}
    done = len(wanted) - len(missing)
    for one, picture in ctx.track(sized, "Reading pictures", total=len(wanted), done=done):
        chunk[_key(one)] = picture
        if len(chunk) == _CHUNK:
            known |= _keep(folder, chunk)
            chunk = {}
    known |= _keep(folder, chunk)
    return DecodedPictures([known[key] for key in keys])


def _key(one: PictureVariant) -> str:
    return sha256(f"{_VERSION} {one.image.sha256} {one.basis}".encode()).hexdigest()


def _read_index(folder: Path) -> dict[str, _Place]:
    """Return where each picture lies; an index that is damaged counts for nothing."""
    found: dict[str, _Place] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))
            found |= {
                key: _Place(path.with_suffix(".npy"), row, int(crc)) for row, (key, crc) in enumerate(rows)
            }
        except (OSError, ValueError, TypeError):
            continue
    return found


def _whole(places: Mapping[str, _Place]) -> dict[str, _Place]:
    """Return those whose bytes are what was written."""
    pictures = DecodedPictures(list(places.values()))
    found = {}
    for index, (key, place) in enumerate(places.items()):
        # A file that is gone or cut off is as good as never written.
        with suppress(OSError, ValueError, IndexError):
            if zlib.crc32(pictures[index].tobytes()) == place.crc:
                found[key] = place
    return found


def _keep(folder: Path, pictures: Mapping[str, RgbImage]) -> dict[str, _Place]:
    """Write a file of pictures, and its index after it: a stop in between leaves nothing half known."""
    if not pictures:
        return {}
    path = folder / f"{uuid4().hex}.npy"
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.save(file, np.stack(list(pictures.values())))
    places = {
        key: _Place(path, row, zlib.crc32(p.tobytes())) for row, (key, p) in enumerate(pictures.items())
    }
    write_text(path.with_suffix(".json"), json.dumps([(key, place.crc) for key, place in places.items()]))
    return places
