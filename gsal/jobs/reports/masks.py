"""What a report says about the ink masks: the last evaluation of a segmenter."""

from collections.abc import Mapping
from typing import Any

from gsal.jobs.evaluation.evaluate import EvaluateSegmenter
from gsal.project import Project
from gsal.records import JobStatus
from gsal.reports.mask_quality import CurveRow, MaskEvaluation, MaskFigure, MaskRow

__all__ = ["mask_quality"]

_METRICS = ("dice", "nsd", "sensitivity", "specificity", "auc")
_LEVELS = {"inked": "with ink", "ink_free": "without ink", "all": "all"}
_NAN = float("nan")


def mask_quality(project: Project) -> MaskEvaluation | None:
    """Return the last evaluation; None before one is done."""
    done = [
        job.result
        for job in project.store.jobs.all()
        if job.kind == EvaluateSegmenter.kind and job.status is JobStatus.DONE and job.result is not None
    ]
    # Evaluations of before the rules stood beside the network say too little.
    if not done or "beside" not in done[-1]:
        return None
    result = done[-1]
    summary = result["summary"]
    own = {figure["key"]: figure for figure in result["figures"]}
    network = MaskRow(result["model"], summary["n"], {name: _figure(own[name]) for name in _METRICS})
    return MaskEvaluation(
        model=result["model"],
        reference=_reference(result),
        n=summary["n"],
        n_patients=summary["n_patients"],
        threshold=_or_nan(summary["threshold"]),
        rows=(network, *(_row(one["subject"], one) for one in result["beside"])),
        groups={by: tuple(_row(one["group"], one) for one in parts) for by, parts in result["by"].items()},
        human_level={
            words: _figure(result["human_level"][name])
            for name, words in _LEVELS.items()
            if result["human_level"] is not None
        },
        curve=tuple(
            CurveRow(point["threshold"], _figure(point["sensitivity"]), _figure(point["specificity"]))
            for point in result["curve"]
        ),
        verdicts=tuple(result["verdicts"]),
        notes=tuple(result["notes"]),
    )


def _reference(result: Mapping[str, Any]) -> str:
    judged = f", whether they are inked by the column {result['judgements']}" if result["judgements"] else ""
    where = " of the locked validation set" if result["locked_only"] else ""
    return f"{result['against']} masks{where}{judged}"


def _row(name: str, values: Mapping[str, Any]) -> MaskRow:
    return MaskRow(name, values["n"], _figures(values), _figures(values.get("difference", {})))


def _figures(values: Mapping[str, Any]) -> dict[str, MaskFigure]:
    return {name: _figure(values[name]) for name in _METRICS if name in values}


def _figure(value: Mapping[str, Any]) -> MaskFigure:
    estimate = value["value"] if "value" in value else value["estimate"]
    return MaskFigure(_or_nan(estimate), _or_nan(value["low"]), _or_nan(value["high"]), value["n"])


def _or_nan(value: float | None) -> float:
    return _NAN if value is None else value
