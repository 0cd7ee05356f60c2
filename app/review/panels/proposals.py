"""What to begin from: the rules' masks in fixed places, the network's, or nothing."""

from typing import Protocol

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QSlider, QVBoxLayout, QWidget
from typing_extensions import override

from app.review.panels.section import Section
from app.review.reading.opening import OpenedPicture
from app.widgets.controls import IconButton, label

__all__ = ["ProposalsPanel"]

_NAMES = {1: "hue", 2: "lab", 3: "dark", 4: "BiSeNet", 0: "empty"}
_NETWORK = 4
_ROWS = ((1, 2, 3), (_NETWORK, 0))
_BAR_PX = 3
_RULES_TIP = "How sensitive the three rules are, how wide a pen, which colour of ink"
_STEP_PERCENT = 5


class _Proposed(Protocol):
    @property
    def ink_share(self) -> float: ...


class ProposalsPanel(Section):
    """Numbers 1 to 4 and 0; a blind reader sees the numbers of the rules and nothing else.

    Signals:
        threshold_asked(share): The network's mask at another threshold, 0 to 1.
        rules_asked(): The rules are to be set by how they do on this picture.
    """

    threshold_asked = Signal(float)
    rules_asked = Signal()

    def __init__(self) -> None:
        super().__init__("Begin from")
        self._taken: int | None = None
        self.buttons = {key: self._proposal_button(key) for row in _ROWS for key in row}
        self.shares = {key: label(role="muted", name=f"inkOfProposal{key}") for key in _NAMES if key}
        self._places = {key: self._place(key) for key in self.buttons}
        for keys in _ROWS:
            row = QHBoxLayout()
            row.setSpacing(8)
            for key in keys:
                row.addWidget(self._places[key], 1, Qt.AlignmentFlag.AlignTop)
            self.body.addLayout(row)
        self.origin = label(role="muted", name="maskOrigin", wrap=True)
        below = QHBoxLayout()
        below.addWidget(self.origin, 1)
        below.addStretch()
        self.rules = self.described(QPushButton("Rules..."), "setRules", _RULES_TIP)
        self.rules.clicked.connect(self.rules_asked)
        self.writing(self.rules)
        below.addWidget(self.rules)
        below.addWidget(self.button("cycle-proposals", IconButton("rotate-right", role="quiet")))
        self.body.addLayout(below)
        self.body.addWidget(self._threshold_row())
        self.show_picture(None)

    def show_picture(self, picture: OpenedPicture | None) -> None:
        """Show which proposals there are, and how much ink each has unless the reader is blind."""
        is_blind = picture is not None and picture.is_blind
        found = {key: picture.proposal(key) for key in self.shares} if picture else dict.fromkeys(self.shares)
        most = max((p.ink_share for p in found.values() if p is not None), default=0.0)
        for key, button in self.buttons.items():
            proposal: _Proposed | None = found.get(key)
            button.setText(str(key) if is_blind and key else f"{key}  {_NAMES[key]}")
            self.enable(button, is_possible=picture is not None and (not key or proposal is not None))
            if key:
                share = None if is_blind or proposal is None else proposal.ink_share
                button.show_bar(None if share is None or not most else share / most)
                self._show_share(key, share, is_blind=is_blind)
        self._places[_NETWORK].setHidden(is_blind)
        self.rules.setHidden(is_blind)
        self.enable(self.rules, is_possible=picture is not None)
        self.show_taken(None)
        self.show_origin(picture.origin if picture is not None and not is_blind else "")
        self.show_threshold(None)

    @Slot(str)
    def show_origin(self, text: str) -> None:
        """Show where the mask on the canvas came from."""
        self.origin.setText(text)
        self.origin.setHidden(not text)

    def show_taken(self, key: int | None) -> None:
        """Show which proposal the mask was begun from; None for none of them."""
        self._taken = key
        for number, button in self.buttons.items():
            button.setChecked(number == key)

    @property
    def has_threshold(self) -> bool:
        """Whether the network's threshold can be moved."""
        return not self._threshold.isHidden()

    def next_key(self) -> int:
        """Return the proposal after the one that was taken, round the end; 0 when there are none."""
        keys = [key for key in self.shares if self.buttons[key].isEnabled()]
        return next((key for key in keys if key > (self._taken or 0)), keys[0] if keys else 0)

    def show_threshold(self, share: float | None) -> None:
        """Let the network's threshold be moved from this value on; None puts the slider away."""
        self._threshold.setHidden(share is None)
        if share is not None:
            self.threshold.blockSignals(True)
            self.threshold.setValue(round(100 * share))
            self.threshold.blockSignals(False)
            self._threshold_text.setText(f"{share:.2f}")

    def _place(self, key: int) -> QWidget:
        place = QWidget()
        column = QVBoxLayout(place)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.buttons[key])
        if key:
            self.shares[key].setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(self.shares[key])
        return place

    def _show_share(self, key: int, share: float | None, *, is_blind: bool) -> None:
        self.shares[key].setText("–" if share is None else f"{100 * share:.1f} %")
        self.shares[key].setToolTip("Share of the picture that is ink" if share is not None else "")
        self.shares[key].setHidden(is_blind)

    def _proposal_button(self, key: int) -> "_ProposalButton":
        button = self.button(f"proposal-{key}", _ProposalButton())
        button.setCheckable(True)
        # Whether it was taken is for the session to say.
        button.clicked.connect(lambda: self.show_taken(self._taken))
        return button

    def _threshold_row(self) -> QWidget:
        self._threshold = QWidget()
        row = QHBoxLayout(self._threshold)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        tip = "How sure the network has to be; until the first stroke"
        self.threshold = self.described(QSlider(Qt.Orientation.Horizontal), "networkThreshold", tip)
        self.threshold.setRange(_STEP_PERCENT, 100 - _STEP_PERCENT)
        self.threshold.setSingleStep(_STEP_PERCENT)
        self.threshold.setPageStep(_STEP_PERCENT)
        self.threshold.valueChanged.connect(self._ask_threshold)
        self.writing(self.threshold)
        self._threshold_text = label(role="muted", name="thresholdText")
        row.addWidget(label("Threshold"))
        row.addWidget(self.threshold, 1)
        row.addWidget(self._threshold_text)
        return self._threshold

    @Slot(int)
    def _ask_threshold(self, percent: int) -> None:
        # The network's probabilities are kept in steps.
        stepped = _STEP_PERCENT * round(percent / _STEP_PERCENT)
        self._threshold_text.setText(f"{stepped / 100:.2f}")
        self.threshold_asked.emit(stepped / 100)


class _ProposalButton(QPushButton):
    """A number, a name, and a bar for the amount of ink."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "proposal")
        # All of a row are equally wide, whatever their names.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._bar: float | None = None

    def show_bar(self, share: float | None) -> None:
        """Show a bar of this share of the width; None for none."""
        self._bar = share
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._bar is None:
            return
        room = self.rect().adjusted(8, 0, -8, -5)
        painter = QPainter(self)
        bar = QRect(room.left(), room.bottom() - _BAR_PX, room.width(), _BAR_PX)
        painter.fillRect(bar, self.palette().color(QPalette.ColorRole.Mid))
        bar.setWidth(max(1, round(room.width() * self._bar)))
        painter.fillRect(bar, self.palette().color(QPalette.ColorRole.Accent))
        painter.end()
