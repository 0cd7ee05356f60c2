"""All panels of the audit in groups, and the links that lead to them."""

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from app.audit.audited_panels import AuditedPanels
from app.audit.choosers import Choice
from app.audit.figure_grid import FigureGrid, PanelGroup
from app.audit.figures import Figures
from app.audit.live_panels import LivePanels
from app.audit.selection import Selection
from app.theme import Theme
from app.widgets.controls import tab_button
from gsal.audit import AuditResult

__all__ = ["FiguresView"]


class FiguresView(QWidget):
    """The three questions first, then the rest by question.

    Args:
        theme: For the colours and the size of the text.
        selection: Of classes and a picture.
    """

    def __init__(self, theme: Theme, selection: Selection) -> None:
        super().__init__()
        self._theme, self._selection = theme, selection
        self._audit: AuditResult | None = None
        self._shown: tuple[object, ...] = ()
        self.live, self.audited = LivePanels(theme, selection), AuditedPanels(theme, selection)
        groups = _groups(self.live, self.audited)
        self.grid = FigureGrid(groups, theme)
        self.links = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(4)
        for number, group in enumerate(groups):
            link = tab_button(f"figureGroup{number}", group.link, f"Go to: {group.title or group.link}")
            self.links.addButton(link, number)
            row.addWidget(link)
        row.addStretch()
        self.links.button(0).setChecked(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.grid, 1)
        self.links.idClicked.connect(self.grid.show_group)
        self.grid.reached.connect(self._mark)

    def show_figures(
        self, figures: Figures, audit: AuditResult | None, choice: Choice, *, models: Sequence[str]
    ) -> None:
        """Draw.

        Args:
            figures: What was computed.
            audit: The last one over these masks; None for none.
            choice: What is looked at.
            models: All there are, for the colours.
        """
        self.live.show(figures, models=models, audit=audit)
        # Pictures that come in change nothing of it.
        shown = choice, tuple(models), self._selection.classes, self._theme.colours
        if audit is not self._audit or shown != self._shown:
            self._audit, self._shown = audit, shown
            self.audited.show(audit, choice, models=models)

    @Slot(int)
    def _mark(self, number: int) -> None:
        self.links.button(number).setChecked(True)


def _groups(live: LivePanels, audited: AuditedPanels) -> tuple[PanelGroup, ...]:
    return (
        PanelGroup("", "At a glance", (live.of_classes, live.of_response, audited.of_effect)),
        PanelGroup("Where it looks", "Where it looks", (live.of_saliency, live.of_variance)),
        PanelGroup(
            "Does it predict errors?",
            "Errors",
            (live.of_pictures, live.of_confidence, live.of_folds),
        ),
        PanelGroup(
            "What changed pictures do",
            "Changed pictures",
            (audited.of_changes,),
            "Predict answers without the ink, and to all but the ink (Methods > Measure ink effect, or "
            "gsal predict), then audit again.",
        ),
        PanelGroup(
            "Models compared",
            "Models compared",
            audited.of_pairs,
            "Two models that have saliency over these masks are compared by an audit: Audit and report.",
        ),
        PanelGroup(
            "Checks",
            "Checks",
            (audited.of_agreement, audited.of_method_errors, audited.of_method_order),
            "Whether mean and peak agree, and methods with each other: Audit and report tells.",
        ),
    )
