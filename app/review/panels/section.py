"""A part of the tool panel: a heading that may fold what is under it, and controls that know their keys."""

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from app.review.keys.bindings import BINDINGS
from app.review.keys.keymap import Keymap
from app.widgets.controls import IconButton, label, named

__all__ = ["TEXTS", "Section"]

TEXTS = {binding.action: binding.text for binding in BINDINGS}
"""What each action does, in words."""

W = TypeVar("W", bound=QWidget)
B = TypeVar("B", bound=QAbstractButton)
_OPEN, _FOLDED = "chevron-down", "chevron-right"


class Section(QWidget):
    """A heading over controls.

    Args:
        title: Of the heading; without one there is none.
        can_fold: Whether the heading folds what is under it.

    Attributes:
        title: As given; names the section in settings.
        head: The heading's line, for what stands beside it.
        body: What is under it.

    Signals:
        asked(action): One of `app.review.keys.bindings`.
        folded(): It was folded or opened.
    """

    asked = Signal(str)
    folded = Signal()

    def __init__(self, title: str = "", *, can_fold: bool = False) -> None:
        super().__init__()
        self.title = title
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self._content = QWidget()
        self.body = QVBoxLayout(self._content)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(8)
        self._keymap = Keymap()
        self._described: list[tuple[QWidget, str, tuple[str, ...]]] = []
        self._writing: list[QWidget] = []
        self._is_read_only = False
        self._fold: _FoldButton | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        if title:
            self.head.addWidget(self._fold_button(title) if can_fold else label(title, role="section"))
            self.head.addStretch()
            layout.addLayout(self.head)
        layout.addWidget(self._content)

    @property
    def is_folded(self) -> bool:
        """Whether only the heading is seen."""
        return self._content.isHidden()

    def set_folded(self, is_folded: bool) -> None:
        """Show only the heading, or all."""
        if self._fold is not None:
            self._content.setHidden(is_folded)
            self._fold.show_folded(is_folded)

    def show_keys(self, keymap: Keymap) -> None:
        """Name these keys in the tooltips."""
        self._keymap = keymap
        for control, tip, actions in self._described:
            self._show_tip(control, tip, actions)

    def forbid_writing(self) -> None:
        """Disable for good what would change a mask or a verdict."""
        self._is_read_only = True
        for control in self._writing:
            control.setEnabled(False)

    def described(self, control: W, name: str, tip: str, *, actions: Sequence[str] = ()) -> W:
        """Name a control whose tooltip tells the keys of some actions; return it."""
        named(control, name, tip)
        # A click leaves the keys to the picture.
        control.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._described.append((control, tip, tuple(actions)))
        self._show_tip(control, tip, tuple(actions))
        return control

    def button(self, action: str, made: B, *, name: str = "", writes: bool = True) -> B:
        """Have a button ask for an action; return it.

        Args:
            action: One of `app.review.keys.bindings`.
            made: The button.
            name: Its object name; the action's by default.
            writes: Whether the action changes a mask or a verdict.
        """
        self.described(made, name or action, TEXTS[action], actions=(action,))
        made.clicked.connect(lambda: self.asked.emit(action))
        if writes:
            self.writing(made)
        return made

    def writing(self, control: W) -> W:
        """Count a control among those that `forbid_writing` disables; return it."""
        self._writing.append(control)
        return control

    def enable(self, control: QWidget, *, is_possible: bool) -> None:
        """Enable a control if it makes sense now, and if it may be used at all."""
        control.setEnabled(is_possible and not (self._is_read_only and control in self._writing))

    def _show_tip(self, control: QWidget, tip: str, actions: tuple[str, ...]) -> None:
        keys = " ".join(filter(None, map(self._keymap.tip, actions)))
        control.setToolTip(f"{tip} ({keys})" if keys else tip)

    def _fold_button(self, title: str) -> "_FoldButton":
        self._fold = _FoldButton(title)
        self._fold.clicked.connect(self._turn)
        return self._fold

    @Slot()
    def _turn(self) -> None:
        self.set_folded(not self.is_folded)
        self.folded.emit()


class _FoldButton(IconButton):
    """A heading with an arrow."""

    def __init__(self, title: str) -> None:
        super().__init__(_OPEN, text=title, role="fold")
        named(self, f"fold{title.replace(' ', '')}", f"{title}: show or hide these controls")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_folded(self, is_folded: bool) -> None:
        """Turn the arrow."""
        self.show_icon(_FOLDED if is_folded else _OPEN)
