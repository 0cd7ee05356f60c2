"""What ink does to answers: two figures and sentences, or the button that measures it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.methods.effect_plot import ChangePlot, EffectPlot, FlipPlot
from app.theme import Theme
from app.widgets.columns import column
from app.widgets.controls import label, primary_button
from app.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from gsal.jobs.audits.counterfactual import InkEffect

__all__ = ["EffectPanel"]

_HALVES_EM = 80
"""Narrower than that, figures stand one below the other."""

_UNMEASURED = (
    "The pictures are shown to the network without their ink, and others with it. How much its answers "
    "change is what a faithful map has to tell."
)


class EffectPanel(QStackedWidget):
    """Flip rates and changes of confidence by true class.

    Signals:
        measure_asked()
    """

    measure_asked = Signal()

    def __init__(self, theme: Theme, *, is_read_only: bool) -> None:
        super().__init__()
        self._theme = theme
        self._effects: Sequence[InkEffect] = ()
        self.flips, self.changes = FlipPlot(theme), ChangePlot(theme)
        self.words = label(role="muted", name="effectWords", wrap=True)
        self.halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.halves.setSpacing(16)
        self.halves.addWidget(column(label("Other answers than before", role="section"), self.flips))
        self.halves.addWidget(column(label("Change of confidence", role="section"), self.changes))
        measured = QWidget()
        layout = QVBoxLayout(measured)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self.halves)
        layout.addWidget(self.words)
        self.measure = primary_button(
            "measureFirst", "Measure ink effect", "Predict the pictures without their ink, and others with it"
        )
        self.measure.setEnabled(not is_read_only)
        self.measure.clicked.connect(self.measure_asked)
        self.addWidget(measured)
        self.addWidget(EmptyState("What does the ink do?", _UNMEASURED, self.measure))
        theme.changed.connect(self._draw)
        theme.changed.connect(self._fit)

    def show_effects(self, effects: Sequence["InkEffect"]) -> None:
        """Show these variants of one model."""
        self._effects = effects
        self._draw()
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _draw(self) -> None:
        # Statistics are heavy for a window that only opens.
        from gsal.jobs.audits.effect_words import effect_words, waiting_words

        self.setCurrentIndex(0 if self._effects else 1)
        plots: tuple[EffectPlot, ...] = (self.flips, self.changes)
        for plot in plots:
            plot.show_effects(self._effects)
        said = [effect_words(one.figures) for one in self._effects] + waiting_words(self._effects)
        self.words.setText("\n".join(said))

    @Slot()
    def _fit(self) -> None:
        directions = QBoxLayout.Direction
        is_narrow = self.width() < _HALVES_EM * self.fontInfo().pixelSize()
        self.halves.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)
        for plot in (self.flips, self.changes):
            plot.setFixedHeight(plot.height_px)
