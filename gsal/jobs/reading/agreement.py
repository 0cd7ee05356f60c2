"""How well readers agree with each other, and each with themselves, over the pictures of a project."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

import numpy as np

from gsal.arrays import Mask
from gsal.errors import NotFoundError
from gsal.images.geometry import resize_mask
from gsal.masks import codec
from gsal.masks.agreement import kappa
from gsal.masks.reader_agreement import Figures, OverallAgreement, figures, measured, overall
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import Decision, ImageRecord, Purpose, Verdict

__all__ = [
    "Kappa",
    "PairAgreement",
    "ReaderAgreement",
    "ReaderMask",
    "ReadingPair",
    "blind_readings",
    "read_agreement",
    "read_kappa",
    "read_pair",
]

_BLIND = (Purpose.VALIDATION, Purpose.SECOND_READING)

DecisionPair: TypeAlias = tuple[Decision, Decision]


@dataclass(frozen=True, slots=True, eq=False)
class ReaderMask:
    """One reader's last word on a picture.

    Attributes:
        mask: (H, W) bool as it was kept; None where the reader rejected all or left none.
        verdict: What was decided.
        revision_id: Of the mask; None where none was left.
    """

    mask: Mask | None
    verdict: Verdict
    revision_id: int | None


@dataclass(frozen=True, slots=True, eq=False)
class ReadingPair:
    """Two readings of one picture; which reader is first is the picture's secret, not the reader's rank.

    Attributes:
        image_id: The picture.
        first, second: What the two who read it last left.
        n_readings: How many readers read it; more than two where some are left aside here.
    """

    image_id: int
    first: ReaderMask
    second: ReaderMask
    n_readings: int


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa on ink or no ink, over every two readers of every picture that several have read.

    Attributes:
        value: NaN where undefined.
        n: Pairs of readings in which both readers accepted a mask.
        left_out: Pairs in which one did not.
        n_pictures: Pictures that the n are of.
    """

    value: float
    n: int
    left_out: int
    n_pictures: int


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two readers over the pictures both have read; or one reader's first look and the repeat.

    Attributes:
        first, second: Their names; the same name twice for one reader's two looks.
        left_out: Pictures that both read but that one accepted no mask of.
        overall: Their agreement on the others.
    """

    first: str
    second: str
    left_out: int
    overall: OverallAgreement


@dataclass(frozen=True, slots=True)
class ReaderAgreement:
    """All readers of a project.

    Attributes:
        between: Every two readers who read a picture in common, by name.
        within: Every reader who was shown a picture again, by name.
    """

    between: tuple[PairAgreement, ...]
    within: tuple[PairAgreement, ...]


def read_pair(project: Project, image: ImageRecord) -> ReadingPair:
    """Read the last masks of the two readers who read a picture last.

    Raises:
        NotFoundError: Fewer than two readers decided about it.
        ProjectDamaged: A mask is damaged.
    """
    last = _last_by_reader(project.store.decisions.latest_by_reader(image.id))
    if len(last) < 2:
        raise NotFoundError(f"{image.name}: fewer than two readers have read this picture. Read it first.")
    decisions = sorted(sorted(last.values(), key=_number)[-2:], key=lambda one: one.reader_id)
    # Were the first always the same person, one would soon know who it is.
    if int(image.sha256[20:22], 16) % 2:
        decisions.reverse()
    first, second = (_mask_of(project, decision) for decision in decisions)
    return ReadingPair(image.id, first, second, len(last))


def read_kappa(project: Project) -> Kappa:
    """Judge the readers' agreement on ink over all pictures that two or more have read."""
    pairs = _between(project.store.decisions.latest_for(_BLIND))
    accepted = [pair for pair in pairs if _are_accepted(pair)]
    wanted = {one.revision_id for pair in accepted for one in pair if one.revision_id is not None}
    records = project.store.masks.get_many(wanted)
    inked_ids = {number for number, record in records.items() if record.ink_px > project.min_ink_px}
    # Accepting without any revision is accepting an empty mask.
    inked = np.array([[one.revision_id in inked_ids for one in pair] for pair in accepted], np.bool_)
    table = inked.reshape(-1, 2)
    return Kappa(
        kappa(table[:, 0], table[:, 1]),
        len(accepted),
        len(pairs) - len(accepted),
        len({first.image_id for first, _ in accepted}),
    )


def read_agreement(project: Project, ctx: JobContext) -> ReaderAgreement:
    """Compare all masks of every two readers, and those of each reader's first look and the repeat.

    Raises:
        JobCancelled: The user asked to stop.
        ProjectDamaged: A mask is damaged.
    """
    decisions = project.store.decisions.latest_for((*_BLIND, Purpose.REPEAT))
    between, within = _between(decisions), _within(decisions)
    compared: dict[DecisionPair, Figures] = {}
    for pair in ctx.track([*between, *within], "Comparing readings"):
        if _are_accepted(pair):
            compared[pair] = _compare(project, pair)
    names = {reader.id: reader.name for reader in project.store.readers.all()}
    return ReaderAgreement(_summaries(between, compared, names), _summaries(within, compared, names))


def blind_readings(project: Project) -> dict[int, list[Decision]]:
    """Return by picture each reader's last blind decision, in the order of the readers' numbers."""
    return _by_image(project.store.decisions.latest_for(_BLIND))


def _by_image(decisions: Iterable[Decision]) -> dict[int, list[Decision]]:
    by_image: defaultdict[int, list[Decision]] = defaultdict(list)
    for decision in decisions:
        by_image[decision.image_id].append(decision)
    readings = {}
    for image_id, found in by_image.items():
        last = _last_by_reader(found)
        readings[image_id] = [last[reader] for reader in sorted(last)]
    return readings


def _between(decisions: Iterable[Decision]) -> list[DecisionPair]:
    """Return every two readers' last blind decisions on each picture; the lower number of a reader first."""
    pairs: list[DecisionPair] = []
    for found in _by_image(decisions).values():
        pairs += combinations(found, 2)
    return pairs


def _within(decisions: Iterable[Decision]) -> list[DecisionPair]:
    """Return each reader's blind decision on a picture with the repeat."""
    first: dict[tuple[int, int], Decision] = {}
    again: dict[tuple[int, int], Decision] = {}
    for decision in sorted(decisions, key=_number):
        looks = again if decision.purpose is Purpose.REPEAT else first
        looks[decision.reader_id, decision.image_id] = decision
    return [(first[key], repeat) for key, repeat in again.items() if key in first]


def _last_by_reader(decisions: Iterable[Decision]) -> dict[int, Decision]:
    # Who flagged a picture in a review has read it as its first reader.
    readings = (
        one
        for one in decisions
        if one.purpose in _BLIND or (one.purpose is Purpose.REVIEW and one.verdict is Verdict.FLAGGED)
    )
    return {one.reader_id: one for one in sorted(readings, key=_number)}


def _number(decision: Decision) -> int:
    return decision.id or 0


def _are_accepted(pair: DecisionPair) -> bool:
    return all(one.verdict is Verdict.ACCEPTED for one in pair)


def _mask_of(project: Project, decision: Decision) -> ReaderMask:
    is_left = decision.verdict is not Verdict.REJECTED
    return ReaderMask(_load(project, decision) if is_left else None, decision.verdict, decision.revision_id)


def _load(project: Project, decision: Decision) -> Mask | None:
    number = decision.revision_id
    return None if number is None else codec.decode(project.store.masks.load(number))


def _compare(project: Project, pair: DecisionPair) -> Figures:
    """Compare two accepted masks at the size of the first; accepting without a mask is accepting none."""
    first, second = (_load(project, decision) for decision in pair)
    shape = next((mask.shape for mask in (first, second) if mask is not None), (1, 1))
    sized = (_at_size(mask, *shape) for mask in (first, second))
    return figures(*(measured(mask, min_ink_px=project.min_ink_px) for mask in sized))


def _at_size(mask: Mask | None, height: int, width: int) -> Mask:
    if mask is None:
        return np.zeros((height, width), np.bool_)
    return mask if mask.shape == (height, width) else resize_mask(mask, height=height, width=width)


def _summaries(
    pairs: Iterable[DecisionPair], compared: dict[DecisionPair, Figures], names: dict[int, str]
) -> tuple[PairAgreement, ...]:
    by_readers: defaultdict[tuple[str, str], list[Figures | None]] = defaultdict(list)
    for pair in pairs:
        first, second = (names[one.reader_id] for one in pair)
        by_readers[first, second].append(compared.get(pair))
    summaries = []
    for (first, second), found in sorted(by_readers.items()):
        done = [one for one in found if one is not None]
        summaries.append(PairAgreement(first, second, len(found) - len(done), overall(done)))
    return tuple(summaries)
