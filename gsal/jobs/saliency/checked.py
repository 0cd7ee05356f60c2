"""Sanity checks that are finished: read back from their jobs, and which of several stands."""

from collections.abc import Mapping
from typing import Any

from gsal.audit import plain
from gsal.project import Project
from gsal.records import ModelRecord, SaliencyMethod
from gsal.saliency.sanity import MethodSanity

__all__ = ["SANITY", "sanity_in", "strongest_checks"]

SANITY = "sanity"
"""The kind of the job."""


def sanity_in(result: Mapping[str, Any], name: str) -> tuple[MethodSanity, ...]:
    """Return the checks of a model in a job's stored result; none if it has none of that name."""
    found: Mapping[str, Any] = next((one for one in result.get("models", ()) if one["name"] == name), {})
    # What each method rests on stood once for all of them alone.
    basis = {"pictures": found.get("pictures", 0), "draws": result.get("draws", 0)}
    return tuple(plain.decode(MethodSanity, basis | one) for one in found.get("methods", ()))


def strongest_checks(project: Project, model: ModelRecord) -> dict[SaliencyMethod, MethodSanity]:
    """Return the check that stands of each method that had one, of the network as it is now.

    It is the newest, but one on fewer pictures or fewer draws does not replace another.
    """
    standing: dict[SaliencyMethod, MethodSanity] = {}
    for record in project.store.jobs.done(SANITY):
        result = record.result or {}
        if _is_of(result, model):
            for one in sanity_in(result, model.name):
                before = standing.get(one.method)
                if before is None or not one.is_weaker_than(before):
                    standing[one.method] = one
    return standing


def _is_of(result: Mapping[str, Any], model: ModelRecord) -> bool:
    """Return whether a check was made with the weights that the model has; older ones do not tell."""
    named = (one for one in result.get("models", ()) if one["name"] == model.name)
    return all(one.get("weights_sha256", model.weights_sha256) == model.weights_sha256 for one in named)
