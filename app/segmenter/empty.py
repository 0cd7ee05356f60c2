"""What is said while there is no measurement: what is missing, and the button that brings it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QStackedWidget

from app.segmenter.stored import StoredMeasurements
from app.widgets.controls import primary_button
from app.widgets.empty_state import EmptyState

__all__ = ["MeasureEmpty"]


class MeasureEmpty(QStackedWidget):
    """One state for each step on the way to a measurement.

    Signals:
        train_asked(), mask_asked(), review_asked(), measure_asked()
    """

    train_asked = Signal()
    mask_asked = Signal()
    review_asked = Signal()
    measure_asked = Signal()

    def __init__(self, *, is_read_only: bool) -> None:
        super().__init__()
        self._is_read_only = is_read_only
        self.train = primary_button("trainFirst", "Train an ink network...", "Show the form for it")
        self.mask_all = primary_button("maskFirst", "Mask all pictures", "Mask ink with this network")
        self.review = primary_button("reviewFirst", "Review pictures", "Go to the review")
        self.measure = primary_button("measureFirst", "Measure", "Measure this network's masks")
        self.train.clicked.connect(self.train_asked)
        self.mask_all.clicked.connect(self.mask_asked)
        self.review.clicked.connect(self.review_asked)
        self.measure.clicked.connect(self.measure_asked)
        for button in (self.mask_all, self.measure):
            button.setEnabled(not is_read_only)
        self.untrained = EmptyState(
            "No ink network yet",
            "An ink network masks pen marks in all pictures. Once it is trained, this page says how good "
            "its masks are: measured against people's.",
            self.train,
        )
        self.unmasked = EmptyState("No masks to measure", "", self.mask_all)
        self.unread = EmptyState(
            "No masks to measure against",
            "A network is judged by masks of people on pictures it has not learned from. Review some "
            "pictures, best those of a locked validation set, or import masks.",
            self.review,
        )
        self.unmeasured = EmptyState("Not measured yet", "", self.measure)
        self.reading = EmptyState("Reading", "What was measured before is being read.")
        self.measuring = EmptyState("Measuring", "The figures appear here when all masks are compared.")
        for state in (
            self.reading,
            self.untrained,
            self.unmasked,
            self.unread,
            self.unmeasured,
            self.measuring,
        ):
            self.addWidget(state)

    @property
    def button(self) -> QPushButton | None:
        """The button of the state that is shown."""
        buttons = {
            self.untrained: self.train,
            self.unmasked: self.mask_all,
            self.unread: self.review,
            self.unmeasured: self.measure,
        }
        return buttons.get(self.currentWidget())  # type: ignore[call-overload,no-any-return]

    def show_missing(
        self, stored: StoredMeasurements, network: str, *, has_judgements: bool, is_running: bool
    ) -> None:
        """Show the first step that is not done."""
        if is_running:
            self.setCurrentWidget(self.measuring)
        elif not network:
            self.setCurrentWidget(self.untrained)
        elif not stored.masked[network]:
            self.unmasked.say(f"{network} is trained, and has not masked a picture yet.")
            self.setCurrentWidget(self.unmasked)
        elif not any(stored.references.values()) and not has_judgements:
            self.setCurrentWidget(self.unread)
        else:
            self.unmeasured.say(
                f"{network} has masked {stored.masked[network]:,} pictures. Choose above what its masks are "
                "compared with, and measure."
            )
            self.setCurrentWidget(self.unmeasured)
