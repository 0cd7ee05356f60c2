"""The middle of the review page: the picture, two readers beside it, or all masks side by side."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget

from app.review.adjudication.view import AdjudicationView
from app.review.canvas.canvas import Canvas
from app.review.canvas.looks import Looks
from app.review.compare.choice import choices_of
from app.review.compare.view import CompareView
from app.review.reading.session import ReadingSession
from app.widgets.controls import named
from gsal.project import Project

__all__ = ["Centre"]


class Centre(QStackedWidget):
    """Holds the canvas that is painted on, and what can stand beside it or in its place.

    Signals:
        taken(key): The reader wants to begin from this proposal of those compared.
    """

    taken = Signal(int)

    def __init__(self, project: Project, session: ReadingSession) -> None:
        super().__init__()
        self.setObjectName("reviewCentre")
        self._session = session
        self.canvas = named(Canvas(), "reviewCanvas", "Photograph with its ink mask")
        self.canvas.setToolTip("")
        self.adjudication = AdjudicationView(project, session, self.canvas)
        self.comparison = CompareView()
        self.addWidget(self.adjudication)
        self.addWidget(self.comparison)
        self.comparison.taken.connect(self._take)
        self.comparison.closed.connect(self.show_canvas)

    def shut_down(self) -> None:
        """Wait for what is being worked out."""
        self.adjudication.shut_down()
        self.comparison.shut_down()

    def set_looks(self, looks: Looks) -> None:
        """Let all masks look like this."""
        self.canvas.set_looks(looks)
        self.comparison.set_looks(looks)
        self.adjudication.set_looks(looks)

    def do(self, action: str) -> bool:
        """Do what an action means to what stands here now; return whether it means anything."""
        if self.currentWidget() is self.comparison and self.comparison.do(action):
            return True
        return self.adjudication.do(action)

    def compare(self) -> None:
        """Show the mask and all proposals side by side, or go back."""
        picture, painting = self._session.picture, self._session.painting
        if self.currentWidget() is self.comparison:
            self.show_canvas()
        elif picture is not None and painting is not None and picture.proposals:
            self.setCurrentWidget(self.comparison)
            self.comparison.set_looks(self.canvas.looks)
            self.comparison.show_choices(picture.pyramid, painting, choices_of(picture))

    @Slot()
    def show_canvas(self) -> None:
        """Go back to the picture."""
        self.setCurrentWidget(self.adjudication)
        self.canvas.setFocus()

    @Slot(int)
    def _take(self, key: int) -> None:
        self.show_canvas()
        self.taken.emit(key)
