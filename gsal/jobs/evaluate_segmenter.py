"""Measure a segmenter, and the rules beside it, on patients it was not trained on."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from gsal.errors import ModelError
from gsal.images.geometry import resize_mask
from gsal.jobs.mask_making import load_masks, mask_set_named
from gsal.jobs.mask_starts import Start, starts_of
from gsal.jobs.model_files import ready_models
from gsal.masks import codec
from gsal.masks.evaluation import MaskPair, PictureScore, SegmenterEvaluation, evaluate, summarise
from gsal.masks.proportions import Proportion
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord, MaskRecord, MaskSet, ModelKind, ModelRecord

__all__ = ["EvaluateSegmenter"]

_MEANS = {
    "dice": "Dice, mean",
    "iou": "IoU, mean",
    "nsd": "NSD at 2 px of 448, mean",
    "hd95": "HD95, px of 448",
}
_SHARES = {"sensitivity": "Inked pictures found", "specificity": "Ink-free pictures left alone"}


@dataclass(frozen=True, slots=True)
class EvaluateSegmenter:
    """Compares masks at the size of the reference, picture by picture (SPEC 4).

    Attributes:
        model: Name of the segmenter.
        against: Mask set that counts as true: exact, adjudicated or human.
        judgements: Column of the labels that says whether a picture has ink; "" for none.
        locked_only: Whether only pictures of the locked validation set are measured.
    """

    kind: ClassVar[str] = "evaluate segmenter"
    model: str = "bisenet"
    against: str = MaskSet.EXACT
    judgements: str = ""
    locked_only: bool = False

    @property
    def title(self) -> str:
        """What it does, for people."""
        return f"Measuring {self.model}"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Measure; return the summary, that by what people's masks began from, figures, scores per picture.

        Raises:
            ModelError: No picture of an unseen patient has both masks, or the reference is none.
        """
        if self.against in {MaskSet.NETWORK, MaskSet.RULE, MaskSet.BEST}:
            raise ModelError(f"'{self.against}' masks are no reference; choose exact, adjudicated or human.")
        (model,) = ready_models(project, [self.model], ModelKind.SEGMENTER)
        truth = project.store.masks.best(None, mask_set_named(self.against))
        made = {
            i: m for i, m in project.store.masks.best(None, MaskSet.NETWORK).items() if m.model_id == model.id
        }
        if self.judgements:
            raise ModelError("Judgements of the labels are not measured yet; leave their column away.")
        images = [i for i in _unseen(project, model) if i.id in truth and i.id in made]
        if self.locked_only:
            members = {member.image_id for member in project.store.validation.members()}
            images = [image for image in images if image.id in members]
        if not images:
            raise ModelError(
                f"No picture of a patient unseen in training has both a mask of {self.model} and one of the "
                f"set '{self.against}'. Run `gsal segment`, and review or import masks of other patients."
            )
        pairs = _pairs(project, images, made, truth)
        result = evaluate(
            ctx.track(pairs, "Measuring masks", total=len(images)), min_ink_px=project.min_ink_px
        )
        summary = result.to_json()
        starts = starts_of(project, [truth[image.id] for image in images])
        scores = dict(zip((image.id for image in images), result.pictures, strict=True))
        return {
            "model": self.model,
            "against": self.against,
            "summary": {name: _headline(value) for name, value in summary.items()},
            "by_start": _by_start(scores, starts, min_ink_px=project.min_ink_px),
            "figures": _figures(result),
            "pictures": result.to_json(per_picture=True)["pictures"],
        }


def _unseen(project: Project, model: ModelRecord) -> list[ImageRecord]:
    """Return the pictures of patients that training and its early look never saw."""
    seen = {*model.run_card["training_images"], *model.run_card["validation_images"]}
    patients = project.store.images.patients()
    known = {patients[image_id] for image_id in seen}
    return [image for image in project.store.images.all() if patients[image.id] not in known]


def _pairs(
    project: Project,
    images: list[ImageRecord],
    made: Mapping[int, MaskRecord],
    truth: Mapping[int, MaskRecord],
) -> Iterator[MaskPair]:
    names = {image.id: image.path for image in images}
    for record, mask in load_masks(project, [truth[image.id] for image in images]):
        predicted = codec.decode(project.store.masks.load(made[record.image_id].id))
        height, width = mask.shape
        yield MaskPair(names[record.image_id], resize_mask(predicted, height=height, width=width), mask)


def _by_start(
    scores: Mapping[int, PictureScore], starts: Mapping[int, Start], *, min_ink_px: float
) -> dict[str, Any]:
    """Return pictures, Dice and the share of equal ink decisions for each start that occurs."""
    found = {}
    for start in Start:
        part = [scores[image_id] for image_id, one in starts.items() if one is start]
        if part:
            summary = summarise(part, min_ink_px=min_ink_px).to_json()
            found[str(start)] = {name: summary[name] for name in ("n", "dice", "same_decision")}
    return found


def _figures(result: SegmenterEvaluation) -> list[dict[str, Any]]:
    """Return metric, value, interval and n: what a report shows."""
    rows = []
    for name, words in _MEANS.items():
        mean = getattr(result, name)
        rows.append({"metric": words, "value": _or_none(mean.mean), "low": None, "high": None, "n": mean.n})
    for name, words in _SHARES.items():
        share: Proportion = getattr(result, name)
        rows.append(
            {
                "metric": words,
                "value": _or_none(share.estimate),
                "low": _or_none(share.low),
                "high": _or_none(share.high),
                "n": share.n,
            }
        )
    return rows


def _headline(value: object) -> object:
    """Return the one number of a figure."""
    if isinstance(value, dict):
        return value.get("mean", value.get("estimate"))
    return value


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value
