"""JSON as its standard has it: PostgreSQL takes no NaN, which SQLite keeps as Python writes it."""

import json
import math
from typing import cast

__all__ = ["dumps", "loads"]

_FLOAT = "$float"


def dumps(value: object) -> str:
    """Return a value as JSON.

    >>> dumps({"rate": float("nan")})
    '{"rate": {"$float": "nan"}}'
    """
    return json.dumps(_replaced(value), allow_nan=False)


def loads(text: str | bytes) -> object:
    """Return what `dumps` was given.

    >>> loads('{"rate": {"$float": "nan"}}')
    {'rate': nan}
    """
    return json.loads(text, object_hook=_restored)


def _replaced(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return {_FLOAT: repr(value)}
    if isinstance(value, dict):
        return {key: _replaced(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(item) for item in value]
    return value


def _restored(found: dict[str, object]) -> object:
    return float(cast(str, found[_FLOAT])) if found.keys() == {_FLOAT} else found
