"""Two networks' masks on the same pictures, against the same masks of people."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gsal.arrays import FloatArray, IntArray, Mask
from gsal.audit.patients import cluster_sums, clusters, percentile_interval, resampled_weights
from gsal.images.geometry import resize_mask
from gsal.jobs.mask_making import load_masks
from gsal.masks import codec
from gsal.masks.evaluation import MaskPair, PictureScore, score
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord, MaskRecord, MaskSet, ModelRecord

__all__ = ["Judged", "compare", "judged_pictures"]

_DRAWS = 2000
_METHOD = "bootstrap of whole patients, 95 %"
_PAIRED = "bootstrap of whole patients, pictures paired, 95 %"
_PEOPLE = (MaskSet.HUMAN, MaskSet.ADJUDICATED)

_METRICS: Mapping[str, Callable[[PictureScore], float]] = {
    "dice": lambda one: one.dice,
    "nsd": lambda one: one.nsd,
    "sensitivity": lambda one: float(one.is_predicted_inked) if one.is_inked else math.nan,
    "specificity": lambda one: math.nan if one.is_inked else float(not one.is_predicted_inked),
}


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
    codes = clusters(np.array([patients[image.id] for image in judged.images], dtype=np.str_))
    found: dict[str, dict[str, Any]] = {"before": {}, "after": {}, "difference": {}}
    for metric, value_of in _METRICS.items():
        values = np.array([[value_of(one) for one in pair] for pair in scores], np.float64)
        for name, figure in _figures(values.reshape(-1, 2), codes).items():
            found[name][metric] = figure
    return found


def _scored(
    project: Project, judged: Judged, before: ModelRecord, after: ModelRecord
) -> Iterator[tuple[PictureScore, PictureScore]]:
    masks = project.store.masks
    old, new = masks.by_model(before.id), masks.by_model(after.id)
    records = [judged.truth[image.id] for image in judged.images]
    for record, truth in load_masks(project, records):
        first, second = (_score(project, made[record.image_id], truth) for made in (old, new))
        yield first, second


def _score(project: Project, made: MaskRecord, truth: Mask) -> PictureScore:
    predicted = codec.decode(project.store.masks.load(made.id))
    height, width = truth.shape
    sized = resize_mask(predicted, height=height, width=width)
    return score(MaskPair(str(made.image_id), sized, truth), min_ink_px=project.min_ink_px)


def _figures(values: FloatArray, codes: IntArray) -> dict[str, dict[str, Any]]:
    """Return means of (n, 2) values over where each is defined, and their difference, with intervals."""
    known = ~np.isnan(values)
    filled = np.where(known, values, 0.0)
    sums = np.stack([cluster_sums(filled[:, side], codes) for side in (0, 1)], axis=1)
    counts = np.stack([cluster_sums(known[:, side].astype(np.float64), codes) for side in (0, 1)], axis=1)
    rng = np.random.default_rng(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        blocks = resampled_weights(len(sums), draws=_DRAWS, rng=rng)
        drawn = np.concatenate([(weights @ sums) / (weights @ counts) for weights in blocks])
        means = sums.sum(axis=0) / counts.sum(axis=0)
    n = known.sum(axis=0)
    figures = {
        name: _figure(means[side], drawn[:, side], int(n[side]), _METHOD)
        for side, name in enumerate(("before", "after"))
    }
    n_both = int(known.any(axis=1).sum())
    figures["difference"] = _figure(means[1] - means[0], drawn[:, 1] - drawn[:, 0], n_both, _PAIRED)
    return figures


def _figure(estimate: float, drawn: FloatArray, n: int, method: str) -> dict[str, Any]:
    low, high = percentile_interval(drawn)
    numbers = {"estimate": float(estimate), "low": low, "high": high}
    return {
        **{name: None if math.isnan(value) else value for name, value in numbers.items()},
        "n": n,
        "method": method,
    }
