"""Which pictures a classifier is asked about, and in which variants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gsal.jobs.cohorts.judged import judged_images
from gsal.jobs.pictures.variants import Colour, PictureVariant, choose_donors, croppable
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord, MaskRecord, MaskSet, ModelRecord, Variant

__all__ = ["VariantPlan", "plan_variant"]


@dataclass(frozen=True, slots=True)
class VariantPlan:
    """What is asked about one variant.

    Attributes:
        mask_set: That it rests on; "" for the pictures as they are.
        waiting: Pictures whose answer is not stored, or is older than their mask.
        bases: What the answer of each picture rests on, by its number; those of `waiting` among them.
        left_out: How many pictures there is no such variant of, by the reason.
    """

    variant: Variant
    mask_set: str
    waiting: tuple[PictureVariant, ...]
    bases: dict[int, str]
    left_out: dict[str, int]

    @property
    def n(self) -> int:
        """Pictures whose answer is stored when nothing waits any more."""
        return len(self.bases)


def plan_variant(
    project: Project,
    model: ModelRecord,
    variant: Variant,
    ctx: JobContext,
    *,
    mask_set: MaskSet,
    seed: int = 0,
    fill: Colour | None = None,
) -> VariantPlan:
    """Return what has to be predicted so that all pictures that have this variant are stored.

    Args:
        project: Whose pictures.
        model: The classifier.
        variant: Of the pictures.
        ctx: Where to report.
        mask_set: That says which pixels are ink.
        seed: Chooses donors of ink.
        fill: Colour of what is ablated alike.
    """
    images = judged_images(project, model)
    masks = project.store.masks.best([image.id for image in images], mask_set)
    left_out: dict[str, int]
    if variant is Variant.ORIGINAL:
        wanted, left_out = [PictureVariant(image) for image in images], {}
    elif variant is Variant.PASTED:
        wanted, left_out = _pasted(project, images, masks, seed)
    else:
        wanted, left_out = _of_inked(project, images, masks, variant, fill)
    rests_on = "" if variant is Variant.ORIGINAL else str(mask_set)
    bases = {one.image.id: one.basis for one in wanted}
    stored = project.store.predictions.all(model.id, variant=variant, mask_set=rests_on, bases=bases)
    waiting = [one for one in wanted if one.image.id not in stored]
    if variant is Variant.CROPPED and waiting:
        checked = list(ctx.track(croppable(project, waiting), "Looking for crops", total=len(waiting)))
        for one in (one for one, is_possible in checked if not is_possible):
            del bases[one.image.id]
        waiting = [one for one, is_possible in checked if is_possible]
        left_out["no large crop without ink"] = len(checked) - len(waiting)
    return VariantPlan(variant, rests_on, tuple(waiting), bases, {why: n for why, n in left_out.items() if n})


def _of_inked(
    project: Project,
    images: Sequence[ImageRecord],
    masks: Mapping[int, MaskRecord],
    variant: Variant,
    fill: Colour | None,
) -> tuple[list[PictureVariant], dict[str, int]]:
    masked = [image for image in images if image.id in masks]
    inked = [image for image in masked if masks[image.id].ink_px > project.min_ink_px]
    colour = fill if variant is Variant.ABLATED_ALIKE else None
    wanted = [PictureVariant(image, variant, masks[image.id], fill=colour) for image in inked]
    return wanted, {"no mask": len(images) - len(masked), "no ink": len(masked) - len(inked)}


def _pasted(
    project: Project, images: Sequence[ImageRecord], masks: Mapping[int, MaskRecord], seed: int
) -> tuple[list[PictureVariant], dict[str, int]]:
    bound = project.min_ink_px
    masked = [image for image in images if image.id in masks]
    receivers = [image for image in masked if masks[image.id].ink_px <= bound]
    donors = choose_donors(images, receivers, masks, min_ink_px=bound, seed=seed)
    wanted = [
        PictureVariant(image, Variant.PASTED, donor=donors[image.id])
        for image in receivers
        if image.id in donors
    ]
    return wanted, {
        "no mask": len(images) - len(masked),
        "ink of its own": len(masked) - len(receivers),
        "no ink of another patient": len(receivers) - len(wanted),
    }
