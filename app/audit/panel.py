"""A figure of the audit page under its title, with a line that explains it."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.widgets.controls import label

__all__ = ["panel"]


def panel(title: str, plot: QWidget, caption: str = "") -> QWidget:
    """Return a plot with its title above and a caption, if any, below."""
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(label(title, role="section"))
    layout.addWidget(plot, 1)
    if caption:
        layout.addWidget(label(caption, role="muted", name="auditCaption"))
    return made
