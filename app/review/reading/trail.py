"""Which steps stand on which beginning: a proposal, an earlier mask, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from gsal.records import Step

__all__ = ["Mark", "Trail"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What is remembered of a step.

    Attributes:
        proposal_id: The revision it took; None for none.
        is_begin: Whether the mask begins anew with it.
        is_plain: Whether it did nothing else: no stroke came with it.
    """

    proposal_id: int | None = None
    is_begin: bool = False
    is_plain: bool = False


class Trail:
    """The marks of the steps that stand, and of those taken back.

    Args:
        start_id: The revision below the first step; None for an empty start.
    """

    def __init__(self, start_id: int | None, done: Sequence[Mark] = (), undone: Sequence[Mark] = ()) -> None:
        self._start_id = start_id
        self._done = list(done)
        self._undone = list(undone)
        self._taken: Mark | None = None

    @classmethod
    def of_steps(cls, start_id: int | None, done: Sequence[Step], undone: Sequence[Step]) -> Self:
        """Return the trail of stored steps; the last of `undone` is the first to be done again."""
        return cls(start_id, [_mark(s) for s in done], [_mark(s) for s in undone])

    @property
    def begin_id(self) -> int | None:
        """The revision that the mask comes from; None for an empty start."""
        if self._taken is not None:
            return self._taken.proposal_id
        return next((m.proposal_id for m in reversed(self._done) if m.is_begin), self._start_id)

    @property
    def is_at_begin(self) -> bool:
        """Whether no stroke was made since the mask began."""
        return self._taken is not None or not self._done or self._done[-1].is_plain

    def proposal_ids(self) -> set[int]:
        """Return every revision that was taken, also in steps taken back."""
        return {m.proposal_id for m in (*self._done, *self._undone) if m.proposal_id is not None}

    def begin(self, proposal_id: int | None) -> Mark:
        """Add a step that lays down a new beginning."""
        return self._add(Mark(proposal_id, is_begin=True, is_plain=True))

    def take(self, proposal_id: int | None) -> None:
        """Begin anew where the pixels are the same already: there is no step, the next one tells."""
        self._taken = Mark(proposal_id, is_begin=True, is_plain=True)

    def stroke(self) -> Mark:
        """Add a step that goes on."""
        taken = self._taken
        return self._add(Mark(taken.proposal_id, is_begin=True) if taken else Mark())

    def undo(self) -> None:
        """Take the last mark back."""
        self._taken = None
        self._undone.append(self._done.pop())

    def redo(self) -> None:
        """Bring the last mark taken back again."""
        self._taken = None
        self._done.append(self._undone.pop())

    def _add(self, mark: Mark) -> Mark:
        self._taken = None
        self._undone.clear()
        self._done.append(mark)
        return mark


def _mark(step: Step) -> Mark:
    is_plain = step.tool.startswith(("proposal", "empty", "threshold", "take"))
    return Mark(step.proposal_id, is_begin=step.is_begin, is_plain=step.is_begin and is_plain)
