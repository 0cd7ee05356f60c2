"""A made-up measurement of a segmenter, in the shape that `EvaluateSegmenter` returns it."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from gsal.project import Project
from gsal.records import MaskSet

__all__ = ["figure", "measured_in", "measurement", "picture"]


def figure(estimate: float | None, half: float = 0.05, n: int = 40) -> dict[str, Any]:
    """Return an estimate with an interval of this half width; None stands for undefined."""
    if estimate is None:
        return {"estimate": None, "low": None, "high": None, "n": 0}
    return {
        "estimate": estimate,
        "low": estimate - half,
        "high": estimate + half,
        "n": n,
        "method": "made up",
    }


def picture(number: int, **changes: Any) -> dict[str, Any]:
    """Return one picture's figures."""
    return {
        "image": f"p{number:02}.png",
        "image_id": number,
        "label": "MEL" if number % 2 else "NV",
        "dice": 0.5 + number % 50 / 100,
        "iou": 0.5,
        "nsd": 0.6,
        "hd95": 3.0 + number % 7,
        "precision": 0.7,
        "recall": 0.7,
        "predicted_ink_px": 400.0 + number,
        "truth_ink_px": 500.0,
        "is_predicted_inked": True,
        "is_inked": True,
        "colour": "blue",
        "stroke_width_px": 4.0,
        "start": "blank",
        "predicted_mask": None,
        "truth_mask": None,
    } | changes


def measurement(pictures: Sequence[dict[str, Any]], *, model: str = "bisenet") -> dict[str, Any]:
    """Return a result with these pictures and figures that fit no picture in particular."""
    words = {
        "Dice, mean": 0.71,
        "NSD at 2 px of 448, mean": 0.78,
        "Inked pictures found": 0.9,
        "Ink-free pictures left alone": 0.85,
    }
    figures = []
    for name, value in words.items():
        one = figure(value)
        figures.append(
            {"metric": name, "value": value, "low": one["low"], "high": one["high"], "n": one["n"]}
        )
    four = {"dice": figure(0.7), "nsd": figure(0.72), "sensitivity": figure(0.9), "specificity": figure(0.8)}
    return {
        "model": model,
        "against": "human",
        "summary": {"n": len(pictures)},
        "figures": figures,
        "by": {
            "class": [{"group": name, "n": 20, **four} for name in ("MEL", "NV")],
            "ink colour": [{"group": "blue", "n": 30, **four}, {"group": "black", "n": 10, **four}],
        },
        "curve": [
            {
                "threshold": t,
                "sensitivity": figure(1 - t**3, 0.08),
                "specificity": figure(1 - math.exp(-6 * t), 0.06),
            }
            for t in np.linspace(0.02, 0.98, 49).round(2).tolist()
        ],
        "beside": [
            _beside("hue", 0.55, 0.16),
            _beside("lab", 0.6, 0.11),
            _beside("dark", 0.4, 0.31),
            _beside("2 of 3", 0.68, 0.03),
            _beside("automatic pick", 0.74, -0.03),
            _beside("Anna and Bert", 0.83, -0.12),
        ],
        "human_level": {"inked": figure(0.5), "ink_free": figure(0.9), "all": figure(0.66)},
        "pictures": list(pictures),
    }


def measured_in(project: Project, **changes: Any) -> dict[str, Any]:
    """Return a measurement of a project: a rule's masks as the network's, the pick as the truth."""
    picks = project.store.masks.best(None, MaskSet.RULE)
    return measurement(
        [
            picture(
                image.id,
                image=image.path,
                label=image.label,
                dice=0.9 - image.id / 100,
                predicted_mask=project.store.masks.proposals(image.id)[0].id,
                truth_mask=picks[image.id].id,
            )
            | changes
            for image in project.store.images.all()
        ]
    )


def _beside(subject: str, dice: float, difference: float) -> dict[str, Any]:
    return {
        "subject": subject,
        "dice": figure(dice),
        "nsd": figure(dice + 0.05),
        "sensitivity": figure(0.8),
        "specificity": figure(0.9),
        "difference": {"dice": figure(difference, 0.06), "nsd": figure(difference, 0.06)},
    }
