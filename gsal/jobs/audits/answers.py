"""What a model answers to the inked pictures of an audit when their ink, or all else, is taken away."""

from collections.abc import Mapping, Sequence

from gsal.audit.data import AuditData
from gsal.jobs.pictures.variants import basis_of
from gsal.project import Project
from gsal.records import PredictionRow, Variant

__all__ = ["inked_bases", "stored_answers"]


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
    bases = {i: basis for one in tables for i, basis in inked_bases(one, variant, masks).items()}
    return project.store.predictions.all(model_id, variant=variant, mask_set=tables[0].mask_set, bases=bases)


def inked_bases(data: AuditData, variant: Variant, masks: Mapping[int, str]) -> dict[int, str]:
    """Return what a variant of each inked picture has to rest on."""
    return {i: basis_of(variant, masks[i]) for i in data.image_ids[data.inked].tolist() if i in masks}
