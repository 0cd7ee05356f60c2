"""All sentences of the last audit under their headings, those about the chosen model first."""

import re
from collections.abc import Sequence
from html import escape
from itertools import groupby

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QTextBrowser
from typing_extensions import override

from app.widgets.controls import named
from gsal.audit import Finding

__all__ = ["CAVEATS", "FindingsView", "in_order"]

CAVEATS = "How far this goes"
"""Topic of the sentences that say what the figures do not show."""

_HEIGHT_PX, _LEAST_PX = 132, 48
_HEADING = '<p style="margin: 8px 0 2px 0"><b>{}</b></p>'
_SENTENCE = '<p style="margin: 0 0 4px 0">{}</p>'


class FindingsView(QTextBrowser):
    """Scrolls, and can be copied from, but not changed."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "auditFindings", "What the last audit over these masks found")
        self.setOpenLinks(False)
        self.setMinimumHeight(_LEAST_PX)
        self._shown = ""
        self.hide()

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _HEIGHT_PX)

    def show_findings(self, findings: Sequence[Finding], model: str | None) -> None:
        """Show these, in the order for this model; None for all models."""
        text = _page(in_order(findings, model))
        # Setting the same text again would scroll to the top.
        if text != self._shown:
            self._shown = text
            self.setHtml(text)
        self.setVisible(bool(text))


def _page(findings: Sequence[Finding]) -> str:
    parts = []
    for topic, sentences in groupby(findings, key=lambda finding: finding.topic):
        parts.append(_HEADING.format(escape(topic)))
        for finding in sentences:
            words = f"<i>{finding.strength.words}.</i> " if finding.strength.words else ""
            parts.append(_SENTENCE.format(words + escape(finding.text)))
    return "".join(parts)


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
