"""JSON of other programs, read without trusting it."""

import json
from pathlib import Path
from typing import Any, NoReturn

from gsal.errors import InputError

__all__ = ["parse_json"]


def parse_json(data: bytes, path: Path) -> dict[str, Any]:
    """Parse a JSON file that holds one object.

    Args:
        data: Content of the file.
        path: Its path, for messages.

    Raises:
        InputError: It is no JSON, too deeply nested, holds NaN or infinity, or is no object.
    """
    try:
        found = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse)
    except (UnicodeDecodeError, ValueError) as error:
        raise InputError(path, "it is no JSON file, or damaged", "Export it again.") from error
    except RecursionError as error:
        raise InputError(path, "it is nested too deeply", "Export it again.") from error
    if not isinstance(found, dict):
        raise InputError(path, "it is not what this kind of file holds", "Choose its format.")
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")
