"""Deciding about a picture."""

from PySide6.QtWidgets import QHBoxLayout

from app.review.panels.section import TEXTS, Section
from app.widgets.controls import label, primary_button, push_button
from gsal.records import Verdict

__all__ = ["VERDICT_TEXTS", "VerdictsPanel"]

VERDICT_TEXTS = {
    Verdict.ACCEPTED: "accepted",
    Verdict.REJECTED: "rejected",
    Verdict.FLAGGED: "flagged",
    Verdict.CANNOT_JUDGE: "cannot judge",
}


class VerdictsPanel(Section):
    """Four verdicts; accepting is what comes next."""

    def __init__(self) -> None:
        super().__init__()
        self.decided = label(role="muted", name="verdictText")
        self.body.addWidget(self.decided)
        accept = primary_button("accept", "Accept and next", TEXTS["accept"])
        self.body.addWidget(self.button("accept", accept))
        row = QHBoxLayout()
        row.setSpacing(8)
        for action, text in (("reject", "Reject"), ("flag", "Flag"), ("cannot-judge", "Unclear")):
            button = push_button(action, text, TEXTS[action])
            button.setProperty("role", "narrow")
            row.addWidget(self.button(action, button), 1)
        self.body.addLayout(row)
        self.show_verdict(None)

    def show_verdict(self, verdict: Verdict | None) -> None:
        """Show what this reader decided before."""
        self.decided.setText(f"Your verdict: {VERDICT_TEXTS[verdict]}" if verdict else "")
        self.decided.setHidden(verdict is None)
