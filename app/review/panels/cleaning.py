"""Cleaning up the whole mask at once; each is one step that can be undone."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QSpinBox

from app.review.panels.section import Section
from app.widgets.controls import push_button, spin_box

__all__ = ["CLEANING", "CleaningPanel"]

CLEANING = ("remove-specks", "fill-holes", "grow", "shrink")
"""The actions that stand here."""

_NO_LIMIT = 0
_LARGEST_PX = 9_999
_THICKEST_PX = 50


class CleaningPanel(Section):
    """Buttons with the sizes they go by.

    Signals:
        clean_asked(action, pixels): With the area below which specks go and holes are filled (0: every
            hole), or the thickness of a step.
    """

    clean_asked = Signal(str, int)

    def __init__(self) -> None:
        super().__init__("Clean up", can_fold=True)
        self.specks_px = self._box("speckSize", "Specks smaller than this go, in pixels", _LARGEST_PX, 64)
        self.holes_px = self._box("holeSize", "Holes smaller than this are filled, in pixels", _LARGEST_PX, 0)
        self.holes_px.setMinimum(_NO_LIMIT)
        self.holes_px.setSpecialValueText("all")
        self.holes_px.setValue(_NO_LIMIT)
        self.step_px = self._box("stepSize", "Thickness of one step, in pixels", _THICKEST_PX, 1)
        self._sizes = dict(
            zip(CLEANING, (self.specks_px, self.holes_px, self.step_px, self.step_px), strict=True)
        )
        texts = ("Remove specks", "Fill holes", "Thicker", "Thinner")
        made = [self._narrow_button(action, text) for action, text in zip(CLEANING, texts, strict=True)]
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.addWidget(made[0], 0, 0, 1, 2)
        grid.addWidget(self.specks_px, 0, 2)
        grid.addWidget(made[1], 1, 0, 1, 2)
        grid.addWidget(self.holes_px, 1, 2)
        grid.addWidget(made[2], 2, 0)
        grid.addWidget(made[3], 2, 1)
        grid.addWidget(self.step_px, 2, 2)
        grid.setColumnStretch(2, 1)
        self.body.addLayout(grid)
        self.asked.connect(self.clean)

    @Slot(str)
    def clean(self, action: str) -> None:
        """Ask for one of `CLEANING` with the size that is set; for keys."""
        if not self._is_read_only:
            self.clean_asked.emit(action, self._sizes[action].value())

    def _narrow_button(self, action: str, text: str) -> QPushButton:
        made = push_button(action, text, text)
        made.setProperty("role", "narrow")
        return self.button(action, made)

    def _box(self, name: str, tip: str, most: int, value: int) -> QSpinBox:
        box = spin_box(name, tip, least=1, most=most)
        box.setSuffix(" px")
        box.setValue(value)
        box.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        return self.writing(box)
