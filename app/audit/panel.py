"""A figure of the audit page under its title, with a line that explains it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from app.widgets.controls import label
from app.widgets.forest_plot import ForestPlot
from app.widgets.plot import Plot

__all__ = ["Panel"]

_GAP_PX = 4


class Panel(QWidget):
    """Title, one plot or several below each other, and a caption.

    Signals:
        resized(): It has more to show, or less, or another caption; or it is shown, or no more.
    """

    resized = Signal()

    def __init__(self, title: str, *plots: Plot, caption: str = "") -> None:
        super().__init__()
        self.plots: Sequence[Plot] = plots
        self.is_wanted = True
        self._title = label(title, role="section")
        self._caption = label(caption, role="muted", name="auditCaption", wrap=True)
        self._caption.setVisible(bool(caption))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP_PX)
        layout.addWidget(self._title)
        for plot in plots:
            layout.addWidget(plot, 1)
            if isinstance(plot, ForestPlot):
                plot.resized.connect(self.resized)
        layout.addWidget(self._caption)

    @override
    def hasHeightForWidth(self) -> bool:
        # Whoever lays it out says how high it is.
        return False

    @property
    def caption(self) -> str:
        """What is said beneath the plots."""
        return self._caption.text()

    def say(self, caption: str) -> None:
        """Say something else beneath the plots; nothing if empty."""
        if caption != self._caption.text():
            self._caption.setText(caption)
            self._caption.setVisible(bool(caption))
            self.resized.emit()

    def want(self, is_wanted: bool) -> None:
        """Be shown, or not where there is nothing to show."""
        if is_wanted is not self.is_wanted:
            self.is_wanted = is_wanted
            self.setVisible(is_wanted)
            self.resized.emit()

    @property
    def is_of_rows(self) -> bool:
        """Whether all it shows is as high as its rows, rather than as high as there is room."""
        return all(isinstance(plot, ForestPlot) for plot in self.plots)

    def height_px(self, width: int) -> int:
        """Return how high it has to be for every row of its forests to be read, where it is so wide."""
        texts = [self._title.sizeHint().height()]
        if self._caption.text():
            texts.append(self._caption.heightForWidth(width))
        parts = [*texts, *(_height(plot) for plot in self.plots if not plot.isHidden())]
        return sum(parts) + _GAP_PX * (len(parts) - 1)


def _height(plot: Plot) -> int:
    least = int(plot.minimumHeight())
    return max(least, plot.height_px) if isinstance(plot, ForestPlot) else least
