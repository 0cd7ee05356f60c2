"""The queues as a reader sees them: their names, and what is said of how far each is."""

from gsal.records import Purpose, QueueKind

__all__ = ["BLIND_KINDS", "KINDS", "PURPOSES", "progress_text"]

KINDS = (
    ("To review", QueueKind.REVIEW),
    ("Validation set", QueueKind.VALIDATION),
    ("Flagged", QueueKind.FLAGGED),
    ("Second reading", QueueKind.SECOND_READING),
    ("Adjudication", QueueKind.ADJUDICATION),
)
BLIND_KINDS = frozenset({QueueKind.VALIDATION, QueueKind.SECOND_READING})
"""Those in which pictures come again without anyone saying so."""

PURPOSES = {
    QueueKind.REVIEW: (Purpose.REVIEW,),
    QueueKind.VALIDATION: (Purpose.SECOND_READING, Purpose.VALIDATION, Purpose.REPEAT),
    QueueKind.FLAGGED: (Purpose.REVIEW,),
    QueueKind.SECOND_READING: (Purpose.SECOND_READING, Purpose.REPEAT),
    QueueKind.ADJUDICATION: (Purpose.ADJUDICATION,),
}
"""For what verdicts are made in each, the newest last."""

_EMPTY = {
    QueueKind.REVIEW: "Nothing to review",
    QueueKind.VALIDATION: "No validation set yet",
    QueueKind.FLAGGED: "Nothing is flagged",
    QueueKind.SECOND_READING: "Nothing to read a second time",
    QueueKind.ADJUDICATION: "Nothing two readers have read",
}


def progress_text(kind: QueueKind, *, total: int, left: int, n_read: int, is_narrowed: bool) -> str:
    """Return how far a queue is; of a blind one only what is read, for what is left tells of repeats."""
    if not total:
        return "Nothing fits the filter" if is_narrowed else _EMPTY[kind]
    if kind in BLIND_KINDS:
        return f"{n_read:,} read"
    return f"{left:,} left of {total:,}" if left else f"All {total:,} are decided"
