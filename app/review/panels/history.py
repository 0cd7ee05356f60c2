"""Going back and forth through what was done to a picture."""

from app.review.panels.section import Section
from app.widgets.controls import IconButton, label

__all__ = ["HistoryPanel"]


class HistoryPanel(Section):
    """Undo, redo, and how many steps there are."""

    def __init__(self) -> None:
        super().__init__("History")
        self.steps = label(role="muted", name="undoSteps")
        self.undo = self.button("undo", IconButton("undo"))
        self.redo = self.button("redo", IconButton("redo"))
        for widget in (self.steps, self.undo, self.redo):
            self.head.addWidget(widget)
        self.show_steps(0, 0)

    def show_steps(self, undo: int, redo: int) -> None:
        """Show how many steps can be undone and done again."""
        self.steps.setText(f"{undo} step" + ("" if undo == 1 else "s"))
        self.enable(self.undo, is_possible=undo > 0)
        self.enable(self.redo, is_possible=redo > 0)
