"""Whether maps follow what a network learned: curves and verdicts, or the button that checks it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget

from app.methods.sanity_plot import SanityPlot
from app.theme import Theme
from app.widgets.columns import column
from app.widgets.controls import label, primary_button
from app.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from gsal.saliency.sanity import MethodSanity

__all__ = ["SanityPanel"]

_PLOT_PX = 280
_UNCHECKED = (
    "A copy of the network forgets what it learned, layer by layer from the top. A method whose maps stay "
    "the same shows the picture, not the network."
)


class SanityPanel(QStackedWidget):
    """One curve per method, from the network as trained to the one that forgot everything.

    Signals:
        check_asked()
    """

    check_asked = Signal()

    def __init__(self, theme: Theme, *, is_read_only: bool) -> None:
        super().__init__()
        self._theme = theme
        self._checks: Sequence[MethodSanity] = ()
        self.plot = SanityPlot(theme)
        self.words = label(role="muted", name="sanityWords", wrap=True)
        title = label("Likeness of maps while the network forgets", role="section")
        self.check = primary_button(
            "checkFirst", "Check sanity...", "Randomise copies of the network and compare"
        )
        self.check.setEnabled(not is_read_only)
        self.check.clicked.connect(self.check_asked)
        self.addWidget(column(title, self.plot, self.words))
        self.addWidget(EmptyState("Do maps follow the network?", _UNCHECKED, self.check))
        theme.changed.connect(self._draw)

    def show_checks(self, checks: Sequence["MethodSanity"]) -> None:
        """Show these methods of one model."""
        self._checks = checks
        self._draw()

    @Slot()
    def _draw(self) -> None:
        from gsal.jobs.saliency.sanity_words import REPLACING, verdict_words
        from gsal.saliency.sanity import STRONG

        self.plot.setFixedHeight(round(_PLOT_PX * self._theme.font_scale))
        self.setCurrentIndex(0 if self._checks else 1)
        self.plot.show_checks(self._checks, bound=STRONG)
        self.words.setText("\n".join([*map(verdict_words, self._checks), REPLACING]))
