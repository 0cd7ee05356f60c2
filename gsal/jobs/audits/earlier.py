"""The audits that a project has kept, as far as this version can read them."""

from collections.abc import Collection
from dataclasses import replace

from gsal.audit.result import AuditResult
from gsal.audit.since import TOPIC, Earlier
from gsal.errors import GsalError
from gsal.project import Project

__all__ = ["as_last_audited", "last_audit", "last_of_each"]


def as_last_audited(project: Project, models: Collection[str], mask_set: str) -> AuditResult | None:
    """Return the last audit over a mask set, with what other models' own last audits say of them.

    What the ink does to them, and the findings about them alone, each with the date of its audit.

    Args:
        project: Whose.
        models: Names.
        mask_set: The masks the figures rest on.
    """
    last = last_audit(project, mask_set)
    if last is None:
        return None
    present = {entry.model for entry in last.entries}
    others = last_of_each(project, [model for model in models if model not in present], mask_set)
    effects = (one for model, was in others.items() for one in was.result.effects if one.model == model)
    findings = list(last.findings)
    for model, was in others.items():
        findings += [
            replace(finding, text=f"{finding.text} (Audit of {was.date}.)")
            for finding in was.result.findings
            if finding.model == model and finding.topic != TOPIC
        ]
    topics = list(dict.fromkeys(finding.topic for finding in findings))
    findings.sort(key=lambda finding: topics.index(finding.topic))
    return replace(last, effects=(*last.effects, *effects), findings=tuple(findings))


def last_audit(project: Project, mask_set: str) -> AuditResult | None:
    """Return the last audit over a mask set that can be read, whatever its models."""
    for record in project.store.audits.newest_first(mask_set):
        if (result := _read(project, record.id)) is not None:
            return result
    return None


def last_of_each(project: Project, models: Collection[str], mask_set: str) -> dict[str, Earlier]:
    """Return by model the last audit over a mask set that has it and can be read, if there is one.

    Args:
        project: Whose.
        models: Names.
        mask_set: The masks the figures rest on.
    """
    found: dict[str, Earlier] = {}
    for record in project.store.audits.newest_first(mask_set):
        if len(found) == len(models):
            break
        wanted = [model for model in models if model in record.audited and model not in found]
        if wanted and (result := _read(project, record.id)) is not None:
            found |= dict.fromkeys(wanted, Earlier(record.date, result))
    return found


def _read(project: Project, audit_id: int) -> AuditResult | None:
    try:
        return AuditResult.from_stored(project.store.audits.result(audit_id))
    except GsalError:
        return None  # an earlier version kept it, with fewer figures
