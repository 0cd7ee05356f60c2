"""The files another program exported: a folder, a zip of it, or one file; a hostile zip is refused whole."""

import lzma
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, Protocol

from gsal.errors import InputError

__all__ = ["MAX_FILE_BYTES", "UNREADABLE_ZIP", "Bundle", "open_bundle"]

MAX_FILE_BYTES = 512_000_000
"""Larger files are no annotations."""

UNREADABLE_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)
"""What `zipfile` raises for a zip that is damaged, encrypted, or packed in a way nobody knows."""

_MAX_TOTAL_BYTES = 16_000_000_000
_MAX_RATIO = 200
_SMALL_BYTES = 1_000_000
"""Files below this are not suspected: an empty mask packs very well."""

_AGAIN = "Export it again."
_ENCRYPTED = 1
_DRIVE = re.compile(r"^[A-Za-z]:")


class Bundle(Protocol):
    """Files by their names, with forward slashes, relative to the folder or zip.

    Attributes:
        path: The folder, zip or file itself.
        names: Of all files, sorted.
    """

    path: Path
    names: tuple[str, ...]

    def read(self, name: str) -> bytes:
        """Return a file's content.

        Raises:
            InputError: It cannot be read, is too large or damaged.
        """
        ...


@contextmanager
def open_bundle(path: Path) -> Iterator[Bundle]:
    """Open a folder, a zip or a single file.

    Raises:
        InputError: There is none, or the zip cannot be trusted: damaged, encrypted, a bomb, or with names
            that lead out of it, clash, or are links. Nothing of it is used then.
    """
    if path.is_dir():
        files = {file.relative_to(path).as_posix(): file for file in path.rglob("*") if not file.is_dir()}
        yield _Files(path, {name: file for name, file in files.items() if not _is_of_macos(name)})
    elif not path.exists():
        raise InputError(path, "there is no such file or folder", "Check its path.")
    elif not path.is_file():
        raise InputError(path, "it is neither a file nor a folder", "Name what the other program wrote.")
    elif path.suffix.lower() != ".zip":
        yield _Files(path, {path.name: path})
    else:
        with _opened_zip(path) as archive:
            yield _Zip(path, archive)


class _Files:
    """Files on the disk."""

    def __init__(self, path: Path, files: dict[str, Path]) -> None:
        self.path = path
        self.names = tuple(sorted(files))
        self._files = files

    def read(self, name: str) -> bytes:
        file = self._files[name]
        try:
            status = file.stat()
            if not stat.S_ISREG(status.st_mode):
                raise InputError(file, "it is not a file", "Leave it out.")
            if status.st_size > MAX_FILE_BYTES:
                raise InputError(file, f"larger than {MAX_FILE_BYTES / 1e6:.0f} MB", "Export it in parts.")
            return file.read_bytes()
        except OSError as error:
            raise InputError(
                file, f"it cannot be read ({error.strerror})", "Check its permissions."
            ) from error


class _Zip:
    """Files in a zip, which are never unpacked to the disk."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path = path
        self._archive = archive
        self._members = _checked(path, archive)
        self.names = tuple(sorted(self._members))

    def read(self, name: str) -> bytes:
        try:
            return self._archive.read(self._members[name])
        except UNREADABLE_ZIP as error:
            raise InputError(self.path / name, "damaged in the zip", _AGAIN) from error


@contextmanager
def _opened_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except UNREADABLE_ZIP as error:
        raise InputError(path, "not a zip file, or cut off", _AGAIN) from error
    with archive:
        yield archive


def _checked(path: Path, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the files by name, or refuse the zip whole."""
    members: dict[str, zipfile.ZipInfo] = {}
    folded: set[str] = set()
    total = 0
    for info in archive.infolist():
        name = info.filename.replace("\\", "/")
        _check_name(path, name)
        _check_content(path, info)
        key = unicodedata.normalize("NFC", name).casefold().rstrip("/")
        if key in folded:
            _refuse(path, f"it holds {name} twice, or in capitals and small letters")
        folded.add(key)
        total += info.file_size
        if not info.is_dir() and not _is_of_macos(name):
            members[name] = info
    if total > _MAX_TOTAL_BYTES:
        _refuse(path, f"it would unpack to {total / 1e9:.0f} GB")
    return members


def _is_of_macos(name: str) -> bool:
    """Whether a file is what macOS writes beside the real one, under the same ending."""
    *folders, last = name.split("/")
    return "__MACOSX" in folders or last.startswith("._")


def _check_name(path: Path, name: str) -> None:
    if name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/") or "\0" in name:
        _refuse(path, f"it holds a name that leads out of it ({name})")


def _check_content(path: Path, info: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        _refuse(path, f"it holds a link or device ({info.filename})")
    if info.flag_bits & _ENCRYPTED:
        _refuse(path, "it is encrypted", "Export it without a password.")
    if info.file_size > MAX_FILE_BYTES:
        _refuse(path, f"{info.filename} in it has {info.file_size / 1e6:.0f} MB", "Export it in parts.")
    if info.file_size > _SMALL_BYTES and info.file_size > _MAX_RATIO * info.compress_size:
        _refuse(path, f"{info.filename} in it unpacks to {info.file_size / 1e6:.0f} MB: a zip bomb")


def _refuse(path: Path, reason: str, remedy: str = "It is not used; export it again.") -> NoReturn:
    raise InputError(path, reason, remedy)
