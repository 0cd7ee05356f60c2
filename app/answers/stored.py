"""What the project knows of its classifiers' answers, read off the window's thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gsal.jobs.predictions.predict import Predict
from gsal.project import Project
from gsal.records import ModelKind, ModelRecord, ModelStatus

if TYPE_CHECKING:
    from gsal.audit.prediction import PredictionFigures

__all__ = ["Answered", "read_answered"]


@dataclass(frozen=True, slots=True)
class Answered:
    """A classifier, or a whole cross-validation, and what was last found out about its answers.

    Attributes:
        name: Of the classifier or of the group.
        models: Names of the networks to ask: itself, or those of the folds.
        classes: Their names, in order.
        figures: Of the last prediction; None before the first.
        left_out: How many pictures each variant left out, by the reason.
        mask_set: That said which pictures are inked.
        finished: When it was predicted; "" before.
        validation: Of the run card: "n", "confusion", "reliability", "calibration_error"; empty where the
            network was not trained here, and for a group.
    """

    name: str
    models: tuple[str, ...]
    classes: tuple[str, ...]
    figures: "PredictionFigures | None"
    left_out: Mapping[str, Mapping[str, int]]
    mask_set: str
    finished: str
    validation: Mapping[str, Any]


def read_answered(project: Project) -> list[Answered]:
    """Read it for all ready classifiers, and after them for cross-validations that were predicted."""
    models = [m for m in project.store.models.all(ModelKind.CLASSIFIER) if m.status is ModelStatus.READY]
    ended = sorted(project.store.jobs.done(Predict.kind), key=lambda record: record.finished or "")
    results = [(record.result or {}, record.finished or "") for record in ended]
    newest: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
        one["name"]: (one, result, finished)
        for result, finished in results
        for one in (*result.get("models", ()), *result.get("groups", ()))
        if "figures" in one
    }
    found = [_answered(m.name, [m], newest, m.run_card.get("validation") or {}) for m in models]
    groups = {one["name"] for result, _ in results for one in result.get("groups", ())}
    for name in sorted(groups):
        members = _members(models, newest[name][0])
        if members:
            found.append(_answered(name, members, newest, {}))
    return found


def _members(models: Sequence[ModelRecord], group: Mapping[str, Any]) -> list[ModelRecord]:
    """Return the networks of a cross-validation, if all are still there."""
    name, seed = str(group["name"]), group["seed"]
    of_name = {name, name.removesuffix(f", seed {seed}")}
    members = [m for m in models if m.replicate_group in of_name and m.seed == seed and m.fold is not None]
    return members if len(members) == group["folds"] else []


def _answered(
    name: str,
    members: Sequence[ModelRecord],
    newest: Mapping[str, tuple[dict[str, Any], dict[str, Any], str]],
    validation: Mapping[str, Any],
) -> Answered:
    from gsal.jobs.predictions.figures import figures_in

    one, result, finished = newest.get(name, ({}, {}, ""))
    return Answered(
        name=name,
        models=tuple(member.name for member in members),
        classes=members[0].classes,
        figures=figures_in(result, name),
        left_out=one.get("left_out", {}),
        mask_set=str(result.get("mask_set", "")),
        finished=finished,
        validation=validation,
    )
