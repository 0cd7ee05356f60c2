"""What a reading's steps lead to: the mask, and what can be undone and redone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gsal.arrays import Mask
from gsal.editing.tiles import decode
from gsal.errors import ProjectDamaged
from gsal.records import EncodedDelta, Step, StepKind

__all__ = ["Replayed", "Standing", "replay", "standing"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Which steps stand after all that was done, undone and redone.

    Attributes:
        undo: Ids of the steps that stand, in the order they were made; the last is undone first.
        redo: Ids of those taken back that can be done again; the last is redone first.
        begin: The last step that stands and laid down a new beginning, or noted one; None when it is the
            reading's start.
    """

    undo: tuple[int, ...]
    redo: tuple[int, ...]
    begin: Step | None

    @property
    def proposal_id(self) -> int | None:
        """The revision that the mask began from, None for the reading's start or an empty beginning."""
        return self.begin.proposal_id if self.begin else None


@dataclass(frozen=True, slots=True, eq=False)
class Replayed(Standing):
    """The mask as well.

    Attributes:
        mask: (H, W) bool.
    """

    mask: Mask


def standing(steps: Sequence[Step]) -> Standing:
    """Follow steps in their order.

    Raises:
        ProjectDamaged: Something is taken back that was never done.
    """
    undo: list[Step] = []
    redo: list[Step] = []
    # By the step that left the mask so; None: the reading began so.
    noted: dict[int | None, Step] = {}
    for step in steps:
        if step.kind is StepKind.DO:
            undo.append(step)
            redo.clear()
            continue
        if step.kind is StepKind.NOTE:
            noted[undo[-1].id if undo else None] = step
            continue
        source, target = (undo, redo) if step.kind is StepKind.UNDO else (redo, undo)
        if not source:
            raise ProjectDamaged(
                f"The stored strokes of a picture do not fit together (step {step.id}). Open an earlier "
                "version of this mask, or restore the project's database from a backup."
            )
        target.append(source.pop())
    begins = (noted.get(step.id, step) for step in reversed(undo))
    begin = next((step for step in begins if step.is_begin), noted.get(None))
    return Standing(tuple(step.id for step in undo), tuple(step.id for step in redo), begin)


def replay(start: Mask, steps: Sequence[Step], deltas: Mapping[int, EncodedDelta]) -> Replayed:
    """Apply the steps that stand to the mask they began on.

    Args:
        start: (H, W) bool; it is left as it is.
        steps: All of the reading, in their order.
        deltas: By step id, of `standing(steps).undo` at least.

    Raises:
        ProjectDamaged: A delta is missing or damaged, or the steps do not fit together.
    """
    stand = standing(steps)
    mask = start.astype(np.uint8)
    for step_id in stand.undo:
        if step_id not in deltas:
            raise ProjectDamaged(
                f"A stored stroke (step {step_id}) is missing. Open an earlier version of this mask, or "
                "restore the project's database from a backup."
            )
        decode(deltas[step_id], (mask.shape[0], mask.shape[1])).apply(mask)
    return Replayed(stand.undo, stand.redo, stand.begin, mask=mask.view(np.bool_))
