"""The state a picture opens in: where its reader left it, else at a beginning."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from app.review.reading.sizes import at_size
from app.review.reading.trail import Trail
from gsal.arrays import Mask
from gsal.editing.replay import replay, standing
from gsal.editing.tiles import decode
from gsal.errors import ProjectDamaged
from gsal.masks import codec
from gsal.project import Project
from gsal.records import EncodedDelta, MaskRecord, Reading, Step, StepKind

__all__ = ["Start", "from_nothing", "from_revision", "resume"]


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """A mask to go on with.

    Attributes:
        mask: (H, W) bool.
        trail: What its steps stand on.
        begins: Pixels of the revisions on the trail, at the size they are kept in.
        reading: The reading that goes on; None when the first change makes one.
        undo, redo: Its steps, those to take first are last.
        is_dirty: Whether steps were made after the last whole mask was kept.
        tool: Of the last step.
        active_s: Worked on it before.
    """

    mask: Mask
    trail: Trail
    begins: dict[int, Mask] = field(default_factory=dict)
    reading: Reading | None = None
    undo: tuple[EncodedDelta, ...] = ()
    redo: tuple[EncodedDelta, ...] = ()
    is_dirty: bool = False
    tool: str = ""
    active_s: float = 0.0


def from_nothing(shape: tuple[int, int]) -> Start:
    """Begin without ink."""
    return Start(np.zeros(shape, np.bool_), Trail(None))


def from_revision(project: Project, record: MaskRecord, shape: tuple[int, int]) -> Start:
    """Begin with a stored mask.

    Raises:
        ProjectDamaged: It is damaged.
    """
    mask = codec.decode(project.store.masks.load(record.id))
    return Start(at_size(mask, *shape), Trail(record.id), {record.id: mask})


def resume(project: Project, reading: Reading, last: MaskRecord | None) -> Start:
    """Go on with a reading: all its steps are done again, and can be undone and redone as before.

    Args:
        project: The project.
        reading: What to go on with.
        last: The last whole mask that was kept of it, if any.

    Raises:
        ProjectDamaged: A step is damaged or missing, or the mask it began on is.
    """
    store = project.store
    steps = store.readings.steps(reading.id)
    stand = standing(steps)
    start = from_nothing((reading.height, reading.width))
    if reading.start_id is not None:
        record = store.masks.get_many([reading.start_id])[reading.start_id]
        start = from_revision(project, record, (reading.height, reading.width))
    deltas = store.readings.deltas([*stand.undo, *stand.redo])
    done = replay(start.mask, steps, deltas)
    for step_id in stand.redo:
        decode(deltas[step_id], (reading.height, reading.width))
    trail = Trail.of_steps(reading.start_id, steps)
    own_s = [last.active_s] if last is not None and last.reading_id == reading.id else []
    return Start(
        mask=done.mask,
        trail=trail,
        begins=start.begins | _pixels(project, trail.proposal_ids()),
        reading=reading,
        undo=tuple(deltas[i] for i in done.undo),
        redo=tuple(deltas[i] for i in done.redo),
        is_dirty=_is_dirty(reading, last, begin_id=trail.begin_id, mask=done.mask, steps=steps),
        tool=steps[-1].tool if steps else "",
        active_s=max([step.active_s for step in steps] + own_s, default=0.0),
    )


def _is_dirty(
    reading: Reading, last: MaskRecord | None, *, begin_id: int | None, mask: Mask, steps: Sequence[Step]
) -> bool:
    is_changed = any(step.kind is not StepKind.NOTE for step in steps)
    if is_changed and (last is None or last.sha256 != codec.encode(mask).sha256):
        return True
    is_of_it = last is not None and last.reading_id == reading.id
    return begin_id != (last.parent_id if last is not None and is_of_it else reading.start_id)


def _pixels(project: Project, revision_ids: Iterable[int]) -> dict[int, Mask]:
    """Return masks that pixels are counted against; a damaged one is counted as empty."""
    found = {}
    for revision_id, encoded in project.store.masks.load_many(revision_ids).items():
        try:
            found[revision_id] = codec.decode(encoded)
        except ProjectDamaged:
            continue
    return found
