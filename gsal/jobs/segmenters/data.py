"""Which pictures and masks a segmenter learns from, and which it must never see."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from gsal.errors import ModelError
from gsal.jobs.pictures.locked import without_locked
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord, InkRule, MaskRecord, MaskSet, MaskSource, Side

__all__ = ["TrainingMasks", "choose_training_masks"]

VALIDATION_SHARE = 0.15
MINIMUM_PICTURES = 8
_PEOPLES = (MaskSet.EXACT, MaskSet.ADJUDICATED, MaskSet.HUMAN)


@dataclass(frozen=True, slots=True)
class TrainingMasks:
    """Pictures with the masks to learn from, parted by patient.

    Attributes:
        training, validation: (picture, mask) pairs; no patient is on both sides.
        sources: How many masks came from where ("human": 12 ...), for the run card.
        n_split: Pictures left out because nobody has looked and the rules are split about any ink at all.
    """

    training: tuple[tuple[ImageRecord, MaskRecord], ...]
    validation: tuple[tuple[ImageRecord, MaskRecord], ...]
    sources: dict[str, int]
    n_split: int = 0

    def to_card(self) -> dict[str, Any]:
        """Return the choice as a run card keeps it."""
        return {
            "mask_sources": self.sources,
            "left_out_as_split": self.n_split,
            "training_images": [image.id for image, _ in self.training],
            "training_masks": [mask.id for _, mask in self.training],
            "validation_images": [image.id for image, _ in self.validation],
            "validation_masks": [mask.id for _, mask in self.validation],
        }

    @classmethod
    def from_card(cls, project: Project, card: Mapping[str, Any]) -> Self:
        """Return the choice that a run card keeps: the same revisions, whatever came after."""

        def pairs(side: str) -> tuple[tuple[ImageRecord, MaskRecord], ...]:
            masks = project.store.masks.get_many(card[f"{side}_masks"])
            images = project.store.images.get_many(card[f"{side}_images"])
            return tuple(zip(images, (masks[i] for i in card[f"{side}_masks"]), strict=True))

        split = card.get("left_out_as_split", 0)
        return cls(pairs("training"), pairs("validation"), card["mask_sources"], split)


def choose_training_masks(
    project: Project, mask_set: MaskSet, ctx: JobContext, *, max_pictures: int, seed: int
) -> TrainingMasks:
    """Choose pictures of the project's training side, a quarter of them ink-free where there are so many.

    Left out, and it is said how many, are those of the locked validation set and of its patients, and those
    with an automatic pick that only two of the three rules call inked: about half of these have ink, and a
    network would learn the rules' errors from them.

    Args:
        project: Whose pictures.
        mask_set: BEST means the most trusted mask of each picture that no network made; that of the rules
            only where no reader refused it. With RULE, patients with a human mask are left out: their masks
            can then judge the network.
        ctx: Told what is left out.
        max_pictures: At most so many in all; 0 for no bound.
        seed: Of the choice.

    Raises:
        ModelError: There are too few masks, or a network would learn from a network.
    """
    masks = _masks(project, mask_set)
    patients = project.store.images.patients()
    judged = _judged_patients(project, patients) if mask_set is MaskSet.RULE else set()
    training_side = (i for i in project.store.images.all() if i.side is not Side.VALIDATION)
    usable = (i for i in training_side if i.id in masks and patients[i.id] not in judged)
    images = without_locked(project, usable, ctx)
    if len(images) < MINIMUM_PICTURES:
        raise ModelError(
            f"Only {len(images)} pictures have a mask in the set '{mask_set}'; at least {MINIMUM_PICTURES} "
            "are needed. Run `gsal propose`, or review some pictures."
        )
    split = _split(project, images, masks)
    if len(images) - len(split) < MINIMUM_PICTURES:
        split = set()
    images = [image for image in images if image.id not in split]
    if split:
        ctx.notice(_split_words(len(split)))
    rng = np.random.default_rng(seed)
    chosen = _bounded(images, masks, project.min_ink_px, max_pictures, rng)
    drawn = rng.permutation(sorted({patients[image.id] for image in chosen}))
    held_out = set(drawn[: max(1, round(VALIDATION_SHARE * len(drawn)))])
    pairs = [(image, masks[image.id]) for image in chosen]
    return TrainingMasks(
        training=tuple(pair for pair in pairs if patients[pair[0].id] not in held_out),
        validation=tuple(pair for pair in pairs if patients[pair[0].id] in held_out),
        sources=dict(Counter(str(mask.source) for _, mask in pairs)),
        n_split=len(split),
    )


def _masks(project: Project, mask_set: MaskSet) -> dict[int, MaskRecord]:
    if mask_set is MaskSet.NETWORK:
        raise ModelError(
            "A network does not learn from a network's masks; choose human, exact or rule masks."
        )
    if mask_set is not MaskSet.BEST:
        return project.store.masks.best(None, mask_set)
    refused = project.store.masks.refused()
    rules = project.store.masks.best(None, MaskSet.RULE)
    masks = {image_id: mask for image_id, mask in rules.items() if image_id not in refused}
    for trusted_last in reversed(_PEOPLES):
        masks |= project.store.masks.best(None, trusted_last)
    return masks


def _split_words(count: int) -> str:
    return (
        f"{count} pictures that only two of the three rules call inked are left out; "
        "reviewing them teaches the network most."
    )


def _split(project: Project, images: list[ImageRecord], masks: Mapping[int, MaskRecord]) -> set[int]:
    """Return the pictures with an automatic pick that two rules call inked and one does not."""
    picked = [image.id for image in images if masks[image.id].source is MaskSource.AUTOMATIC_PICK]
    by_rule = project.store.masks.by_rule(picked)
    return {
        image_id
        for image_id, rules in by_rule.items()
        if len(rules) == len(InkRule)
        and sum(mask.ink_px > project.min_ink_px for mask in rules.values()) == len(InkRule) - 1
    }


def _judged_patients(project: Project, patients: Mapping[int, str]) -> set[str]:
    judged = {
        image_id
        for one in (MaskSet.HUMAN, MaskSet.ADJUDICATED)
        for image_id in project.store.masks.best(None, one)
    }
    return {patients[image_id] for image_id in judged}


def _bounded(
    images: list[ImageRecord],
    masks: dict[int, MaskRecord],
    min_ink_px: float,
    most: int,
    rng: np.random.Generator,
) -> list[ImageRecord]:
    """Return at most so many, three quarters of them inked at most (SPEC 3's recipe needs ink-free ones)."""
    if not most or len(images) <= most:
        return images
    shuffled = [images[i] for i in rng.permutation(len(images))]
    inked = [image for image in shuffled if masks[image.id].ink_px > min_ink_px]
    free = [image for image in shuffled if masks[image.id].ink_px <= min_ink_px]
    n_free = min(len(free), max(most // 4, most - len(inked)))
    return sorted([*inked[: most - n_free], *free[:n_free]], key=lambda image: image.id)
