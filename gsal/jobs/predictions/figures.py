"""From stored logits to what a prediction job says of each classifier, and of each cross-validation."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.special import softmax

from gsal.audit import plain
from gsal.audit.answers import Answers, pooled
from gsal.audit.prediction import PredictionFigures, prediction_figures_of
from gsal.jobs.predictions.plan import VariantPlan
from gsal.project import Project
from gsal.records import CohortKind, ImageRecord, MaskSet, ModelRecord, Variant

__all__ = ["figures_in", "prediction_figures"]

_Answers = dict[Variant, Answers]


def prediction_figures(
    project: Project,
    models: Sequence[ModelRecord],
    plans: Mapping[int, Sequence[VariantPlan]],
    *,
    mask_set: MaskSet,
    seed: int,
) -> dict[str, Any]:
    """Return what the stored answers come to, JSON-ready.

    Args:
        project: Whose.
        models: The classifiers that were asked.
        plans: What was asked, by the number of the model; all of it is stored.
        mask_set: That says which pictures are inked.
        seed: Of the bootstraps, each of which starts anew from it.

    Returns:
        "mask_set"; "mask_sources", the pictures by what made their masks; "variants"; "models", each with its
        "name", "pictures", "accuracy", "left_out" and "figures" (`PredictionFigures`); "groups", the same for
        the pooled out-of-fold answers of each cross-validation whose networks were all asked.
    """
    masks = project.store.masks.best(None, mask_set)
    images = {image.id: image for image in project.store.images.all()}
    inked = {image_id: mask.ink_px > project.min_ink_px for image_id, mask in masks.items()}
    answers = {model.id: _answers(project, model, plans[model.id], images, inked) for model in models}
    ablated = {c.name for c in project.store.cohorts.all() if c.kind is CohortKind.ABLATED}

    def shown(found: _Answers, cohort: str) -> dict[str, Any]:
        rng = np.random.default_rng(seed)
        figures = prediction_figures_of(found, is_ablated_training=cohort in ablated, rng=rng)
        everything = figures.performance[0]
        accuracy = everything.accuracy if everything.n else None
        return {
            "name": figures.name,
            "cohort": cohort,
            "pictures": everything.n,
            "accuracy": accuracy,
            "figures": plain.encode(figures),
        }

    asked = {
        image_id for found in answers.values() for image_id in found[Variant.ORIGINAL].image_ids.tolist()
    }
    sources = Counter(str(masks[i].source) if i in masks else "none" for i in asked)
    return {
        "mask_set": str(mask_set),
        "mask_sources": dict(sorted(sources.items())),
        "variants": [str(plan.variant) for plan in plans[models[0].id]],
        "models": [
            shown(answers[model.id], model.cohort)
            | {"seed": model.seed, "fold": model.fold, "left_out": _left_out(plans[model.id])}
            for model in models
        ],
        "groups": [
            shown(_pooled([answers[m.id] for m in members], name), members[0].cohort)
            | {"folds": len(members), "seed": members[0].seed, "left_out": _sum_left_out(members, plans)}
            for name, members in _cross_validations(models).items()
        ],
    }


def figures_in(result: Mapping[str, Any], name: str) -> PredictionFigures | None:
    """Return the figures of a model or group in a job's stored result; None if it has none of that name."""
    for one in (*result.get("models", ()), *result.get("groups", ())):
        if one["name"] == name and "figures" in one:
            return plain.decode(PredictionFigures, one["figures"])
    return None


def _answers(
    project: Project,
    model: ModelRecord,
    plans: Sequence[VariantPlan],
    images: Mapping[int, ImageRecord],
    inked: Mapping[int, bool],
) -> _Answers:
    found = {}
    for plan in plans:
        rows = project.store.predictions.all(
            model.id, variant=plan.variant, mask_set=plan.mask_set, bases=plan.bases
        )
        chosen = [images[image_id] for image_id in sorted(rows)]
        logits = np.reshape([rows[image.id].logits for image in chosen], (len(chosen), len(model.classes)))
        found[plan.variant] = Answers(
            model=model.name,
            classes=model.classes,
            image_ids=np.array([image.id for image in chosen], dtype=np.int64),
            patient=np.array([image.known_patient for image in chosen], dtype=np.str_),
            true_class=np.array([model.classes.index(i.label or "") for i in chosen], dtype=np.int64),
            probabilities=softmax(logits, axis=1),
            inked=np.array([inked.get(image.id, False) for image in chosen], dtype=np.bool_),
            uninked=np.array([not inked.get(image.id, True) for image in chosen], dtype=np.bool_),
        )
    return found


def _pooled(parts: Sequence[_Answers], name: str) -> _Answers:
    return {variant: pooled([part[variant] for part in parts], name) for variant in parts[0]}


def _cross_validations(models: Sequence[ModelRecord]) -> dict[str, list[ModelRecord]]:
    """Return the networks of each whole cross-validation by its name; one for each seed."""
    found: dict[tuple[str, int | None], list[ModelRecord]] = {}
    for model in models:
        if model.fold is not None and model.replicate_group:
            found.setdefault((model.replicate_group, model.seed), []).append(model)
    whole = {
        key: members
        for key, members in found.items()
        if {m.fold for m in members} == set(range(int(members[0].run_card["folds"])))
    }
    seeds = Counter(group for group, _ in whole)
    return {
        group if seeds[group] == 1 else f"{group}, seed {seed}": members
        for (group, seed), members in whole.items()
    }


def _left_out(plans: Sequence[VariantPlan]) -> dict[str, dict[str, int]]:
    return {str(plan.variant): plan.left_out for plan in plans if plan.left_out}


def _sum_left_out(
    members: Sequence[ModelRecord], plans: Mapping[int, Sequence[VariantPlan]]
) -> dict[str, dict[str, int]]:
    summed: dict[str, Counter[str]] = {}
    for member in members:
        for variant, counts in _left_out(plans[member.id]).items():
            summed.setdefault(variant, Counter()).update(counts)
    return {variant: dict(counts) for variant, counts in summed.items()}
