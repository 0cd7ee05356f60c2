"""From picture to picture: back and forth, in which order, and which ones."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from app.maps.listing import Order, Scope
from app.widgets.controls import IconButton, choice, label, named
from app.widgets.elided import ElidedLabel

__all__ = ["Walk"]

_ORDERS: dict[str, str] = {
    Order.LIST: "As imported",
    Order.MOST_MEAN: "Most m first",
    Order.LEAST_MEAN: "Least m first",
    Order.MOST_PEAK: "Most n first",
    Order.LEAST_PEAK: "Least n first",
}
_SCOPES: dict[str, str] = {Scope.JUDGED: "Judged on", Scope.ALL: "All pictures"}
_INK = {"": "Ink or none", "inked": "With ink", "free": "Without ink"}
_ALL = "all"


class Walk(QWidget):
    """A line of controls.

    Signals:
        asked(step): To the next picture, or with -1 to the one before.
        changed(): Other pictures, or another order.
    """

    asked = Signal(int)
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("mapWalk")
        self.back = named(IconButton("chevron-left"), "previousMap", "Previous picture", key="A, PgUp")
        self.next = named(IconButton("chevron-right"), "nextMap", "Next picture", key="D, PgDown")
        self.back.clicked.connect(lambda: self.asked.emit(-1))
        self.next.clicked.connect(lambda: self.asked.emit(1))
        self.place = label(role="muted", name="mapPlace")
        self.name = ElidedLabel()
        self.name.setObjectName("mapPicture")
        self.scope = choice(
            "mapScope",
            "Which pictures: those that the first model is judged on, none of which it learned from, or all",
            _SCOPES,
        )
        self.order = choice(
            "mapOrder", "Order of the pictures, by stored saliency of the first model", _ORDERS
        )
        self.labels = choice("mapLabels", "Show pictures of one class", {_ALL: "All classes"})
        self.ink = choice("mapInk", "Show pictures with or without ink", _INK)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.back, self.next, self.place):
            layout.addWidget(widget)
        layout.addWidget(self.name, 1)
        for box in (self.scope, self.order, self.ink):
            # What they say is known and short: the room is the name's.
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for box in (self.scope, self.order, self.labels, self.ink):
            box.currentIndexChanged.connect(self.changed)
            layout.addWidget(box)

    @property
    def chosen_scope(self) -> Scope:
        """Which pictures there are to look at."""
        return Scope(self.scope.currentData())

    @property
    def chosen_order(self) -> Order:
        """How pictures follow each other."""
        return Order(self.order.currentData())

    @property
    def chosen_label(self) -> str | None:
        """Of the pictures; "" for those without, None for all."""
        chosen = str(self.labels.currentData())
        return None if chosen == _ALL else chosen.removeprefix("=")

    @property
    def chosen_ink(self) -> bool | None:
        """Whether the pictures are inked; None for all."""
        chosen = self.ink.currentData()
        return chosen == "inked" if chosen else None

    def show_labels(self, labels: Sequence[str]) -> None:
        """Offer these classes of pictures."""
        chosen = self.labels.currentData()
        with QSignalBlocker(self.labels):
            self.labels.clear()
            self.labels.addItem("All classes", _ALL)
            for name in labels:
                self.labels.addItem(name or "(no label)", f"={name}")
            self.labels.setCurrentIndex(max(0, self.labels.findData(chosen)))

    def show_place(self, at: int | None, count: int) -> None:
        """Show which picture of how many is shown; None for one that is not in the list."""
        self.place.setText(f"{count:,} pictures" if at is None else f"{at + 1:,} of {count:,}")
        for button in (self.back, self.next):
            button.setEnabled(count > (0 if at is None else 1))
