"""Which pictures are explained for which runs: what is not stored, or rests on masks that have changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gsal.errors import GsalError
from gsal.jobs.cohorts.judged import judged_images
from gsal.jobs.pictures.variants import PictureVariant
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import (
    ImageRecord,
    MaskRecord,
    MaskSet,
    ModelRecord,
    SaliencyRun,
    SaliencyRunSettings,
    Variant,
)

__all__ = ["Look", "Plan", "Waiting", "basis_of", "make_plan", "rests_on"]


@dataclass(frozen=True, slots=True)
class Look:
    """One variant of a picture, which goes through the network once for all runs that lack it.

    Attributes:
        picture: As the network sees it.
        masks: The mask to aggregate over, by the number of each run that lacks this.
    """

    picture: PictureVariant
    masks: dict[int, MaskRecord]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A picture that some run lacks, and the variants of it that do; it is read once."""

    image: ImageRecord
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to do for one model.

    Attributes:
        runs: By number, in the order of variants, mask sets and methods.
        waiting: In the order of the pictures.
        pictures: How many are explained when nothing waits any more.
        found: How many pictures each run then has, by its number.
    """

    runs: dict[int, SaliencyRun]
    waiting: tuple[Waiting, ...]
    pictures: int
    found: dict[int, int]


def make_plan(
    project: Project, model: ModelRecord, wanted: Sequence[SaliencyRunSettings], ctx: JobContext
) -> Plan:
    """Begin the runs that are not there yet, and the predictions beside them, and return what they lack.

    Pictures without a mask in a set are left out of its runs: nobody knows whether they are inked. Other
    variants than the original are of pictures with ink.

    Args:
        project: Whose.
        model: The classifier.
        wanted: Settings of the runs.
        ctx: Where pictures that are left out are told.

    Raises:
        CohortError: There is no split yet.
        GsalError: No picture that judges the model has a mask in one of the sets.
    """
    images = judged_images(project, model)
    sets = dict.fromkeys(settings.mask_set for settings in wanted)
    masks = {name: _masks(project, model, images, name, ctx) for name in sets}
    looks: dict[int, dict[tuple[Variant, str], Look]] = {}
    runs, pictures, found = {}, set(), {}
    for settings in wanted:
        run = project.store.saliency.run(settings)
        project.store.predictions.add(model.id, [], variant=settings.variant, mask_set=rests_on(settings))
        stored = project.store.saliency.mask_hashes(run.id)
        shown = _shown(project, images, masks[settings.mask_set], settings.variant)
        runs[run.id], found[run.id] = run, len(shown)
        pictures |= {one.image.id for one, _ in shown}
        for one, mask in shown:
            if stored.get(one.image.id) != basis_of(one, mask):
                of_image = looks.setdefault(one.image.id, {})
                of_image.setdefault((one.variant, one.basis), Look(one, {})).masks[run.id] = mask
    waiting = tuple(Waiting(i, tuple(looks[i.id].values())) for i in images if i.id in looks)
    return Plan(runs, waiting, len(pictures), found)


def basis_of(picture: PictureVariant, mask: MaskRecord) -> str:
    """Return what a row rests on besides the picture's file: its mask, or all that its variant is made of."""
    return picture.basis or mask.sha256


def rests_on(settings: SaliencyRunSettings) -> str:
    """Return the mask set that predictions of a run's pictures rest on; "" for the pictures as they are."""
    return "" if settings.variant is Variant.ORIGINAL else settings.mask_set


def _masks(
    project: Project, model: ModelRecord, images: Sequence[ImageRecord], mask_set: str, ctx: JobContext
) -> Mapping[int, MaskRecord]:
    """Return the masks of pictures in a set, and say how many have none."""
    masks = project.store.masks.best([image.id for image in images], MaskSet(mask_set))
    if not masks:
        raise GsalError(
            f"None of the {len(images)} pictures that judge {model.name} has a mask in the set '{mask_set}'; "
            "choose another."
        )
    if len(masks) < len(images):
        ctx.notice(
            f"{len(images) - len(masks)} of the {len(images)} pictures that judge {model.name} have no mask "
            f"in the set '{mask_set}' and are left out."
        )
    return masks


def _shown(
    project: Project, images: Sequence[ImageRecord], masks: Mapping[int, MaskRecord], variant: Variant
) -> list[tuple[PictureVariant, MaskRecord]]:
    """Return the pictures of one variant, and the mask each is aggregated over."""
    masked = [(image, masks[image.id]) for image in images if image.id in masks]
    if variant is Variant.ORIGINAL:
        return [(PictureVariant(image), mask) for image, mask in masked]
    return [
        (PictureVariant(image, variant, mask), mask)
        for image, mask in masked
        if mask.ink_px > project.min_ink_px
    ]
