"""Comparing one picture's masks, the network's and those of the rules, with its reference."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from gsal.arrays import FloatArray, Mask
from gsal.errors import ImageError
from gsal.images.geometry import fitted, resize_image, working_shape
from gsal.jobs.evaluation.choice import EvaluationChoice
from gsal.jobs.masks.making import read_picture
from gsal.jobs.masks.starts import Start
from gsal.masks import codec, probabilities
from gsal.masks.agreement import Outline
from gsal.masks.evaluation import MaskPair, PictureScore, judged, score
from gsal.masks.ink_colour import ink_colour
from gsal.masks.pick import VOTES, automatic_pick, decision_px
from gsal.masks.strata import NO_INK, Traits
from gsal.masks.stroke_width import stroke_width_px
from gsal.masks.threshold_curve import ink_by_threshold
from gsal.project import Project
from gsal.records import ImageRecord, InkRule, MaskRecord

__all__ = ["MAJORITY", "PICKED", "ScoredPicture", "score_picture"]

MAJORITY = "2 of 3"
"""Pixels that two of three rules call ink; the picture is inked where two of three rules say so."""

PICKED = "automatic pick"
"""What the rules come to without a reader, `gsal.masks.pick.automatic_pick`: what a network learns from."""

_NAN = float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class ScoredPicture:
    """One picture's scores.

    Attributes:
        image: The picture.
        patient: Whose it is.
        network: The network's score.
        beside: Those of the three rules, of their majority and of the automatic pick; empty where a rule is
            missing.
        ink: Of the network at each threshold, see `ink_by_threshold`; None where none were kept.
        traits: What it may be grouped by.
        is_unreadable: Whether its file could not be read, so that the ink's colour is not known.
    """

    image: ImageRecord
    patient: str
    network: PictureScore
    beside: Mapping[str, PictureScore]
    ink: FloatArray | None
    traits: Traits
    is_unreadable: bool


def score_picture(
    project: Project, choice: EvaluationChoice, image: ImageRecord, start: Start | None
) -> ScoredPicture:
    """Compare all masks of a picture at the size of the reference, at most 1024 px, or with a judgement.

    Args:
        project: Whose.
        choice: What is compared with what.
        image: The picture.
        start: What the reference mask began from, where it is a person's.

    Raises:
        ProjectDamaged: A mask is damaged.
    """
    reference = choice.truth.get(image.id)
    is_inked = choice.is_inked.get(image.id)
    if reference is None:
        network, beside = _of_judgement(project, choice, image, is_inked=bool(is_inked))
        colour, width_px, is_unreadable = "", _NAN, False
    else:
        truth = _at_working_size(_load(project, reference))
        network, beside = _of_mask(project, choice, image, truth)
        if image.id in choice.is_inked:
            network = replace(network, is_inked=is_inked)
            beside = {name: replace(one, is_inked=is_inked) for name, one in beside.items()}
        width_px = stroke_width_px(truth)
        colour, is_unreadable = _colour(project, image, truth)
    return ScoredPicture(
        image=image,
        patient=choice.patients[image.id],
        network=network,
        beside=beside,
        ink=_ink(project, choice.made[image.id]),
        traits=Traits(
            label=image.label or "",
            colour=colour,
            stroke_width_px=width_px,
            long_side_px=max(image.width, image.height),
            start="" if start is None else str(start),
        ),
        is_unreadable=is_unreadable,
    )


def _of_judgement(
    project: Project, choice: EvaluationChoice, image: ImageRecord, *, is_inked: bool
) -> tuple[PictureScore, dict[str, PictureScore]]:
    ink = {"": choice.made[image.id].ink_px}
    if rules := choice.rules.get(image.id):
        ink |= {name: record.ink_px for name, record in rules.items()}
        ink[MAJORITY] = ink[PICKED] = decision_px([record.ink_px for record in rules.values()])
    scores = {
        name: judged(image.path, predicted_ink_px=one, is_inked=is_inked, min_ink_px=project.min_ink_px)
        for name, one in ink.items()
    }
    return scores.pop(""), scores


def _of_mask(
    project: Project, choice: EvaluationChoice, image: ImageRecord, truth: Mask
) -> tuple[PictureScore, dict[str, PictureScore]]:
    height, width = truth.shape
    truth_ink_px = choice.truth[image.id].ink_px
    outline = Outline(truth)

    def scored(mask: Mask, ink_px: float | None = None) -> PictureScore:
        predicted = fitted(mask, height=height, width=width)
        pair = MaskPair(image.path, predicted, truth, ink_px, truth_ink_px, outline)
        return score(pair, min_ink_px=project.min_ink_px)

    made = choice.made[image.id]
    network = scored(_load(project, made), made.ink_px)
    rules = choice.rules.get(image.id, {})
    masks = {InkRule(name): _load(project, record) for name, record in rules.items()}
    beside = {str(name): scored(mask, rules[name].ink_px) for name, mask in masks.items()}
    if masks:
        votes = np.asarray(np.sum(list(masks.values()), axis=0, dtype=np.uint8))
        px = decision_px([record.ink_px for record in rules.values()])
        common = {MAJORITY: votes >= VOTES, PICKED: automatic_pick(masks, min_ink_px=project.min_ink_px)}
        for name, mask in common.items():
            is_inked = px > project.min_ink_px
            beside[name] = replace(scored(mask), decision_px=px, is_predicted_inked=is_inked)
    return network, beside


def _colour(project: Project, image: ImageRecord, truth: Mask) -> tuple[str, bool]:
    """Return the name of the ink's colour, and whether the picture could not be read for it."""
    if not truth.any():
        return NO_INK, False
    try:
        picture = read_picture(project, image)
    except ImageError:
        return "", True
    height, width = truth.shape
    return str(ink_colour(resize_image(picture, height=height, width=width), truth)), False


def _ink(project: Project, made: MaskRecord) -> FloatArray | None:
    kept = project.store.masks.probabilities(made.id)
    return None if kept is None else ink_by_threshold(probabilities.decode(kept))


def _at_working_size(mask: Mask) -> Mask:
    height, width = working_shape(*mask.shape)
    return fitted(mask, height=height, width=width)


def _load(project: Project, record: MaskRecord) -> Mask:
    return codec.decode(project.store.masks.load(record.id))
