"""How a network came about: data, masks, recipe, training and files, folded by heading."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem

from app.widgets.controls import named
from gsal.audit.names import method_name
from gsal.records import ModelRecord

__all__ = ["RunCardView", "sections_of"]

Rows = list[tuple[str, str]]
_OPEN = "Data"
_WORDS = {
    "mask_set": "Masks asked for",
    "max_pictures": "Pictures at most",
    "training_images": "To learn from",
    "validation_images": "To watch the learning",
    "stopped_early": "Stopped early",
    "kept_epoch": "Weights of epoch",
    "follows": "Trained after",
    "left_out_as_split": "Left out: rules split",
    "device": "Computed on",
    "epochs": "Epochs",
    "seconds": "Time",
    "threads": "Threads",
    "precision": "Arithmetic",
}
_DATA = (
    "cohort",
    "follows",
    "mask_set",
    "max_pictures",
    "training_images",
    "validation_images",
    "left_out_as_split",
)
_TRAINING = ("epochs", "stopped_early", "kept_epoch", "seconds", "threads", "device", "precision")
_VERSIONS = ("gsal", "python", "torch", "torchvision", "numpy", "opencv-python-headless")


class RunCardView(QTreeWidget):
    """A network's run card, to read and to copy from."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "runCard", "How the network came about")
        self.setToolTip("Click a heading to show or hide what is under it")
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._opened = {_OPEN}
        self.itemExpanded.connect(lambda item: self._opened.add(item.text(0)))
        self.itemCollapsed.connect(lambda item: self._opened.discard(item.text(0)))

    def show_model(self, model: ModelRecord | None) -> None:
        """Show a network's card; headings stay as they were folded."""
        opened = set(self._opened)
        self.clear()
        for title, rows in sections_of(model) if model is not None else ():
            heading = QTreeWidgetItem([title])
            self.addTopLevelItem(heading)
            heading.setFirstColumnSpanned(True)
            for name, value in rows:
                row = QTreeWidgetItem([name, value])
                row.setToolTip(1, value)
                heading.addChild(row)
            heading.setExpanded(title in opened)
        self._opened = opened
        self.resizeColumnToContents(0)


def sections_of(model: ModelRecord) -> Iterator[tuple[str, Rows]]:
    """Yield a network's card as headings with rows of name and value; empty headings are left out."""
    card = model.run_card
    yield from _filled("Data", [*_rows(card, _DATA), *_sources(card)])
    recipe: Mapping[str, Any] = card.get("recipe") or {}
    yield from _filled("Recipe", [(_name(key), _value(value)) for key, value in recipe.items()])
    final: Mapping[str, Any] = card.get("final") or {}
    training = [
        ("Architecture", model.architecture),
        ("Seed", "–" if model.seed is None else str(model.seed)),
        *_rows(card, _TRAINING),
        *((f"In the end: {_name(key)}", _value(value)) for key, value in final.items()),
    ]
    yield from _filled("Training", training)
    files = [
        ("Input", f"{model.preprocessing.size} px"),
        ("Weights", model.weights),
        ("SHA-256 of weights", model.weights_sha256),
        ("SHA-256 of data", str(card.get("data_sha256") or "")),
        *((key, str(card[key])) for key in _VERSIONS if key in card),
    ]
    yield from _filled("Files and versions", [row for row in files if row[1]])
    yield from _filled("Brought along", _brought(model))
    told = {*_DATA, *_TRAINING, *_VERSIONS, "recipe", "final", "mask_sources", "data_sha256"}
    told |= {"training_masks", "validation_masks", "brought", "file", "file_sha256"}
    rest = [(_name(key), _value(value)) for key, value in card.items() if key not in told]
    yield from _filled("More", rest)


def _brought(model: ModelRecord) -> Rows:
    """Return what is known of a network that was trained elsewhere."""
    card, brought = model.run_card, model.brought
    if "file" not in card:
        return []
    rows = [
        ("File", str(card["file"])),
        ("SHA-256 of file", str(card.get("file_sha256", ""))),
        ("Format", str(brought.format)),
        ("Answers", str(brought.outputs)),
        ("Mean", ", ".join(f"{one:g}" for one in model.preprocessing.mean)),
        ("Standard deviation", ", ".join(f"{one:g}" for one in model.preprocessing.std)),
        ("Layer of Grad-CAM", brought.layer or "found automatically"),
        ("Its code may be run", "yes, agreed to for this file" if brought.trusted else ""),
        *((f"Not possible: {method_name(method)}", why) for method, why in brought.refused.items()),
    ]
    return [row for row in rows if row[1]]


def _filled(title: str, rows: Rows) -> Iterator[tuple[str, Rows]]:
    if rows:
        yield title, rows


def _rows(card: Mapping[str, Any], keys: tuple[str, ...]) -> Rows:
    return [(_name(key), _value(card[key], key)) for key in keys if card.get(key) not in (None, "")]


def _sources(card: Mapping[str, Any]) -> Rows:
    sources: Mapping[str, int] = card.get("mask_sources") or {}
    return [(f"Masks: {source.replace('-', ' ')}", f"{n:,}") for source, n in sources.items()]


def _name(key: str) -> str:
    return _WORDS.get(key, key.replace("_", " ").replace("/", ", ").capitalize())


def _value(value: object, key: str = "") -> str:
    if key == "seconds" and isinstance(value, int | float):
        return str(timedelta(seconds=round(value)))
    if key == "max_pictures" and value == 0:
        return "all"
    if key.endswith("_images") and isinstance(value, list):
        return f"{len(value):,} pictures"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list | tuple):
        return f"{len(value):,}" if len(value) > 6 else ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(one)}" for name, one in value.items())
    return str(value)
