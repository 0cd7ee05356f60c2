"""What two readers left for a picture, read without their names; and their agreement over all pictures."""

from dataclasses import dataclass

import numpy as np

from app.review.reading.sizes import at_size
from gsal.arrays import Mask
from gsal.errors import NotFoundError
from gsal.masks import codec
from gsal.masks.agreement import kappa
from gsal.project import Project
from gsal.records import Decision, ImageRecord, Purpose, QueueKind, QueueRequest, Verdict

__all__ = ["Kappa", "ReaderMask", "ReadingPair", "read_kappa", "read_pair"]

_BLIND = {Purpose.VALIDATION, Purpose.SECOND_READING}


@dataclass(frozen=True, slots=True, eq=False)
class ReaderMask:
    """One reader's last word on a picture.

    Attributes:
        mask: (H, W) bool at the picture's size; empty where the reader accepted none.
        verdict: What was decided.
        revision_id: Of the mask; None where none was left.
    """

    mask: Mask
    verdict: Verdict
    revision_id: int | None


@dataclass(frozen=True, slots=True, eq=False)
class ReadingPair:
    """Two readings of one picture; which reader is first is the picture's secret, not the reader's rank."""

    image_id: int
    first: ReaderMask
    second: ReaderMask


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa on ink or no ink over the doubly read pictures.

    Attributes:
        value: NaN where undefined.
        n: Pictures on which both readers accepted a mask.
        left_out: Doubly read pictures on which one did not.
    """

    value: float
    n: int
    left_out: int


def read_pair(project: Project, image: ImageRecord, *, shape: tuple[int, int]) -> ReadingPair:
    """Read the last masks of the two readers, at the picture's (height, width).

    Raises:
        NotFoundError: Fewer than two readers decided about it.
        ProjectDamaged: A mask is damaged.
    """
    decisions = _both(project.store.decisions.latest_by_reader(image.id))
    if decisions is None:
        raise NotFoundError(f"{image.name}: fewer than two readers have read this picture. Read it first.")
    first, second = (_mask_of(project, decision, shape) for decision in decisions)
    # Were the first always the same person, one would soon know who it is.
    if int(image.sha256[20:22], 16) % 2:
        first, second = second, first
    return ReadingPair(image.id, first, second)


def read_kappa(project: Project) -> Kappa:
    """Judge the readers' agreement on ink over all doubly read pictures."""
    store = project.store
    items = store.queue.items(QueueRequest(QueueKind.ADJUDICATION, None))
    pairs = [_both(store.decisions.latest_by_reader(item.image_id)) for item in items]
    accepted = [
        (first.revision_id, second.revision_id)
        for first, second in (pair for pair in pairs if pair is not None)
        if first.verdict is second.verdict is Verdict.ACCEPTED
    ]
    records = store.masks.get_many({r for pair in accepted for r in pair if r is not None})
    # Accepting without any revision is accepting an empty mask.
    inked = [
        [r is not None and r in records and records[r].ink_px > project.min_ink_px for r in pair]
        for pair in accepted
    ]
    table = np.array(inked, np.bool_).reshape(-1, 2)
    return Kappa(kappa(table[:, 0], table[:, 1]), len(accepted), len(items) - len(accepted))


def _both(decisions: list[Decision]) -> tuple[Decision, Decision] | None:
    """Return the two readers' last blind decisions by their numbers; None while there are fewer than two."""
    last: dict[int, Decision] = {}
    for decision in sorted((d for d in decisions if d.purpose in _BLIND), key=lambda d: d.id or 0):
        last[decision.reader_id] = decision
    if len(last) < 2:
        return None
    first, second = sorted(last)[:2]
    return last[first], last[second]


def _mask_of(project: Project, decision: Decision, shape: tuple[int, int]) -> ReaderMask:
    mask = np.zeros(shape, np.bool_)
    if decision.verdict is not Verdict.REJECTED and decision.revision_id is not None:
        pixels = codec.decode(project.store.masks.load(decision.revision_id))
        mask = at_size(pixels, *shape)
    return ReaderMask(mask, decision.verdict, decision.revision_id)
