"""Example pictures."""

from gsal.reports.content import ReportContent
from gsal.reports.document import Pictures, Section, note
from gsal.reports.gallery import strip

__all__ = ["section"]


def section(content: ReportContent) -> Section | None:
    """Return the pictures with mask and saliency; None without any."""
    if not content.gallery:
        return None
    return Section(
        "gallery",
        "Examples",
        (
            Pictures(tuple(strip(item) for item in content.gallery)),
            note(
                "Photograph, ink mask (yellow), saliency map: orange speaks for the predicted class, blue "
                "against it. Each map is scaled to its own largest value, so colours are not comparable "
                "between pictures."
            ),
        ),
    )
