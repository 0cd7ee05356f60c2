"""What a model answers to the inked pictures of an audit when their ink, or all else, is taken away."""

from collections.abc import Mapping, Sequence

from gsal.audit.data import AuditData
from gsal.jobs.pictures.variants import basis_of
from gsal.project import Project
from gsal.records import PredictionRow, Variant

__all__ = ["stored_answers"]


def stored_answers(
    project: Project, model_id: int, tables: Sequence[AuditData], variant: Variant, masks: Mapping[int, str]
) -> dict[int, PredictionRow]:
    """Return the stored answers to the inked pictures that rest on the present masks, by picture.

    Args:
        project: Whose.
        model_id: Of the classifier.
        tables: Of it, over one mask set; at least one.
        variant: Of the pictures.
        masks: SHA-256 of the present mask of each picture.
    """
    inked = {i for one in tables for i in one.image_ids[one.inked].tolist()}
    bases = {i: basis_of(variant, masks[i]) for i in inked if i in masks}
    return project.store.predictions.all(model_id, variant=variant, mask_set=tables[0].mask_set, bases=bases)
