"""A segmenter beside people: the share at human level, and every two readers with each other (SPEC 4)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from gsal.images.geometry import fitted
from gsal.jobs.evaluation.choice import EvaluationChoice
from gsal.masks import codec
from gsal.masks.agreement import kappa, kappa_interval
from gsal.masks.evaluation import agreed
from gsal.masks.figures import Resampled, resample
from gsal.masks.human_level import HumanLevel, Read, human_level, read
from gsal.masks.paired import difference
from gsal.masks.proportions import wilson
from gsal.masks.reader_agreement import Measured, measured
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import Decision, MaskRecord, MaskSet

__all__ = ["BesideReaders", "read_beside_readers"]

_MEASURES = ("dice", "nsd")

_ReadTwice = tuple[int, Read, bool, bool]
"""A picture, the network beside its two readers, and whether each of them says it is inked."""


@dataclass(frozen=True, slots=True)
class BesideReaders:
    """What several readers of the same pictures say of a network.

    Attributes:
        level: Shares at human level; None without a picture that two readers read.
        pairs: Every two readers, JSON-ready: how they agree, how the network does with them, the difference.
    """

    level: HumanLevel | None
    pairs: tuple[dict[str, Any], ...]


def read_beside_readers(
    project: Project, choice: EvaluationChoice, ctx: JobContext, *, draws: int, seed: int
) -> BesideReaders:
    """Compare the network's masks with those of every reader, on pictures that two or more have read.

    Raises:
        JobCancelled: The user asked to stop.
        ProjectDamaged: A mask is damaged.
    """
    adjudicated = project.store.masks.best(list(choice.readings), MaskSet.ADJUDICATED)
    names = {reader.id: reader.name for reader in project.store.readers.all()}
    reads: list[Read] = []
    by_pair: defaultdict[str, list[_ReadTwice]] = defaultdict(list)
    for image_id, decisions in ctx.track(choice.readings.items(), "Comparing with readers"):
        model, *readers = _masks(project, choice.made[image_id], decisions)
        decided = adjudicated.get(image_id)
        is_inked = None if decided is None else decided.ink_px > project.min_ink_px
        reads.append(read(model, readers, adjudicated=is_inked))
        for (one, first), (other, second) in combinations(zip(decisions, readers, strict=True), 2):
            subject = f"{names[one.reader_id]} and {names[other.reader_id]}"
            both = read(model, [first, second], adjudicated=is_inked)
            by_pair[subject].append((image_id, both, first.is_inked, second.is_inked))
    pairs = (
        _pair(subject, found, choice.patients, draws=draws, seed=seed)
        for subject, found in sorted(by_pair.items())
    )
    return BesideReaders(human_level(reads), tuple(pairs))


def _masks(project: Project, made: MaskRecord, decisions: Sequence[Decision]) -> Iterator[Measured]:
    """Yield the network's mask, then the readers', at the size of the first; no mask is an empty one."""
    numbers = [one.revision_id for one in decisions]
    records = project.store.masks.get_many(number for number in numbers if number is not None)
    encoded = project.store.masks.load_many([made.id, *records])
    masks = {number: codec.decode(one) for number, one in encoded.items()}
    height, width = next((masks[n].shape for n in numbers if n is not None), masks[made.id].shape)
    for number in (made.id, *numbers):
        mask = masks[number] if number is not None else np.zeros((height, width), np.bool_)
        ink_px = (records | {made.id: made})[number].ink_px if number is not None else 0.0
        sized = measured(fitted(mask, height=height, width=width), min_ink_px=project.min_ink_px)
        yield replace(sized, ink_px=ink_px, is_inked=ink_px > project.min_ink_px)


def _pair(
    subject: str, found: Sequence[_ReadTwice], patients: Mapping[int, str], *, draws: int, seed: int
) -> dict[str, Any]:
    whose = [patients[image_id] for image_id, *_ in found]

    def resampled(who: str) -> Resampled:
        scores = [
            agreed(str(image_id), dice=getattr(one, f"{who}_dice"), nsd=getattr(one, f"{who}_nsd"))
            for image_id, one, *_ in found
        ]
        return resample(scores, whose, draws=draws, seed=seed)

    people, model = resampled("human"), resampled("model")
    apart = difference(model, people)
    says = [first for *_, first, _ in found], [second for *_, second in found]
    low, high = kappa_interval(*says, draws=draws, seed=seed)
    return {
        "subject": subject,
        "n": len(found),
        **{name: asdict(people.estimate(name)) for name in _MEASURES},
        "same_decision": asdict(wilson(sum(one.is_unanimous for _, one, *_ in found), len(found))),
        "kappa": {
            "estimate": kappa(*says),
            "low": low,
            "high": high,
            "n": len(found),
            "method": f"bootstrap of pictures, percentiles, 95 %, {draws:,} draws",
        },
        "model": {name: asdict(model.estimate(name)) for name in _MEASURES},
        "difference": {name: asdict(apart[name]) for name in _MEASURES},
    }
