"""Audit the models: how much they look at ink, by class, and whether that predicts their errors."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, ClassVar

from gsal.jobs.audits.rows import chosen_mask_set
from gsal.jobs.job import to_settings
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import MaskSet, Side

__all__ = ["RunAudit"]


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
        from gsal.jobs.audits.evidence import evidence_of

        (stage,) = ctx.track(["audit"], "Auditing")
        del stage
        mask_set = chosen_mask_set(project, self.mask_set)
        evidence = evidence_of(project, self.models, mask_set=mask_set)
        result = audit(evidence, seed=self.seed)
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


def mask_sources(project: Project, mask_set: str, image_ids: Collection[int] | None = None) -> dict[str, int]:
    """Count what made the masks of pictures, by default of the validation side: what a figure rests on."""
    if image_ids is None:
        image_ids = [image.id for image in project.store.images.all(side=Side.VALIDATION)]
    ids = sorted(image_ids)
    masks = project.store.masks.best(ids, MaskSet(mask_set))
    counts = Counter(str(masks[i].source) if i in masks else "none" for i in ids)
    return dict(sorted(counts.items()))
