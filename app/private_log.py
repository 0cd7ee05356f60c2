"""A log, and reports of mistakes, that name no patient: file names and paths may carry a person's name."""

import logging
import re
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from typing_extensions import override

from gsal.errors import GsalError

__all__ = ["LOG_NAME", "PrivateFormatter", "told_privately", "without_names", "write_log"]

LOG_NAME = "window.log"
_LOG_BYTES = 2_000_000
_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"

_HIDDEN = "…"
_ROOT = str(Path(__file__).resolve().parents[1])
_QUOTED = re.compile(r"(?<![A-Za-z0-9])('[^'\n]*'|\"[^\"\n]*\"|“[^”\n]*”)")
_PATH = re.compile(r"(?:[A-Za-z]:[\\/]|\\\\|(?<![\w.…])/)[^\n\"'“”<>|*?:;,()]+")
_ENDINGS = "jpe?g|png|tiff?|bmp|webp|heic|dcm|csv|tsv|json|xlsx?|sqlite|pdf|html?|pth?|onnx|zip"
_FILE = re.compile(rf"[^\s/\\]+\.(?:{_ENDINGS})\b", re.IGNORECASE)

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def without_names(text: str) -> str:
    """Return a text with what is quoted in it, paths and names of files left out.

    >>> without_names("cannot open '/home/anna/Muster, Anna 1960.jpg' for reading")
    'cannot open … for reading'
    """
    return _FILE.sub(_HIDDEN, _PATH.sub(_HIDDEN, _QUOTED.sub(_HIDDEN, text)))


def told_privately(error: BaseException) -> str:
    """Return where an exception came about, in the program's own files, and what it says without names.

    The messages of GsalError are written for the user and name files: only their kind is told.
    """
    parts, seen = list[str](), set[int]()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        frames = [
            f'  File "{_inside(frame.filename)}", line {frame.lineno}, in {frame.name}\n'
            for frame in traceback.extract_tb(cause.__traceback__)
        ]
        says = "" if isinstance(cause, GsalError) else f": {without_names(str(cause))}"
        parts.append(f"{''.join(frames)}{type(cause).__qualname__}{says}\n")
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "".join(reversed(parts))


def _inside(path: str) -> str:
    """Return a path from the program's folder on; of other files the last two parts."""
    if path.startswith(_ROOT):
        return path[len(_ROOT) :].lstrip("/\\").replace("\\", "/")
    return "/".join(Path(path).parts[-2:])


class PrivateFormatter(logging.Formatter):
    """Writes records without names."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        # What another handler has cached would be taken over as it is.
        record.exc_text = None
        return super().format(record)

    @override
    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = without_names(record.message)
        return super().formatMessage(record)

    @override
    def formatException(self, ei: ExcInfo) -> str:
        return told_privately(ei[1]) if ei[1] is not None else ""


def write_log(folder: Path) -> None:
    """Log into a file of a folder from now on; where that cannot be, onto the terminal."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            folder / LOG_NAME, maxBytes=_LOG_BYTES, backupCount=2, encoding="utf-8"
        )
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(PrivateFormatter(_FORMAT))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # Tells every table of every font of every report.
    logging.getLogger("fontTools").setLevel(logging.WARNING)
