"""Which pictures judge a segmenter, and what is true of each (SPEC 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gsal.errors import ModelError
from gsal.jobs.masks.making import mask_set_named
from gsal.jobs.reading.agreement import blind_readings
from gsal.masks.human_level import majority
from gsal.project import Project
from gsal.records import Decision, ImageRecord, InkRule, MaskRecord, MaskSet, ModelRecord, Verdict

__all__ = ["EvaluationChoice", "choose_evaluation"]

_REFERENCES = (MaskSet.EXACT, MaskSet.ADJUDICATED, MaskSet.HUMAN)
_ANSWERS = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class EvaluationChoice:
    """Pictures of patients that training never saw, with their masks.

    Attributes:
        model: What is judged.
        images: Those with a mask of the network, and a reference mask or a judgement.
        patients: Whose every picture of the project is.
        made: The network's masks, by picture.
        rules: The masks of all three rules, by picture; pictures that lack one are absent.
        truth: Reference masks, by picture; absent where there is a judgement only.
        is_inked: What is true where something else than the reference mask says it; None where nobody does.
        readings: Accepted without knowing of the other, of two readers or more, by picture.
        unmasked: Pictures left out as the network has no mask of them.
        not_judged: Pictures with masks whose judgement is neither yes nor no.
        tied: Pictures left out: their readers are tied on ink, and nobody adjudicated.
    """

    model: ModelRecord
    images: tuple[ImageRecord, ...]
    patients: Mapping[int, str]
    made: Mapping[int, MaskRecord]
    rules: Mapping[int, Mapping[str, MaskRecord]]
    truth: Mapping[int, MaskRecord]
    is_inked: Mapping[int, bool | None]
    readings: Mapping[int, Sequence[Decision]]
    unmasked: int
    not_judged: int
    tied: int


def choose_evaluation(
    project: Project, model: ModelRecord, *, against: str, judgements: str, locked_only: bool
) -> EvaluationChoice:
    """Choose the pictures.

    Where several readers looked at a picture and human masks are the reference, their majority says whether
    it is inked; tied readers leave it to the adjudicated mask, and without one the picture is left out.

    Args:
        project: Whose pictures.
        model: A segmenter.
        against: Mask set that counts as true: exact, adjudicated or human.
        judgements: Column of the labels table that says yes or no to ink, in place of the masks; "" for none.
        locked_only: Whether only pictures of the locked validation set count.

    Raises:
        ModelError: Nothing can be measured; the text says what is missing and what to do.
    """
    mask_set = mask_set_named(against)
    if mask_set not in _REFERENCES:
        raise ModelError(f"'{against}' masks are no reference; choose exact, adjudicated or human.")
    patients = project.store.images.patients()
    images = _unseen(model, _pictures(project, locked_only=locked_only), patients)
    made = project.store.masks.by_model(model.id)
    masked = [image for image in images if image.id in made]
    if not masked:
        raise ModelError(
            f"{model.name} has masked none of the {len(images)} pictures of patients it never learned from. "
            f"Run `gsal segment --model {model.name}` first."
        )
    truth = project.store.masks.best(None, mask_set)
    readings = _accepted(project)
    is_inked: dict[int, bool | None] = {}
    tied: set[int] = set()
    if judgements:
        is_inked = _judged(masked, judgements)
        usable = [image for image in masked if image.id in truth or is_inked[image.id] is not None]
    else:
        if mask_set is MaskSet.HUMAN:
            is_inked, tied = _agreed(project, readings, truth)
        usable = [image for image in masked if image.id in truth and image.id not in tied]
    if not usable:
        raise ModelError(_nothing(model, mask_set, judgements, len(masked)))
    return EvaluationChoice(
        model=model,
        images=tuple(usable),
        patients=patients,
        made=made,
        rules={i: one for i, one in project.store.masks.by_rule().items() if len(one) == len(InkRule)},
        truth=truth,
        is_inked=is_inked,
        readings={image.id: readings[image.id] for image in masked if image.id in readings},
        unmasked=len(images) - len(masked),
        not_judged=sum(is_inked[image.id] is None for image in masked) if judgements else 0,
        tied=sum(image.id in tied for image in masked),
    )


def _pictures(project: Project, *, locked_only: bool) -> list[ImageRecord]:
    if not locked_only:
        return project.store.images.all()
    found = project.store.validation.get()
    if found is None or found.locked is None:
        raise ModelError(
            "The validation set is not locked, so there is nothing that no network has learned from. Lock it "
            "with `gsal validation lock`, or measure on all pictures of unseen patients."
        )
    members = [member.image_id for member in project.store.validation.members()]
    return sorted(project.store.images.get_many(members), key=lambda image: image.id)


def _unseen(
    model: ModelRecord, images: Sequence[ImageRecord], patients: Mapping[int, str]
) -> list[ImageRecord]:
    """Return the pictures of patients that training and its early look never saw."""
    card = model.run_card
    seen = {*card.get("training_images", ()), *card.get("validation_images", ())}
    known = {patients[image_id] for image_id in seen}
    unseen = [image for image in images if patients[image.id] not in known]
    if not unseen:
        raise ModelError(
            f"{model.name} learned from every patient of these {len(images)} pictures, so they cannot judge "
            "it. Import pictures of other patients, or train another network on fewer."
        )
    return unseen


def _accepted(project: Project) -> dict[int, list[Decision]]:
    """Return the accepted blind readings of the pictures with two or more of them."""
    accepted = {
        image_id: [one for one in found if one.verdict is Verdict.ACCEPTED]
        for image_id, found in blind_readings(project).items()
    }
    return {image_id: found for image_id, found in accepted.items() if len(found) > 1}


def _judged(images: Sequence[ImageRecord], column: str) -> dict[int, bool | None]:
    """Return what the labels table says of each picture."""
    columns = sorted({name for image in images for name in image.extra})
    if column not in columns:
        raise ModelError(
            f"The labels table has no column {column}; it has {', '.join(columns) or 'no other columns'}. "
            "Import the pictures again with a labels table that has it."
        )
    judged = {image.id: _ANSWERS.get(image.extra.get(column, "").strip().lower()) for image in images}
    if all(one is None for one in judged.values()):
        raise ModelError(
            f"Column {column} says neither yes nor no of any of the {len(images)} pictures that could be "
            "measured. Judgements on ink are written yes or no."
        )
    return judged


def _agreed(
    project: Project, readings: Mapping[int, Sequence[Decision]], truth: dict[int, MaskRecord]
) -> tuple[dict[int, bool | None], set[int]]:
    """Return what several readers say of ink, and where they are tied; adjudicated masks become the truth."""
    revisions = {one.revision_id for found in readings.values() for one in found if one.revision_id}
    records = project.store.masks.get_many(revisions)
    adjudicated = project.store.masks.best(list(readings), MaskSet.ADJUDICATED)
    inked = {number for number, record in records.items() if record.ink_px > project.min_ink_px}
    agreed: dict[int, bool | None] = {}
    tied = set()
    for image_id, found in readings.items():
        says = majority(one.revision_id in inked for one in found)
        if says is not None:
            agreed[image_id] = says
        elif image_id in adjudicated:
            truth[image_id] = adjudicated[image_id]
        else:
            tied.add(image_id)
    return agreed, tied


def _nothing(model: ModelRecord, mask_set: MaskSet, judgements: str, masked: int) -> str:
    if judgements:
        return f"None of the {masked} pictures that {model.name} has masked is judged in column {judgements}."
    return (
        f"None of the {masked} pictures of unseen patients that {model.name} has masked has a mask of the "
        f"set '{mask_set}'. Review some of them, or import masks; or name a column of the labels table that "
        "says whether a picture is inked (--judgements)."
    )
