"""The card of a model from outside: what its file does not say, in a small TOML or JSON file beside it."""

import json
import math
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from gsal.errors import ModelError
from gsal.records import Outputs

__all__ = ["LARGEST_SIZE", "ModelCard", "find_card", "read_card"]

LARGEST_SIZE = 2048
_SMALLEST_SIZE = 8
_CHANNELS = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What was said of a model; what was not is empty.

    Attributes:
        architecture: torchvision's name, for a state_dict.
        classes: By the project's names, in the order of the model's outputs.
        size: Side of its square input, in pixels.
        mean: Of red, green and blue, for pixels from 0 to 1.
        std: Likewise.
        layer: Dotted name of the layer Grad-CAM looks at.
        outputs: What its numbers are; None for unsaid.
    """

    architecture: str = ""
    classes: tuple[str, ...] = ()
    size: int = 0
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    layer: str = ""
    outputs: Outputs | None = None

    def or_else(self, other: "ModelCard") -> "ModelCard":
        """Return this card with what it leaves unsaid taken from another one."""
        return ModelCard(**{f.name: getattr(self, f.name) or getattr(other, f.name) for f in fields(self)})

    @classmethod
    def parse(cls, stated: Mapping[str, Any], *, source: str) -> "ModelCard":
        """Return a card of what was stated under its fields' names.

        Args:
            stated: From a file or from options.
            source: Whose they are, for errors.

        Raises:
            ModelError: A field is unknown, or has a value it cannot have; the text names it and the source.
        """
        if unknown := sorted(set(stated) - set(_PARSERS)):
            raise ModelError(
                f"{source}: {unknown[0]}: there is no such field; a card has {', '.join(_PARSERS)}."
            )
        found = {}
        for name, value in stated.items():
            try:
                found[name] = _PARSERS[name](value)
            except ValueError as error:
                raise ModelError(f"{source}: {name}: {error}, got {value!r}.") from None
        return cls(**found)


def find_card(weights: Path) -> Path | None:
    """Return the card beside a model's file, named like it: lab.toml or lab.json for lab.pt; None without.

    Raises:
        ModelError: There are both.
    """
    found = [path for suffix in (".toml", ".json") if (path := weights.with_suffix(suffix)).is_file()]
    if len(found) > 1:
        raise ModelError(f"{weights.name} has two cards, {found[0].name} and {found[1].name}; delete one.")
    return found[0] if found else None


def read_card(path: Path) -> ModelCard:
    """Read a card.

    Raises:
        ModelError: It cannot be read, or a field is wrong; the text names file and field.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        stated = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}).") from error
    except ValueError as error:
        kind = "JSON" if path.suffix == ".json" else "TOML"
        raise ModelError(f"{path}: no {kind} file ({error}).") from error
    if not isinstance(stated, dict):
        raise ModelError(f"{path}: expected fields with their values ({', '.join(_PARSERS)}).")
    return ModelCard.parse(stated, source=str(path))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("expected a text")  # noqa: TRY004 - what is parsed is the user's
    return value.strip()


def _classes(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not value or not all(isinstance(n, str) and n for n in value):
        raise ValueError("expected a list of names in the order of the model's outputs")
    if twice := [name for name in value if value.count(name) > 1]:
        raise ValueError(f"{twice[0]} stands there twice")
    return tuple(value)


def _size(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not _SMALLEST_SIZE <= value <= LARGEST_SIZE:
        raise ValueError(f"expected a whole number of pixels from {_SMALLEST_SIZE} to {LARGEST_SIZE}")
    return value


def _three(what: str, is_possible: Callable[[float], bool]) -> Callable[[object], tuple[float, ...]]:
    def parse(value: object) -> tuple[float, ...]:
        if not isinstance(value, list | tuple) or len(value) != _CHANNELS or not all(map(_is_number, value)):
            raise ValueError("expected three numbers, for red, green and blue")
        if not all(is_possible(one) for one in value):
            raise ValueError(f"expected {what}, for pixels from 0 to 1 (divide those for 0 to 255 by 255)")
        return tuple(float(one) for one in value)

    return parse


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _outputs(value: object) -> Outputs:
    if value not in list(Outputs):
        raise ValueError(f"expected {' or '.join(Outputs)}")
    return Outputs(str(value))


_PARSERS: Mapping[str, Callable[[object], Any]] = {
    "architecture": _text,
    "classes": _classes,
    "size": _size,
    "mean": _three("numbers from 0 to 1", lambda one: 0 <= one <= 1),
    "std": _three("numbers above 0 and up to 1", lambda one: 0 < one <= 1),
    "layer": _text,
    "outputs": _outputs,
}
