"""Showing what the open mask was begun from."""

from app.review.panels.proposals import ProposalsPanel
from app.review.reading.session import ReadingSession

__all__ = ["show_beginning"]

_EMPTY = 0


def show_beginning(panel: ProposalsPanel, session: ReadingSession) -> None:
    """Mark the proposal the open mask comes from; offer its threshold while nothing was painted on it."""
    picture = session.picture
    if picture is None:
        return
    taken = next((p for p in picture.proposals if p.record.id == session.origin_id), None)
    is_empty_start = session.origin_id is None and (session.has_own or picture.is_blank_start)
    panel.show_taken(taken.key if taken else _EMPTY if is_empty_start else None)
    if session.has_own:
        panel.show_origin("your mask")
    can_move = taken is not None and session.can_move_threshold
    if can_move != panel.has_threshold:
        panel.show_threshold(taken.record.threshold if taken is not None and can_move else None)
