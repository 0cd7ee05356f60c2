"""What is selected in one panel of the audit, and shown in all."""

from PySide6.QtCore import QObject, Signal, Slot

__all__ = ["Selection"]


class Selection(QObject):
    """Some classes, which form a group against the rest, and a picture.

    Signals:
        classes_changed(): Other classes form the group, or none.
        picture_changed(): Another picture is selected, or none any more.
        picture_opened(image_id): A picture is to be looked at, with its mask and map.

    Attributes:
        classes: Names of true classes; none if empty.
        image_id: Of the picture; None for none.
    """

    classes_changed = Signal()
    picture_changed = Signal()
    picture_opened = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.classes: frozenset[str] = frozenset()
        self.image_id: int | None = None

    @Slot(object)
    def toggle_class(self, name: str) -> None:
        """Take a class into the group, or out of it."""
        self.classes = self.classes ^ {name}
        self.classes_changed.emit()

    @Slot(object)
    def choose_classes(self, names: frozenset[str]) -> None:
        """Have these classes form the group; none if empty."""
        if names != self.classes:
            self.classes = names
            self.classes_changed.emit()

    @Slot(object)
    def select_picture(self, image_id: int) -> None:
        """Select a picture, and ask for it to be opened."""
        self.image_id = image_id
        self.picture_changed.emit()
        self.picture_opened.emit(image_id)

    @Slot()
    def clear(self) -> None:
        """Select nothing."""
        if self.classes:
            self.classes = frozenset()
            self.classes_changed.emit()
        if self.image_id is not None:
            self.image_id = None
            self.picture_changed.emit()
