"""A line of text that gives way in its middle when there is little room."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy
from typing_extensions import override

__all__ = ["ElidedLabel"]


class ElidedLabel(QLabel):
    """A text that gives way in its middle when there is little room, before an end that does not."""

    def __init__(self) -> None:
        super().__init__()
        self._kept = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str, *, kept: str = "") -> None:
        """Show a text, and an end that is kept whole."""
        self._kept = kept
        self.setText(text + kept)

    @property
    def shown(self) -> str:
        """What there is room for."""
        metrics, text = self.fontMetrics(), self.text().removesuffix(self._kept)
        room = self.width() - metrics.horizontalAdvance(self._kept)
        return metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, max(0, room)) + self._kept

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        self.style().drawItemText(
            painter,
            self.rect(),
            int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
            self.palette(),
            self.isEnabled(),
            self.shown,
            self.foregroundRole(),
        )
        painter.end()
