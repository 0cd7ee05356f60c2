"""Dialogs: one sentence with what to do, details folded; nothing blocks the event loop."""

import platform
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QMessageBox, QVBoxLayout, QWidget

from app.private_log import told_privately
from app.widgets.controls import label
from app.widgets.record_table import TextTable, table_view
from app.widgets.standard_buttons import name_buttons
from gsal.version import __version__

__all__ = ["show_crash", "show_error", "show_notice", "show_problems"]


def show_error(parent: QWidget | None, title: str, sentence: str) -> QMessageBox:
    """Show what happened and what to do."""
    box = QMessageBox(QMessageBox.Icon.Warning, title, title, QMessageBox.StandardButton.Ok, parent)
    box.setObjectName("errorDialog")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(sentence)
    return _opened(box)


def show_notice(parent: QWidget | None, title: str, sentence: str) -> QMessageBox:
    """Show what was done."""
    box = QMessageBox(QMessageBox.Icon.Information, title, title, QMessageBox.StandardButton.Ok, parent)
    box.setObjectName("noticeDialog")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(sentence)
    return _opened(box)


def show_crash(parent: QWidget | None, error: BaseException) -> QMessageBox:
    """Show that the program made a mistake, with what its makers need to know."""
    title = "Something went wrong in the program"
    box = QMessageBox(QMessageBox.Icon.Critical, title, title, QMessageBox.StandardButton.Ok, parent)
    box.setObjectName("crashDialog")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(
        "Your masks and finished results are kept. Please report it with the details below; they name no "
        "file and no patient, and nothing is sent by itself."
    )
    box.setDetailedText(f"gsal {__version__}, {platform.platform()}\n{told_privately(error)}")
    return _opened(box)


def show_problems(parent: QWidget | None, title: str, rows: Sequence[Sequence[str]]) -> QDialog:
    """Show files and why each was left out."""
    dialog = QDialog(parent)
    dialog.setObjectName("problemsDialog")
    dialog.setWindowTitle(title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.resize(720, 420)
    table = TextTable(("File", "Reason", "Line"), left_columns=2, parent=dialog)
    table.show_rows(rows)
    view = table_view(table, name="problemsTable", tip="Files that were left out, and why")
    view.setColumnWidth(0, 240)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    name_buttons(buttons, "problemsDialog")
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.addWidget(label(title, role="title"))
    layout.addWidget(label("Everything else went in. Mend these files and import again.", role="muted"))
    layout.addWidget(view)
    layout.addWidget(buttons)
    dialog.open()
    return dialog


def _opened(box: QMessageBox) -> QMessageBox:
    name_buttons(box, box.objectName())
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
    return box
