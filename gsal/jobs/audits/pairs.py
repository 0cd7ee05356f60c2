"""From stored answers to pairs of the same pictures with and without ink."""

from dataclasses import dataclass

import numpy as np

from gsal.audit.counterfactual import Pairs
from gsal.jobs.predictions.plan import plan_variant
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import MaskSet, ModelRecord, Variant

__all__ = ["COUNTERFACTUALS", "StoredPairs", "stored_pairs"]

COUNTERFACTUALS = (Variant.INPAINTED, Variant.CROPPED, Variant.PASTED)
"""The variants that change the ink and leave the lesion: taken away in two ways, and laid on (SPEC 11)."""


@dataclass(frozen=True, slots=True, eq=False)
class StoredPairs:
    """What is stored of one variant.

    Attributes:
        pairs: Of the pictures whose answers with and without are both stored.
        waiting: Pictures that have this variant but no answer yet, or one older than their mask.
        left_out: Pictures that have no such variant, by the reason.
    """

    pairs: Pairs
    waiting: int
    left_out: dict[str, int]


def stored_pairs(
    project: Project,
    model: ModelRecord,
    variant: Variant,
    ctx: JobContext,
    *,
    mask_set: MaskSet,
    seed: int = 0,
) -> StoredPairs:
    """Read the answers to a variant, beside those to the same pictures as they are.

    Args:
        project: Whose.
        model: The classifier.
        variant: Another than the original.
        ctx: Where to report.
        mask_set: That says which pixels are ink.
        seed: Chose the donors of ink.

    Raises:
        CohortError: There is no split yet.
    """
    plan = plan_variant(project, model, variant, ctx, mask_set=mask_set, seed=seed)
    before = project.store.predictions.all(model.id, variant=Variant.ORIGINAL)
    after = project.store.predictions.all(model.id, variant=variant, mask_set=plan.mask_set, bases=plan.bases)
    images = project.store.images.get_many(sorted(before.keys() & after.keys()))
    shape = (len(images), len(model.classes))
    pairs = Pairs(
        model=model.name,
        classes=model.classes,
        variant=variant,
        image_ids=np.array([image.id for image in images], dtype=np.int64),
        patient=np.array([image.known_patient for image in images], dtype=np.str_),
        true_class=np.array([model.classes.index(image.label or "") for image in images], dtype=np.int64),
        before=np.reshape([before[image.id].logits for image in images], shape),
        after=np.reshape([after[image.id].logits for image in images], shape),
    )
    return StoredPairs(pairs, plan.n - pairs.n, plan.left_out)
