"""The card beside a model's file: what it says, and errors that name file and field."""

import json
from pathlib import Path
from typing import Any

import pytest

from gsal.errors import ModelError
from gsal.jobs.models.card import ModelCard, find_card, read_card
from gsal.records import Outputs

SAID = {
    "architecture": "resnet18",
    "classes": ["MEL", "NV"],
    "size": 64,
    "mean": [0.5, 0.5, 0.5],
    "std": [0.25, 0.25, 1],
    "layer": "layer3",
    "outputs": "logits",
}
CARD = ModelCard("resnet18", ("MEL", "NV"), 64, (0.5, 0.5, 0.5), (0.25, 0.25, 1.0), "layer3", Outputs.LOGITS)


def write(path: Path, said: dict[str, Any]) -> Path:
    if path.suffix == ".json":
        path.write_text(json.dumps(said))
    else:
        path.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in said.items()))
    return path


@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_both_kinds_of_file_say_the_same(tmp_path: Path, suffix: str) -> None:
    weights = tmp_path / "lab.pt"
    assert find_card(weights) is None
    path = write(tmp_path / f"lab{suffix}", SAID)
    assert find_card(weights) == path
    assert read_card(path) == CARD


def test_of_two_cards_neither_is_taken(tmp_path: Path) -> None:
    for suffix in (".toml", ".json"):
        write(tmp_path / f"lab{suffix}", SAID)
    with pytest.raises(ModelError, match=r"lab\.pt has two cards"):
        find_card(tmp_path / "lab.pt")


def test_what_is_said_goes_before_the_card() -> None:
    said = ModelCard(size=96, classes=("NV",))
    assert said.or_else(CARD) == ModelCard(
        "resnet18", ("NV",), 96, CARD.mean, CARD.std, "layer3", Outputs.LOGITS
    )
    assert ModelCard().or_else(CARD) == CARD == CARD.or_else(ModelCard())


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("architecture", 18, "expected a text, got 18"),
        ("classes", "MEL", "expected a list of names"),
        ("classes", [], "expected a list of names"),
        ("classes", ["MEL", 3], "expected a list of names"),
        ("classes", ["MEL", "NV", "MEL"], "MEL stands there twice"),
        ("size", 224.0, "expected a whole number of pixels from 8 to 2048, got 224.0"),
        ("size", True, "expected a whole number"),
        ("size", 3, "expected a whole number"),
        ("mean", [0.5, 0.5], "expected three numbers"),
        ("mean", 0.5, "expected three numbers"),
        ("mean", [0.5, "0.5", 0.5], "expected three numbers"),
        ("mean", [123.7, 116.3, 103.5], r"from 0 to 1 \(divide"),
        ("std", [0, 1, 1], "above 0"),
        ("std", [58.4, 57.1, 57.4], r"divide those for 0 to 255 by 255\)"),
        ("outputs", "softmax", "expected logits or probabilities, got 'softmax'"),
        ("outputs", [], "expected logits or probabilities"),
        ("normalisation", "imagenet", "there is no such field; a card has architecture, classes, size"),
    ],
)
def test_errors_name_file_and_field(tmp_path: Path, field: str, value: object, text: str) -> None:
    for suffix in (".toml", ".json"):
        path = write(tmp_path / f"lab{suffix}", {field: value})
        with pytest.raises(ModelError, match=rf"lab{suffix}: {field}: .*{text}"):
            read_card(path)


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("lab.toml", "size = ", "no TOML file"),
        ("lab.json", "{", "no JSON file"),
        ("lab.json", "[224]", "expected fields"),
        ("lab.json", "\x80", "no JSON file"),
    ],
)
def test_files_that_are_no_cards_are_refused(tmp_path: Path, name: str, content: str, text: str) -> None:
    path = tmp_path / name
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(ModelError, match=rf"{name}: .*{text}"):
        read_card(path)
    with pytest.raises(ModelError, match="cannot be read"):
        read_card(tmp_path / "other.toml")
