"""Which steps stand on which beginning: a proposal, an earlier mask, or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from gsal.records import Step, StepKind

__all__ = ["Mark", "Trail"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What is remembered of a step.

    Attributes:
        proposal_id: The revision it took; None for none.
        is_begin: Whether the mask begins anew with it.
    """

    proposal_id: int | None = None
    is_begin: bool = False


class Trail:
    """The marks of the steps that stand, and of those taken back.

    Args:
        start_id: The revision below the first step; None for an empty start.
    """

    def __init__(self, start_id: int | None) -> None:
        # The first is no step: it is what the reading began with.
        self._done = [Mark(start_id, is_begin=True)]
        self._undone: list[Mark] = []

    @classmethod
    def of_steps(cls, start_id: int | None, steps: Iterable[Step]) -> Self:
        """Return the trail of stored steps, all of a reading in their order."""
        trail = cls(start_id)
        for step in steps:
            match step.kind:
                case StepKind.UNDO:
                    trail.undo()
                case StepKind.REDO:
                    trail.redo()
                case StepKind.NOTE:
                    trail.note(step.proposal_id)
                case StepKind.DO:
                    trail._add(Mark(step.proposal_id, step.is_begin))
        return trail

    @property
    def begin_id(self) -> int | None:
        """The revision that the mask comes from; None for an empty start."""
        return next(mark.proposal_id for mark in reversed(self._done) if mark.is_begin)

    @property
    def is_at_begin(self) -> bool:
        """Whether no stroke was made since the mask began."""
        return self._done[-1].is_begin

    def proposal_ids(self) -> set[int]:
        """Return every revision that was taken, also in steps taken back."""
        return {m.proposal_id for m in (*self._done, *self._undone) if m.proposal_id is not None}

    def begin(self, proposal_id: int | None) -> Mark:
        """Add a step that lays down a new beginning."""
        return self._add(Mark(proposal_id, is_begin=True))

    def note(self, proposal_id: int | None) -> Mark:
        """Begin anew where the pixels are the same already: it comes and goes with the step before."""
        self._done[-1] = Mark(proposal_id, is_begin=True)
        return self._done[-1]

    def stroke(self) -> Mark:
        """Add a step that goes on."""
        return self._add(Mark())

    def undo(self) -> None:
        """Take the last mark back."""
        self._undone.append(self._done.pop())

    def redo(self) -> None:
        """Bring the last mark taken back again."""
        self._done.append(self._undone.pop())

    def _add(self, mark: Mark) -> Mark:
        self._undone.clear()
        self._done.append(mark)
        return mark
