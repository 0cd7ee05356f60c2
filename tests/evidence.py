"""Evidence with everything in it, made up from the answers that models gave."""

from collections.abc import Sequence

import numpy as np

from gsal.audit import AuditData, Evidence
from gsal.audit.answers import Answers
from gsal.audit.counterfactual import Pairs
from gsal.records import Variant

__all__ = ["full_evidence"]


def full_evidence(tables: Sequence[AuditData]) -> Evidence:
    """Return the tables with placebos, answers without ink, and two groups of training seeds.

    The placebo is the reading of the pictures as they are, so that the ink adds nothing to it; the answers
    without ink are those with it, the classes in reverse.
    """
    first = {one.model: one.kept(one.inked) for one in reversed(tables)}
    models = sorted(first)
    half = len(models) // 2
    return Evidence(
        tables=tuple(tables),
        placebos={(one.model, one.method): one.kept(one.inked) for one in tables},
        pairs={model: _pairs(one) for model, one in first.items()},
        answers={
            model: {Variant.ORIGINAL: _answers(one), Variant.INPAINTED: _answers(one, turned=True)}
            for model, one in first.items()
        },
        groups={"first": models[:half], "second": models[half:]},
    )


def _pairs(table: AuditData) -> Pairs:
    return Pairs(
        model=table.model,
        classes=table.classes,
        variant=Variant.INPAINTED,
        image_ids=table.image_ids,
        patient=table.patient,
        true_class=table.true_class,
        before=table.logits,
        after=table.logits[:, ::-1],
    )


def _answers(table: AuditData, *, turned: bool = False) -> Answers:
    probabilities = table.probabilities
    return Answers(
        model=table.model,
        classes=table.classes,
        image_ids=table.image_ids,
        patient=table.patient,
        true_class=table.true_class,
        probabilities=np.asarray(probabilities[:, ::-1] if turned else probabilities, dtype=np.float64),
        inked=table.inked,
        uninked=table.uninked,
    )
