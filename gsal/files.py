"""Files that are whole or absent: written aside, flushed, then put in place."""

import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["replacing", "sha256_of_bytes", "sha256_of_file", "write_bytes", "write_text"]

_CHUNK_BYTES = 1 << 20


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path in the same folder that replaces `path` when the block succeeds.

    The old file stays whole until the new one is on the disk; on any error the temporary one is removed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Made by touch, not by tempfile: the file then has the permissions the user's umask gives.
    temporary = path.with_name(f".{path.name[:100]}.{uuid.uuid4().hex}.tmp")
    temporary.touch(exist_ok=False)
    try:
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file that is whole or absent."""
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 file that is whole or absent."""
    write_bytes(path, text.encode("utf-8"))


def sha256_of_bytes(data: bytes) -> str:
    """Return the SHA-256 of the data, 64 hexadecimal digits.

    >>> sha256_of_bytes(b"ink")[:8]
    'b728b7e7'
    """
    return hashlib.sha256(data).hexdigest()


def sha256_of_file(path: Path) -> str:
    """Return the SHA-256 of a file's content, 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
