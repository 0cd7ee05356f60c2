"""All sentences of the last audit, those about the chosen model first."""

import re
from collections.abc import Sequence

from PySide6.QtWidgets import QPlainTextEdit

from app.widgets.controls import named
from gsal.audit import Finding

__all__ = ["CAVEATS", "FindingsView", "in_order"]

CAVEATS = "How far this goes"
"""Topic of the sentences that say what the figures do not show."""

_HEIGHT_PX = 112


class FindingsView(QPlainTextEdit):
    """Scrolls, and can be copied from, but not changed."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "auditFindings", "What the last audit over these masks found")
        self.setReadOnly(True)
        self.setFixedHeight(_HEIGHT_PX)
        self.hide()

    def show_findings(self, findings: Sequence[Finding], model: str | None) -> None:
        """Show these, in the order for this model; None for all models."""
        text = "\n".join(finding.text for finding in in_order(findings, model))
        # Setting the same text again would scroll to the top.
        if text != self.toPlainText():
            self.setPlainText(text)
        self.setVisible(bool(text))


def in_order(findings: Sequence[Finding], model: str | None) -> list[Finding]:
    """Return all findings: with a model, those that name it, then the caveats, then those about others."""
    if model is None:
        return list(findings)
    # A whole word, so that "biased" is not found in "unbiased".
    name = re.compile(rf"(?<![\w-]){re.escape(model)}(?![\w-])")

    def rank(finding: Finding) -> int:
        if finding.topic == CAVEATS:
            return 1
        return 0 if name.search(finding.text) else 2

    return sorted(findings, key=rank)
