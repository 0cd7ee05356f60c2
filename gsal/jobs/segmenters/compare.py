"""Two networks' masks on the same pictures, against the same masks of people."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gsal.arrays import Mask
from gsal.images.geometry import fitted
from gsal.jobs.masks.making import load_masks
from gsal.masks import codec
from gsal.masks.evaluation import MaskPair, PictureScore, score
from gsal.masks.figures import Estimate, resample
from gsal.masks.paired import Difference, difference
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord, MaskRecord, MaskSet, ModelRecord

__all__ = ["Judged", "compare", "judged_pictures"]

_PEOPLE = (MaskSet.HUMAN, MaskSet.ADJUDICATED)

_METRICS = ("dice", "nsd", "sensitivity", "specificity")


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """The pictures that two networks are compared on.

    Attributes:
        images: Pictures of patients neither has seen, with a person's mask; without any, with an exact one.
        truth: Their masks.
        words: Which these are; "" when there are none.
    """

    images: tuple[ImageRecord, ...]
    truth: Mapping[int, MaskRecord]
    words: str


def judged_pictures(project: Project, models: Sequence[ModelRecord]) -> Judged:
    """Return what all these networks can be judged on: of the locked validation set, if one is locked."""
    store = project.store
    patients = store.images.patients()
    seen = {
        patients[image_id]
        for model in models
        for side in ("training_images", "validation_images")
        for image_id in model.run_card.get(side, ())
    }
    unseen = [image for image in store.images.all() if patients[image.id] not in seen]
    validation = store.validation.get()
    is_locked = validation is not None and validation.locked is not None
    if is_locked:
        members = {member.image_id for member in store.validation.members()}
        unseen = [image for image in unseen if image.id in members]
    people: dict[int, MaskRecord] = {}
    for mask_set in _PEOPLE:
        people |= store.masks.best(None, mask_set)
    exact = store.masks.best(None, MaskSet.EXACT)
    truth = people if any(image.id in people for image in unseen) else exact
    images = tuple(image for image in unseen if image.id in truth)
    return Judged(images, truth, _words(len(images), is_locked=is_locked, is_people=truth is people))


def _words(n: int, *, is_locked: bool, is_people: bool) -> str:
    if not n:
        return ""
    counted = "1 picture" if n == 1 else f"{n:,} pictures"
    masks = "people's" if is_people else "exact"
    if is_locked:
        return f"{counted} of the locked validation set, against {masks} masks"
    return f"{counted} of patients that neither has seen, against {masks} masks (no validation set is locked)"


def compare(
    project: Project, judged: Judged, before: ModelRecord, after: ModelRecord, ctx: JobContext
) -> dict[str, Any]:
    """Score both networks' masks, which have to be there.

    Returns:
        "before" and "after": estimate, interval and n by metric; "difference": after minus before.
    """
    pairs = _scored(project, judged, before, after)
    scores = list(ctx.track(pairs, "Comparing masks", total=len(judged.images)))
    patients = project.store.images.patients()
    whose = [patients[image.id] for image in judged.images]
    old, new = (resample([pair[side] for pair in scores], whose) for side in (0, 1))
    apart = difference(new, old)
    return {
        "before": {metric: _figure(old.estimate(metric)) for metric in _METRICS},
        "after": {metric: _figure(new.estimate(metric)) for metric in _METRICS},
        "difference": {metric: _figure(apart[metric]) for metric in _METRICS},
    }


def _scored(
    project: Project, judged: Judged, before: ModelRecord, after: ModelRecord
) -> Iterator[tuple[PictureScore, PictureScore]]:
    masks = project.store.masks
    old, new = masks.by_model(before.id), masks.by_model(after.id)
    records = [judged.truth[image.id] for image in judged.images]
    for record, truth in load_masks(project, records):
        first, second = (_score(project, made[record.image_id], record, truth) for made in (old, new))
        yield first, second


def _score(project: Project, made: MaskRecord, record: MaskRecord, truth: Mask) -> PictureScore:
    height, width = truth.shape
    predicted = fitted(codec.decode(project.store.masks.load(made.id)), height=height, width=width)
    pair = MaskPair(str(made.image_id), predicted, truth, made.ink_px, record.ink_px)
    return score(pair, min_ink_px=project.min_ink_px)


def _figure(value: Estimate | Difference) -> dict[str, Any]:
    """Return a figure JSON-ready: undefined is None."""
    fields = asdict(value)
    return {name: None if isinstance(x, float) and math.isnan(x) else x for name, x in fields.items()}
