"""Which of a queue's pictures are listed, and in which order."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QVBoxLayout, QWidget

from app.widgets.coalescer import Coalescer
from app.widgets.controls import named
from gsal.records import QueueKind, QueueOrder, QueueRequest

__all__ = ["QueueFilters"]

_ORDERS = (
    ("Most disagreement first", QueueOrder.DISAGREEMENT),
    ("Network least sure first", QueueOrder.UNCERTAINTY),
    ("By name", QueueOrder.NAME),
    ("In random order", QueueOrder.RANDOM),
)
_INKED = (("Ink or none", None), ("With ink", True), ("Without ink", False))
_TYPING_MS = 200
_UNSURE = "Where the ink network is least sure, with some pictures at random in between"
_UNKNOWN = "Let an ink network mask the pictures first: train one on the Training page, and apply it there"
_BLIND = "Only for pictures to review: in which order others come must not tell what the network found"
_MAY_BE_UNSURE = frozenset({QueueKind.REVIEW, QueueKind.FLAGGED})


class QueueFilters(QWidget):
    """Order, class, ink, name, and whether decided pictures are listed.

    Args:
        classes: Of the project.

    Signals:
        changed(): Another request has to be made.
    """

    changed = Signal()

    def __init__(self, classes: Sequence[str]) -> None:
        super().__init__()
        self.setObjectName("queueFilters")
        self.order = named(QComboBox(), "queueOrder", "Which pictures come first")
        for text, order in _ORDERS:
            self.order.addItem(text, order)
        self.offer_uncertainty(QueueKind.REVIEW, is_known=False)
        self.label = named(QComboBox(), "queueLabel", "Only pictures of one class")
        self.label.addItem("All classes", None)
        for name in classes:
            self.label.addItem(name, name)
        self.label.addItem("No class", "")
        self.inked = named(QComboBox(), "queueInk", "Only pictures with or without ink")
        for text, is_inked in _INKED:
            self.inked.addItem(text, is_inked)
        self.name = named(QLineEdit(), "queueName", "Only pictures with this in their name")
        self.name.setPlaceholderText("Part of the name")
        self.name.setClearButtonEnabled(True)
        self.pending = named(QCheckBox("Only undecided"), "queuePending", "Leave out what is decided")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for box in (self.order, self.label, self.inked):
            box.setMinimumContentsLength(6)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.currentIndexChanged.connect(self.changed)
        for widget in (self.order, self.label, self.inked, self.name, self.pending):
            layout.addWidget(widget)
        for control in (self.order, self.label, self.inked, self.pending):
            # A click leaves the keys to the picture.
            control.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.pending.toggled.connect(self.changed)
        self._is_known = False
        self._typing = Coalescer(self, interval_ms=_TYPING_MS)
        self._typing.due.connect(self.changed)
        self.name.textChanged.connect(self._typing.request)

    @property
    def is_narrowing(self) -> bool:
        """Whether pictures of the queue are left out."""
        return bool(
            self.label.currentIndex()
            or self.inked.currentIndex()
            or self.name.text().strip()
            or self.pending.isChecked()
        )

    def reset(self) -> None:
        """Leave nothing out; whoever asks for this reads the list anew."""
        self.blockSignals(True)
        for box in (self.label, self.inked):
            box.setCurrentIndex(0)
        self.name.clear()
        self.pending.setChecked(False)
        self.blockSignals(False)

    def offer_uncertainty(self, kind: QueueKind, *, is_known: bool | None = None) -> None:
        """Let a list be ordered by how unsure the network is, or say why not.

        Args:
            kind: Which queue is listed.
            is_known: Whether a network has masked any picture; None if that is as it was.
        """
        self._is_known = self._is_known if is_known is None else is_known
        row = self.order.findData(QueueOrder.UNCERTAINTY)
        hint = _BLIND if kind not in _MAY_BE_UNSURE else _UNSURE if self._is_known else _UNKNOWN
        self.order.setItemData(row, hint, Qt.ItemDataRole.ToolTipRole)
        model = self.order.model()
        if isinstance(model, QStandardItemModel):
            model.item(row).setEnabled(hint is _UNSURE)
        if hint is not _UNSURE and self.order.currentIndex() == row:
            self.order.blockSignals(True)
            self.order.setCurrentIndex(0)
            self.order.blockSignals(False)

    def request(self, kind: QueueKind, reader_id: int | None) -> QueueRequest:
        """Return what to ask for; the project's shares are for the caller to put in."""
        return QueueRequest(
            kind=kind,
            reader_id=reader_id,
            order=QueueOrder(self.order.currentData(Qt.ItemDataRole.UserRole)),
            label=self.label.currentData(),
            inked=self.inked.currentData(),
            name_contains=self.name.text().strip(),
            is_pending_only=self.pending.isChecked(),
        )
