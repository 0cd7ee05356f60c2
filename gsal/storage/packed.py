"""Arrays as columns: little-endian float64, with the SHA-256 that is verified whenever they are read."""

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from gsal.errors import ProjectDamaged
from gsal.files import sha256_of_bytes

__all__ = ["is_whole", "pack", "unpack", "unpack_all"]


def pack(values: npt.NDArray[np.float64], *, basis: str = "") -> tuple[bytes, str]:
    """Return the array's bytes in C order and their SHA-256.

    Args:
        values: To be stored.
        basis: What they were computed from, where that may change: the hash is of both, so that numbers that
            rest on something else are known by it.
    """
    data = np.ascontiguousarray(values, dtype="<f8").tobytes()
    return data, sha256_of_bytes(data + basis.encode())


def is_whole(data: bytes, sha256: str, *, basis: str = "") -> bool:
    """Return whether the bytes are those that were stored, and rest on this basis."""
    return sha256_of_bytes(data + basis.encode()) == sha256


def unpack(data: bytes, sha256: str, *, what: str, basis: str = "") -> npt.NDArray[np.float64]:
    """Return the array, one-dimensional.

    Raises:
        ProjectDamaged: The bytes are not those that were stored.
    """
    if not is_whole(data, sha256, basis=basis):
        raise _damaged(what)
    return np.frombuffer(data, dtype="<f8").astype(np.float64)


def unpack_all(
    data: Sequence[bytes], sha256: Sequence[str], *, ids: Sequence[int], what: str
) -> npt.NDArray[np.float64]:
    """Return many arrays of one length as the rows of one, (N, length), without an object for each.

    Args:
        data: As `pack` gave them.
        sha256: Likewise, of arrays that rest on nothing else.
        ids: The picture that each is of, for the error.
        what: They are.

    Raises:
        ProjectDamaged: The bytes of a row are not those that were stored.
    """
    found = [hashlib.sha256(one).hexdigest() for one in data]
    if found != list(sha256):
        damaged = next(i for i, one, stored in zip(ids, found, sha256, strict=True) if one != stored)
        raise _damaged(f"{what} of picture {damaged}")
    return np.frombuffer(b"".join(data), dtype="<f8").astype(np.float64).reshape(len(data), -1)


def _damaged(what: str) -> ProjectDamaged:
    return ProjectDamaged(f"{what}: the stored numbers are damaged. Compute them again, or restore a backup.")
