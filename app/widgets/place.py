"""Where a page will be that is made when it is first asked for."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

__all__ = ["Place"]


class Place(QWidget):
    """Empty until it is filled."""

    def fill(self, page: QWidget) -> None:
        """Show a page here, for good."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page)
