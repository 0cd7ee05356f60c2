"""What an evaluation found, JSON-ready: for the terminal, the window and the report."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from gsal.jobs.evaluation.choice import EvaluationChoice
from gsal.jobs.evaluation.readers import BesideReaders
from gsal.jobs.evaluation.scores import MAJORITY, PICKED, ScoredPicture
from gsal.jobs.evaluation.words import verdicts
from gsal.masks.figures import METRICS, Resampled, resample
from gsal.masks.paired import difference
from gsal.masks.strata import by_group
from gsal.masks.threshold_curve import threshold_curve
from gsal.records import InkRule

__all__ = ["FIGURES", "evaluation_result"]

FIGURES = {
    "dice": "Dice, mean",
    "dice_inked": "Dice where the reference has ink, mean",
    "iou": "IoU, mean",
    "precision": "Precision, mean",
    "recall": "Recall, mean",
    "nsd": "NSD at 2 px of 448, mean",
    "hd95": "HD95, px of 448, mean",
    "sensitivity": "Inked pictures found",
    "specificity": "Ink-free pictures left alone",
    "same_decision": "Same decision on ink",
    "balanced_accuracy": "Mean of the shares found and left alone",
    "auc": "AUC of the decision on ink",
}
"""What each metric is called in a report."""


def evaluation_result(
    pictures: Sequence[ScoredPicture],
    choice: EvaluationChoice,
    readers: BesideReaders,
    *,
    min_ink_px: float,
    draws: int,
    seed: int,
) -> dict[str, Any]:
    """Put the scores of all pictures together.

    Args:
        pictures: All, in the order of the choice.
        choice: What was compared with what.
        readers: The network beside people.
        min_ink_px: What "inked" means.
        draws: Of the bootstrap.
        seed: Of its draws.
    """
    patients = [one.patient for one in pictures]
    network = resample([one.network for one in pictures], patients, draws=draws, seed=seed)
    groups = by_group(
        [one.network for one in pictures],
        [one.traits for one in pictures],
        patients,
        draws=draws,
        seed=seed,
    )
    beside = [*_beside(pictures, network, draws=draws, seed=seed), *readers.pairs]
    result = {
        "summary": _summary(pictures, choice, network, min_ink_px=min_ink_px, draws=draws, seed=seed),
        "figures": [_figure(name, asdict(network.estimate(name))) for name in FIGURES],
        "by": {
            by: [
                {"group": one.name, "n": one.n, **{name: asdict(x) for name, x in one.figures.items()}}
                for one in found
            ]
            for by, found in groups.items()
        },
        "curve": _curve(pictures, min_ink_px=min_ink_px),
        "beside": beside,
        "human_level": None if readers.level is None else asdict(readers.level),
        "notes": _notes(pictures, choice, readers),
        "pictures": [_picture(one, choice) for one in pictures],
    }
    result["verdicts"] = verdicts(choice.model.name, result)
    cleaned: dict[str, Any] = _without_nan(result)
    return cleaned


def _summary(
    pictures: Sequence[ScoredPicture],
    choice: EvaluationChoice,
    network: Resampled,
    *,
    min_ink_px: float,
    draws: int,
    seed: int,
) -> dict[str, Any]:
    empties = [(one.network.predicted_ink_px == 0) + (one.network.truth_ink_px == 0) for one in pictures]
    masked = [number for one, number in zip(pictures, empties, strict=True) if one.image.id in choice.truth]
    return {
        "n": len(pictures),
        "n_patients": len({one.patient for one in pictures}),
        "n_masks": len(masked),
        **{name: network.values[name] for name in METRICS},
        "both_empty": masked.count(2),
        "one_empty": masked.count(1),
        "min_ink_px": min_ink_px,
        "threshold": _threshold(pictures, choice),
        "unmasked": choice.unmasked,
        "not_judged": choice.not_judged,
        "tied": choice.tied,
        "draws": draws,
        "seed": seed,
    }


def _threshold(pictures: Sequence[ScoredPicture], choice: EvaluationChoice) -> float | None:
    """Return the probability that the network's masks are cut at; None where they differ."""
    found = {choice.made[one.image.id].threshold for one in pictures}
    return found.pop() if len(found) == 1 else None


def _beside(
    pictures: Sequence[ScoredPicture], network: Resampled, *, draws: int, seed: int
) -> list[dict[str, Any]]:
    """Return the rules and what they come to on the pictures that have all rules, with the network's lead."""
    ruled = [one for one in pictures if one.beside]
    if not ruled:
        return []
    patients = [one.patient for one in ruled]
    own = network
    if len(ruled) < len(pictures):
        own = resample([one.network for one in ruled], patients, draws=draws, seed=seed)
    found = []
    for subject in (*InkRule, MAJORITY, PICKED):
        other = resample([one.beside[subject] for one in ruled], patients, draws=draws, seed=seed)
        found.append(
            {
                "subject": str(subject),
                "n": len(ruled),
                **{name: asdict(other.estimate(name)) for name in METRICS},
                "difference": {name: asdict(one) for name, one in difference(own, other).items()},
            }
        )
    return found


def _curve(pictures: Sequence[ScoredPicture], *, min_ink_px: float) -> list[dict[str, Any]]:
    kept = [(one.ink, one.network.is_inked) for one in pictures]
    known = [(ink, is_inked) for ink, is_inked in kept if ink is not None and is_inked is not None]
    points = threshold_curve(
        [ink for ink, _ in known], [is_inked for _, is_inked in known], min_ink_px=min_ink_px
    )
    return [asdict(point) for point in points]


def _figure(name: str, estimate: Mapping[str, Any]) -> dict[str, Any]:
    rest = {key: value for key, value in estimate.items() if key != "estimate"}
    return {"key": name, "metric": FIGURES[name], "value": estimate["estimate"], **rest}


def _picture(one: ScoredPicture, choice: EvaluationChoice) -> dict[str, Any]:
    score = asdict(one.network)
    del score["decision_px"]
    truth = choice.truth.get(one.image.id)
    return score | {
        "image_id": one.image.id,
        "label": one.traits.label,
        "colour": one.traits.colour,
        "stroke_width_px": one.traits.stroke_width_px,
        "start": one.traits.start,
        "predicted_mask": choice.made[one.image.id].id,
        "truth_mask": None if truth is None else truth.id,
    }


def _notes(pictures: Sequence[ScoredPicture], choice: EvaluationChoice, readers: BesideReaders) -> list[str]:
    """Say what was left out, and why."""
    level = readers.level
    counted = (
        (choice.unmasked, "{} pictures of unseen patients are left out: the network has no mask of them."),
        (choice.tied, "{} pictures are left out: their readers are tied on ink, and nobody adjudicated."),
        (choice.not_judged, "{} pictures are not judged: their entry is neither yes nor no."),
        (
            sum(not one.beside for one in pictures),
            "{} pictures lack a rule's mask; rules are measured on the rest.",
        ),
        (
            sum(one.ink is None for one in pictures),
            "{} pictures are not in the curve: no probabilities were kept.",
        ),
        (
            sum(one.is_unreadable for one in pictures),
            "{} pictures could not be read, so their ink has no colour.",
        ),
        (
            level.by_adjudication if level else 0,
            "{} pictures with tied readers were decided by adjudication.",
        ),
    )
    notes = [words.format(count) for count, words in counted if count]
    if level is None:
        notes.append(
            "Human level is not known: no picture here was accepted by two readers without seeing the other."
        )
    return notes


def _without_nan(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, dict):
        return {name: _without_nan(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(item) for item in value]
    return value
