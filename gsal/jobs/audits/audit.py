"""Audit the models: how much they look at ink, by class, and whether that predicts their errors."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from gsal.jobs.audits.basis import read_basis
from gsal.jobs.audits.rows import chosen_mask_set
from gsal.jobs.job import to_settings
from gsal.jobs.models.files import ready_models
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import MaskSet, ModelKind, Side

if TYPE_CHECKING:
    from gsal.audit.data import AuditData

__all__ = ["RunAudit", "mask_sources"]


@dataclass(frozen=True, slots=True)
class RunAudit:
    """Computes every figure from the stored rows and keeps the whole result.

    Saliency that is not complete is left out, and the findings name it.

    Attributes:
        models: Names of classifiers; all that are ready if empty.
        mask_set: The masks the figures rest on; "" for those saliency was last computed over.
        seed: Of the bootstraps.
        methods: Of saliency; all that are complete for a model if empty.
    """

    kind: ClassVar[str] = "audit"
    models: tuple[str, ...] = ()
    mask_set: str = ""
    seed: int = 0
    methods: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What it does, for people."""
        return "Auditing"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Audit.

        Returns:
            "audit", its number; "mask_set"; "mask_sources", the pictures audited by what made their masks;
            "findings" in words; "left_out", those of them that say what is not complete; "rows", those of
            `gsal audit --json`.

        Raises:
            ModelError: There is no such classifier, or none at all.
            CohortError: There is no split yet.
            GsalError: No saliency is complete, or some of a model or method named here is not.
        """
        from gsal.audit.findings.left_out import left_out_texts
        from gsal.audit.result import audit
        from gsal.audit.since import since
        from gsal.jobs.audits.earlier import last_of_each
        from gsal.jobs.audits.evidence import evidence_of

        mask_set = chosen_mask_set(project, self.mask_set)
        models = ready_models(project, self.models, ModelKind.CLASSIFIER)
        basis = read_basis(project, models, mask_set=mask_set)
        evidence = evidence_of(basis, names=self.models, methods=self.methods)
        result = audit(evidence, seed=self.seed, track=lambda tables: ctx.track(tables, "Auditing"))
        if before := last_of_each(project, evidence.first_of_model, mask_set):
            result = replace(result, findings=result.findings + since(before, result))
        sources = basis.mask_sources({i for one in evidence.tables for i in one.image_ids.tolist()})
        number = project.store.audits.add(
            settings=to_settings(self) | {"mask_set": mask_set},
            audited=_audited(evidence.tables),
            result=result.to_stored() | {"mask_sources": sources},
        )
        return {
            "audit": number,
            "mask_set": mask_set,
            "mask_sources": sources,
            "findings": [finding.text for finding in result.findings],
            "left_out": left_out_texts(evidence.shortfalls),
            "rows": result.to_json(),
        }


def _audited(tables: "Sequence[AuditData]") -> dict[str, list[str]]:
    """Return the methods of each model."""
    found: dict[str, list[str]] = {}
    for one in tables:
        found.setdefault(one.model, []).append(one.method)
    return found


def mask_sources(project: Project, mask_set: str, image_ids: Collection[int] | None = None) -> dict[str, int]:
    """Count what made the masks of pictures, by default of the validation side: what a figure rests on."""
    if image_ids is None:
        image_ids = project.store.images.table(side=Side.VALIDATION).ids
    sources = project.store.masks.table(MaskSet(mask_set)).source_of
    return dict(sorted(Counter(sources.get(i, "none") for i in set(image_ids)).items()))
