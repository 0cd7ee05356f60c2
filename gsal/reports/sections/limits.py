"""What the report cannot say."""

from gsal.audit.findings.left_out import left_out_texts
from gsal.reports.content import ReportContent
from gsal.reports.document import Section, bold, paragraph

__all__ = ["section"]


def section(content: ReportContent) -> Section:
    """Return the limits of this audit, what was left out of it, and those of every audit."""
    return Section(
        "limits",
        "Limits",
        (
            paragraph(
                bold(
                    "For research use. This is not a medical device, and nothing here is advice on a patient."
                )
            ),
            *(paragraph(text) for text in left_out_texts(content.audit.shortfalls)),
            paragraph(
                "A saliency map is an explanation, not an experiment: what the model answers without the "
                "ink is told by painting it over, which leaves traces of its own. Grad-CAM is coarse, and "
                "part of its reading on ink comes from where ink lies in the picture. Errors of the masks "
                "carry over to every figure. Classes under 50 inked pictures give wide intervals. One "
                "trained model per training set says nothing about the training set: other seeds can "
                "differ as much as other data."
            ),
        ),
    )
