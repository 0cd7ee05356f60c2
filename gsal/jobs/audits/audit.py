"""Audit the models: how much they look at ink, by class, and whether that predicts their errors."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from gsal.errors import GsalError
from gsal.jobs.audits.rows import chosen_mask_set
from gsal.jobs.job import to_settings
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import MaskSet, Side

if TYPE_CHECKING:
    from gsal.audit.result import AuditResult

__all__ = ["RunAudit", "last_audit", "mask_sources"]


@dataclass(frozen=True, slots=True)
class RunAudit:
    """Computes every figure from the stored rows and keeps the whole result.

    Attributes:
        models: Names of classifiers; all that are ready if empty.
        mask_set: The masks the figures rest on; "" for those saliency was last computed over.
        seed: Of the bootstraps.
    """

    kind: ClassVar[str] = "audit"
    models: tuple[str, ...] = ()
    mask_set: str = ""
    seed: int = 0

    @property
    def title(self) -> str:
        """What it does, for people."""
        return "Auditing"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Audit; return the rows of `gsal audit --json` as "rows", and the findings in words."""
        from gsal.audit.result import audit
        from gsal.audit.since import since
        from gsal.jobs.audits.evidence import evidence_of

        mask_set = chosen_mask_set(project, self.mask_set)
        evidence = evidence_of(project, self.models, mask_set=mask_set)
        result = audit(evidence, seed=self.seed, track=lambda tables: ctx.track(tables, "Auditing"))
        if (before := last_audit(project, mask_set)) is not None:
            result = replace(result, findings=result.findings + since(before, result))
        judged = {i for one in evidence.tables for i in one.image_ids.tolist()}
        sources = mask_sources(project, mask_set, judged)
        project.store.audits.add(
            settings=to_settings(self) | {"mask_set": mask_set},
            result=result.to_stored() | {"mask_sources": sources},
        )
        return {
            "mask_set": mask_set,
            "mask_sources": sources,
            "findings": [finding.text for finding in result.findings],
            "rows": result.to_json(),
        }


def last_audit(project: Project, mask_set: str) -> "AuditResult | None":
    """Return the last audit over a mask set, if it is the project's last and can still be read."""
    from gsal.audit.result import AuditResult

    latest = project.store.audits.latest()
    if latest is None or latest[0].get("mask_set") != mask_set:
        return None
    try:
        return AuditResult.from_stored(latest[1])
    except GsalError:
        return None


def mask_sources(project: Project, mask_set: str, image_ids: Collection[int] | None = None) -> dict[str, int]:
    """Count what made the masks of pictures, by default of the validation side: what a figure rests on."""
    if image_ids is None:
        image_ids = [image.id for image in project.store.images.all(side=Side.VALIDATION)]
    ids = sorted(image_ids)
    masks = project.store.masks.best(ids, MaskSet(mask_set))
    counts = Counter(str(masks[i].source) if i in masks else "none" for i in ids)
    return dict(sorted(counts.items()))
