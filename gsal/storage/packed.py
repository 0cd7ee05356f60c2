"""Arrays as columns: little-endian float64, with the SHA-256 that is verified whenever they are read."""

import numpy as np
import numpy.typing as npt

from gsal.errors import ProjectDamaged
from gsal.files import sha256_of_bytes

__all__ = ["pack", "unpack"]


def pack(values: npt.NDArray[np.float64]) -> tuple[bytes, str]:
    """Return the array's bytes in C order and their SHA-256."""
    data = np.ascontiguousarray(values, dtype="<f8").tobytes()
    return data, sha256_of_bytes(data)


def unpack(data: bytes, sha256: str, *, what: str) -> npt.NDArray[np.float64]:
    """Return the array, one-dimensional.

    Raises:
        ProjectDamaged: The bytes are not those that were stored.
    """
    if sha256_of_bytes(data) != sha256:
        raise ProjectDamaged(
            f"{what}: the stored numbers are damaged. Compute them again, or restore a backup."
        )
    return np.frombuffer(data, dtype="<f8").astype(np.float64)
