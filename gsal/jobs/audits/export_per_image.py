"""Write the table from which every figure of the audit can be recomputed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from gsal.audit.per_image import write_csv
from gsal.jobs.audits.basis import read_basis
from gsal.jobs.audits.rows import chosen_mask_set, finished_tables
from gsal.jobs.models.files import ready_models
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ModelKind

__all__ = ["ExportPerImage"]


@dataclass(frozen=True, slots=True)
class ExportPerImage:
    """One row per model, method and validation picture, inked or not, of what an audit rests on.

    Attributes:
        file: The CSV file to write.
        models: Names of classifiers; all that are ready if empty.
        mask_set: The masks the figures rest on; "" for those saliency was last computed over.
    """

    kind: ClassVar[str] = "export per-image"
    file: str
    models: tuple[str, ...] = ()
    mask_set: str = ""

    @property
    def title(self) -> str:
        """What it does, for people."""
        return f"Writing {Path(self.file).name}"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Write the table; return the file and its number of rows."""
        from gsal.audit.findings.left_out import left_out_texts

        ctx.check()
        mask_set = chosen_mask_set(project, self.mask_set)
        models = ready_models(project, self.models, ModelKind.CLASSIFIER)
        basis = read_basis(project, models, mask_set=mask_set)
        tables, left_out = finished_tables(basis, names=self.models)
        for text in left_out_texts(left_out):
            ctx.notice(text)
        return {"file": self.file, "rows": write_csv(Path(self.file), tables), "mask_set": mask_set}
