"""Arrays as columns: little-endian float64, with the SHA-256 that is verified whenever they are read."""

import numpy as np
import numpy.typing as npt

from gsal.errors import ProjectDamaged
from gsal.files import sha256_of_bytes

__all__ = ["is_whole", "pack", "unpack"]


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
        raise ProjectDamaged(
            f"{what}: the stored numbers are damaged. Compute them again, or restore a backup."
        )
    return np.frombuffer(data, dtype="<f8").astype(np.float64)
