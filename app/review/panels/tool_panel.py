"""What stands beside the picture: proposals, tools, history, verdict."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.review.canvas.canvas import BRUSH_SIZES_PX
from app.review.keys.bindings import BINDINGS
from app.review.reading.opening import OpenedPicture
from app.widgets.controls import IconButton, label, line, named, primary_button, push_button, spin_box

__all__ = ["ToolPanel"]

_PROPOSALS = ("hue", "lab", "dark", "BiSeNet", "empty")
_BINDINGS = {binding.action: binding for binding in BINDINGS}
_WRITING = (
    *(f"proposal-{key}" for key in range(len(_PROPOSALS))),
    *("brush", "eraser", "undo", "redo", "accept", "reject", "flag", "cannot-judge"),
)
_NO_FOCUS = Qt.FocusPolicy.NoFocus


class ToolPanel(QWidget):
    """Buttons that say which action of `app.review.keys.bindings` they stand for.

    Signals:
        asked(action)
        size_asked(pixels)
        opacity_asked(percent)
    """

    asked = Signal(str)
    size_asked = Signal(int)
    opacity_asked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("toolPanel")
        self.setFixedWidth(264)
        self._is_read_only = False
        self._buttons: dict[str, QPushButton | IconButton] = {}
        self._shares: dict[int, QLabel] = {}
        self.saved = label(role="muted", name="savedAt")
        self.origin = label(role="muted", name="maskOrigin")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 0, 0, 0)
        layout.setSpacing(8)
        top = QHBoxLayout()
        top.addWidget(label("Proposals", role="section"))
        top.addStretch()
        top.addWidget(self.saved)
        layout.addLayout(top)
        layout.addLayout(self._proposals())
        layout.addWidget(self.origin)
        layout.addWidget(line())
        layout.addWidget(label("Tools", role="section"))
        layout.addLayout(self._tools())
        layout.addWidget(line())
        layout.addWidget(label("Mask", role="section"))
        layout.addLayout(self._mask())
        layout.addWidget(line())
        layout.addLayout(self._history())
        layout.addStretch()
        layout.addLayout(self._verdicts())

    def show_picture(self, picture: OpenedPicture | None) -> None:
        """Show which proposals there are, and how much ink each has."""
        self.show_origin(picture.origin if picture else "")
        for key, share in self._shares.items():
            proposal = picture.proposal(key) if picture else None
            self._buttons[f"proposal-{key}"].setEnabled(proposal is not None and not self._is_read_only)
            share.setText(f"{100 * proposal.ink_share:.1f} % ink" if proposal else "–")

    @Slot(str)
    def show_origin(self, text: str) -> None:
        """Show where the mask on the canvas came from."""
        self.origin.setText(text)

    def forbid_writing(self) -> None:
        """Leave what only looks; what would change a mask or a verdict is disabled."""
        self._is_read_only = True
        for action in _WRITING:
            self._buttons[action].setEnabled(False)
        self.brush_size.setEnabled(False)
        self._say("Open for reading only", role="muted")

    def show_history(self, undo: int, redo: int) -> None:
        """Show how many steps can be undone and done again."""
        self.steps.setText(f"{undo} step" + ("" if undo == 1 else "s"))
        self._buttons["undo"].setEnabled(undo > 0 and not self._is_read_only)
        self._buttons["redo"].setEnabled(redo > 0 and not self._is_read_only)

    def show_size(self, pixels: int) -> None:
        """Show the brush's size."""
        self.brush_size.blockSignals(True)
        self.brush_size.setValue(pixels)
        self.brush_size.blockSignals(False)

    def change_opacity(self, percent: int) -> None:
        """Make the mask stronger or fainter."""
        self.opacity.setValue(self.opacity.value() + percent)

    @Slot()
    def say_saving(self) -> None:
        """Show that a change is on its way to the disk."""
        self._say("Saving...", role="muted")

    @Slot(object)
    def say_saved(self, record: object) -> None:
        """Show when the last change reached the disk."""
        del record
        self._say(f"Saved {datetime.now().astimezone():%H:%M:%S}", role="muted")

    @Slot(object)
    def say_not_saved(self, error: BaseException) -> None:
        """Show that the disk did not take it, and why."""
        self._say(
            "Not saved", role="danger", tip=f"{error}\nIt is held, and tried again with the next change."
        )

    def choose_tool(self, action: str) -> None:
        """Show which tool is in hand."""
        self._buttons[action].setChecked(True)

    def _proposals(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        for row, text in enumerate(_PROPOSALS):
            key = (row + 1) % len(_PROPOSALS)
            button = self._button(f"proposal-{key}", f"{key}  {text}")
            button.setProperty("align", "left")
            grid.addWidget(button, row, 0)
            if key:
                share = label("–", role="muted", name=f"inkOfProposal{key}")
                share.setMinimumWidth(76)
                share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._shares[key] = share
                grid.addWidget(share, row, 1)
        grid.setColumnStretch(0, 1)
        return grid

    def _tools(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        self._tools_group = QButtonGroup(self)
        for column, (action, icon) in enumerate((("brush", "brush"), ("eraser", "eraser"))):
            button = self._icon_button(action, icon, action.capitalize())
            button.setCheckable(True)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._tools_group.addButton(button)
            grid.addWidget(button, 0, column)
        least, most = BRUSH_SIZES_PX
        self.brush_size = spin_box(
            "brushSize", "Brush size in picture pixels", least=least, most=most, key="[ and ], Shift+wheel"
        )
        self.brush_size.setSuffix(" px")
        self.brush_size.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.brush_size.valueChanged.connect(self.size_asked)
        grid.addWidget(label("Size"), 1, 0)
        grid.addWidget(self.brush_size, 1, 1)
        self.brush_size.setValue(24)
        self._buttons["brush"].setChecked(True)
        return grid

    def _mask(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label("Opacity"))
        self.opacity = named(
            QSlider(Qt.Orientation.Horizontal), "maskOpacity", "Opacity of the fill", key=", and ."
        )
        self.opacity.setRange(0, 100)
        self.opacity.setValue(45)
        self.opacity.setFocusPolicy(_NO_FOCUS)
        self.opacity.valueChanged.connect(self.opacity_asked)
        row.addWidget(self.opacity, 1)
        self.outline = named(QCheckBox("Outline"), "outlineOnly", "Outline only", key="O")
        self.outline.setFocusPolicy(_NO_FOCUS)
        self.outline.clicked.connect(self._ask_outline)
        row.addWidget(self.outline)
        return row

    def _history(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label("History", role="section"))
        self.steps = label("0 steps", role="muted", name="undoSteps")
        row.addWidget(self.steps)
        row.addStretch()
        row.addWidget(self._icon_button("undo", "undo", ""))
        row.addWidget(self._icon_button("redo", "redo", ""))
        return row

    def _verdicts(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        binding = _BINDINGS["accept"]
        accept = primary_button("accept", "Accept and next", binding.text, key="Enter")
        self._register(accept, "accept")
        column.addWidget(accept)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._button("reject", "Reject"))
        row.addWidget(self._button("flag", "Flag"))
        row.addWidget(self._button("cannot-judge", "Unclear"))
        column.addLayout(row)
        return column

    def _button(self, action: str, text: str) -> QPushButton:
        binding = _BINDINGS[action]
        button = push_button(action, text, binding.text, key=binding.keys[0])
        self._register(button, action)
        return button

    def _icon_button(self, action: str, icon: str, text: str) -> IconButton:
        binding = _BINDINGS[action]
        button = named(IconButton(icon, text=text), action, binding.text, key=binding.keys[0])
        self._register(button, action)
        return button

    def _register(self, button: QPushButton | IconButton, action: str) -> None:
        self._buttons[action] = button
        button.setFocusPolicy(_NO_FOCUS)
        button.clicked.connect(lambda: self.asked.emit(action))

    def _say(self, text: str, *, role: str, tip: str = "") -> None:
        self.saved.setText(text)
        self.saved.setToolTip(tip)
        self.saved.setProperty("role", role)
        self.saved.style().polish(self.saved)

    @Slot()
    def _ask_outline(self) -> None:
        self.asked.emit("outline")
