"""Choosing other keys: pick an action, press a key; what collides is said before it is kept."""

from itertools import groupby

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QBrush, QColor, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QKeySequenceEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.review.keys.bindings import BINDINGS, DEFAULT, LEFT_HANDED
from app.review.keys.keymap import TAKEN_BY_THE_WINDOW, Keymap, normal, shown
from app.widgets.controls import label, named, push_button
from app.widgets.standard_buttons import name_buttons

__all__ = ["KeyEditor"]

_PRESETS = (("Mouse in the right hand", DEFAULT), ("Mouse in the left hand", LEFT_HANDED))
_OWN = "My own keys"
_BINDINGS = {binding.action: binding for binding in BINDINGS}
_SIZE_EM = QSize(50, 48)
_ACTION = Qt.ItemDataRole.UserRole


class KeyEditor(QDialog):
    """A list of actions and their keys.

    Args:
        danger: Colour of what collides, #rrggbb.

    Signals:
        chosen(keymap): The reader wants these keys; none of them collide.
    """

    chosen = Signal(object)

    def __init__(self, keymap: Keymap, *, danger: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keyEditor")
        self.setWindowTitle("Change the keys")
        room = self.screen().availableGeometry().size() * 0.94
        self.resize((_SIZE_EM * self.fontInfo().pixelSize()).boundedTo(room))
        self.keymap = keymap
        self._danger = QBrush(QColor(danger))
        self._items: dict[str, QTreeWidgetItem] = {}
        self._make_controls()
        self._lay_out()
        self._fill()
        self._show()
        self.list.setCurrentItem(self._items["next"])

    @override
    def accept(self) -> None:
        self.chosen.emit(self.keymap)
        super().accept()

    def _make_controls(self) -> None:
        self.preset = named(QComboBox(), "keyPreset", "Begin from these keys")
        for text, _ in _PRESETS:
            self.preset.addItem(text)
        self.preset.activated.connect(self._take_preset)
        self.list = QTreeWidget()
        named(self.list, "keyList", "Actions and their keys")
        self.list.setColumnCount(2)
        self.list.setHeaderLabels(["What it does", "Keys"])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.currentItemChanged.connect(self._choose)
        self.key = named(QKeySequenceEdit(), "newKey", "Press the key here")
        self.key.setMaximumSequenceLength(1)
        self.key.keySequenceChanged.connect(self._show)
        self.use = push_button("useKey", "Use", "Do the chosen action with this key only")
        self.add = push_button("addKey", "Add", "Do the chosen action with this key too")
        self.drop = push_button("dropKeys", "No key", "Take all keys from the chosen action")
        self.use.clicked.connect(self._use)
        self.add.clicked.connect(self._add)
        self.drop.clicked.connect(self._drop)
        self.warning = label(role="danger", name="keyWarning", wrap=True)
        self.take = push_button("takeKey", "Take it from there", "Leave the key to the chosen action only")
        self.take.clicked.connect(self._take)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        keep = buttons.addButton("Use these keys", QDialogButtonBox.ButtonRole.AcceptRole)
        self.keep = named(keep, "keepKeys", "Use these keys from now on")
        self.keep.setProperty("role", "primary")
        reset = buttons.addButton("As delivered", QDialogButtonBox.ButtonRole.ResetRole)
        self.reset = named(reset, "resetKeys", "Forget all changes")
        self.reset.clicked.connect(self._reset)
        buttons.accepted.connect(self.accept)
        name_buttons(buttons, "keyEditor")
        buttons.rejected.connect(self.reject)
        for button in (*buttons.findChildren(QPushButton), self.use, self.add, self.drop, self.take):
            # Enter is a key to be chosen here, not a verdict on the dialog.
            button.setAutoDefault(False)
        self.buttons = buttons

    def _lay_out(self) -> None:
        entry = QHBoxLayout()
        entry.addWidget(label("New key"))
        entry.addWidget(self.key, 1)
        for button in (self.use, self.add, self.drop):
            entry.addWidget(button)
        warning = QHBoxLayout()
        warning.addWidget(self.warning, 1)
        warning.addWidget(self.take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(self.preset)
        layout.addWidget(self.list, 1)
        layout.addLayout(entry)
        layout.addLayout(warning)
        layout.addWidget(self.buttons)

    def _fill(self) -> None:
        for group, bindings in groupby(BINDINGS, key=lambda binding: binding.group):
            heading = QTreeWidgetItem(self.list, [str(group)])
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            font = heading.font(0)
            font.setBold(True)
            heading.setFont(0, font)
            for binding in bindings:
                item = QTreeWidgetItem(heading, [binding.text])
                item.setData(0, _ACTION, binding.action)
                self._items[binding.action] = item
        self.list.expandAll()
        self.list.resizeColumnToContents(0)

    @property
    def _action(self) -> str | None:
        item = self.list.currentItem()
        return item.data(0, _ACTION) if item else None

    @property
    def _pressed(self) -> str:
        return normal(self.key.keySequence().toString(QKeySequence.SequenceFormat.PortableText))

    @Slot()
    def _choose(self) -> None:
        self.key.clear()
        self._show()

    @Slot()
    def _show(self) -> None:
        conflicts = self.keymap.conflicts()
        for action, item in self._items.items():
            keys = self.keymap.of(action)
            collides = any(key in conflicts for key in keys)
            item.setText(1, "   ".join(map(shown, keys)) + ("   (taken twice)" if collides else ""))
            item.setForeground(1, self._danger if collides else QBrush())
        names = [str(number) for number, (_, keys) in enumerate(_PRESETS) if keys == self.keymap.keys]
        self.preset.setCurrentIndex(int(names[0]) if names else -1)
        self.preset.setPlaceholderText(_OWN)
        is_pressed, is_chosen = bool(self._pressed), self._action is not None
        for button in (self.use, self.add):
            button.setEnabled(is_pressed and is_chosen)
        self.drop.setEnabled(is_chosen)
        self.warning.setText(_sentence(conflicts) or self._foresight())
        self.take.setVisible(self._disputed(conflicts) is not None)
        self.keep.setEnabled(not conflicts)

    def _foresight(self) -> str:
        other = self.keymap.action_of(self._pressed) if self._pressed else None
        if other is None or other == self._action:
            return ""
        return f"{shown(self._pressed)} is now: {_BINDINGS[other].text}."

    def _disputed(self, conflicts: dict[str, tuple[str, ...]]) -> str | None:
        return next(
            (key for key, actions in conflicts.items() if self._action in actions and len(actions) > 1), None
        )

    @Slot()
    def _use(self) -> None:
        self._give((self._pressed,))

    @Slot()
    def _add(self) -> None:
        if self._action is not None:
            self._give((*self.keymap.of(self._action), self._pressed))

    @Slot()
    def _drop(self) -> None:
        self._give(())

    def _give(self, keys: tuple[str, ...]) -> None:
        if self._action is not None:
            self.keymap = self.keymap.with_keys(self._action, keys)
            self.key.clear()
            self._show()

    @Slot()
    def _take(self) -> None:
        key = self._disputed(self.keymap.conflicts())
        if key is not None and self._action is not None:
            self.keymap = self.keymap.without_key(key, but=self._action)
            self._show()

    @Slot(int)
    def _take_preset(self, number: int) -> None:
        self.keymap = Keymap(_PRESETS[number][1])
        self._show()

    @Slot()
    def _reset(self) -> None:
        self._take_preset(0)


def _sentence(conflicts: dict[str, tuple[str, ...]]) -> str:
    for key, actions in conflicts.items():
        texts = [_BINDINGS[action].text for action in actions]
        if key in TAKEN_BY_THE_WINDOW:
            texts.append(TAKEN_BY_THE_WINDOW[key])
        return f"{shown(key)} is taken twice: {'; '.join(texts)}. Choose another key for one of them."
    return ""
