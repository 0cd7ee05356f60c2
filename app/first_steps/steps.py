"""The steps from photographs to a report."""

from enum import Enum

__all__ = ["Step"]


class Step(Enum):
    """What is done in a project, in its order.

    Attributes:
        title: A word or two.
        task: What the user is asked to do, as the button that does it says.
        why: What is behind it, in a sentence.
        page: Name of the window's page where it is done.
    """

    PICTURES = (
        "Pictures",
        "Import pictures",
        "Photographs with their labels; they stay where they are.",
        "Library",
    )
    MASKS = (
        "Ink masks",
        "Propose masks",
        "Three rules find the ink of every picture, each in its own way.",
        "Library",
    )
    REVIEW = (
        "Review",
        "Review masks",
        "A person picks the best, repaints and accepts it; cohorts need not wait.",
        "Review",
    )
    COHORT = (
        "Cohort",
        "Create a cohort",
        "The choice of pictures that a classifier is trained on.",
        "Training",
    )
    CLASSIFIER = (
        "Classifier",
        "Train a classifier",
        "The network that is audited: trained here, or your own.",
        "Training",
    )
    SALIENCY = (
        "Saliency",
        "Compute saliency",
        "Where the classifier looks, over all validation pictures.",
        "Audit",
    )
    REPORT = (
        "Report",
        "Audit and report",
        "How much of what it looks at is ink, and what that costs.",
        "Audit",
    )

    def __init__(self, title: str, task: str, why: str, page: str) -> None:
        self.title, self.task, self.why, self.page = title, task, why, page
