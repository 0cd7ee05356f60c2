"""What stands beside the picture: where to begin, tools, looks, history, verdict."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from app.review.keys.keymap import Keymap
from app.review.panels.cleaning import CLEANING, CleaningPanel
from app.review.panels.history import HistoryPanel
from app.review.panels.looks import LOOKING, LooksPanel
from app.review.panels.proposals import ProposalsPanel
from app.review.panels.saved import SavedText
from app.review.panels.section import Section
from app.review.panels.tools import ToolsPanel
from app.review.panels.verdicts import VerdictsPanel
from app.review.reading.opening import OpenedPicture
from app.widgets.controls import line
from gsal.records import Purpose

__all__ = ["ToolPanel"]

_WIDTH_PX = 268
_TEXT_PX = 13
_MARGIN_PX = 12
_FOLDED = ("Clean up", "Look")


class ToolPanel(QWidget):
    """Composes the sections; what is between "saved" and the history scrolls when the window is low.

    Attributes:
        proposals, tools, cleaning, looks, history, verdicts, saved: The sections.

    Signals:
        asked(action): Not those of `cleaning` and `looks`, which say themselves what they want.
        folded(titles): The reader folded or opened a section; which ones are folded now.
    """

    asked = Signal(str)
    folded = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("toolPanel")
        self.saved = SavedText()
        self.proposals = ProposalsPanel()
        self.tools = ToolsPanel()
        self.cleaning = CleaningPanel()
        self.looks = LooksPanel()
        self.history = HistoryPanel()
        self.verdicts = VerdictsPanel()
        self._scrolled: tuple[Section, ...] = (self.proposals, self.tools, self.cleaning, self.looks)
        self.sections: tuple[Section, ...] = (*self._scrolled, self.history, self.verdicts)
        for section in self.sections:
            section.asked.connect(self._ask)
            section.folded.connect(self._tell_folded)
        self._lay_out()
        self.set_folded(_FOLDED)
        self._fit_width()

    def show_picture(self, picture: OpenedPicture | None) -> None:
        """Show what there is to begin from, and what was decided before."""
        self.proposals.show_picture(picture)
        # Its keys take from the two readers then.
        self.proposals.setHidden(picture is not None and picture.item.purpose is Purpose.ADJUDICATION)
        self.verdicts.show_verdict(picture.verdict if picture else None)

    def show_keys(self, keymap: Keymap) -> None:
        """Name these keys in all tooltips."""
        for section in self.sections:
            section.show_keys(keymap)

    def forbid_writing(self) -> None:
        """Leave what only looks; what would change a mask or a verdict is disabled."""
        for section in self.sections:
            section.forbid_writing()
        self.saved.say_read_only()

    def set_folded(self, titles: Sequence[str]) -> None:
        """Fold the sections with these titles, and open the others."""
        for section in self.sections:
            section.set_folded(section.title in titles)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit_width()

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, _MARGIN_PX, 0)
        column.setSpacing(12)
        for section in self._scrolled:
            column.addWidget(section)
        column.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN_PX, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.saved)
        layout.addWidget(area, 1)
        fixed = QVBoxLayout()
        fixed.setContentsMargins(0, 0, _MARGIN_PX, 0)
        fixed.setSpacing(8)
        for widget in (line(), self.history, self.verdicts):
            fixed.addWidget(widget)
        layout.addLayout(fixed)

    def _fit_width(self) -> None:
        # Grows with the text, but less: the picture needs its room too.
        self.setFixedWidth(round(_WIDTH_PX * (self.fontInfo().pixelSize() / _TEXT_PX) ** 0.8))

    @Slot(str)
    def _ask(self, action: str) -> None:
        if action not in CLEANING and action not in LOOKING:
            self.asked.emit(action)

    @Slot()
    def _tell_folded(self) -> None:
        self.folded.emit(tuple(section.title for section in self.sections if section.is_folded))
