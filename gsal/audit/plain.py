"""Frozen dataclasses as plain JSON data and back: NaN is null, tuples are lists."""

import math
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

__all__ = ["decode", "encode"]

T = TypeVar("T")


def encode(value: object) -> Any:  # noqa: ANN401 - JSON
    """Return dataclasses, tuples, dicts, enums and numbers as JSON-ready data.

    Raises:
        TypeError: Something else.
    """
    if is_dataclass(value):
        return {item.name: encode(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} is not plain data")


def decode(kind: type[T], data: Any) -> T:  # noqa: ANN401 - JSON
    """Return the dataclass that `encode` was called on.

    Args:
        kind: Its type, whose fields are dataclasses, tuples of one type, dicts of, or plain values.
        data: What `encode` returned; fields that are new since, and have a default, may be missing.
    """
    result: T = _decode(kind, data)
    return result


@cache
def _hints(kind: type) -> dict[str, Any]:
    """Return the types of a dataclass's fields, which take longer to find out than all else here."""
    return get_type_hints(kind)


def _decode(kind: Any, data: Any) -> Any:  # noqa: ANN401
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        known = (item for item in fields(kind) if item.name in data or item.default is MISSING)
        return kind(**{item.name: _decode(hints[item.name], data[item.name]) for item in known})
    if origin is tuple:
        return tuple(_decode(arguments[0], item) for item in data)
    if origin is UnionType:
        inner = next(item for item in arguments if item is not NoneType)
        return None if data is None else _decode(inner, data)
    if origin is dict:
        return {key: _decode(arguments[1], item) for key, item in data.items()}
    if kind is float:
        return math.nan if data is None else float(data)
    return kind(data)
