"""The report's sections: a module each, whose `section` says a part of the content, or that there is none."""

from collections.abc import Callable

from gsal.reports.content import ReportContent
from gsal.reports.document import Document, Section
from gsal.reports.sections import (
    data,
    findings,
    gallery,
    ink,
    limits,
    mask_quality,
    masks,
    methods,
    models,
    placebo,
    provenance,
    response,
    saliency,
    significance,
    verdict,
)

__all__ = ["SECTIONS", "compose"]

SECTIONS: tuple[Callable[[ReportContent], Section | None], ...] = (
    findings.section,
    data.section,
    masks.section,
    mask_quality.section,
    models.section,
    ink.section,
    saliency.section,
    response.section,
    placebo.section,
    significance.section,
    gallery.section,
    methods.section,
    limits.section,
    provenance.section,
)
"""In the order read."""


def compose(content: ReportContent) -> Document:
    """Return the whole report of the content."""
    n = len(content.models)
    sections = (make(content) for make in SECTIONS)
    return Document(
        overline="gsal audit",
        title=content.project,
        subtitle=(
            f"{n} model{'' if n == 1 else 's'} · ink masks: {content.masks.mask_set} · "
            "research use, not a medical device"
        ),
        created=content.created,
        sections=tuple(section for section in sections if section is not None),
        lead=content.notes,
        summary=verdict.verdict(content),
        footer="Made by gsal. Research use, not a medical device.",
    )
