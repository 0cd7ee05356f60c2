"""Write the table from which every figure of the audit can be recomputed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from gsal.audit.per_image import write_csv
from gsal.jobs.audits.rows import audit_data, chosen_mask_set
from gsal.progress import JobContext
from gsal.project import Project

__all__ = ["ExportPerImage"]


@dataclass(frozen=True, slots=True)
class ExportPerImage:
    """One row per model, method and validation picture, inked or not.

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
        ctx.check()
        mask_set = chosen_mask_set(project, self.mask_set)
        rows = write_csv(Path(self.file), audit_data(project, self.models, mask_set=mask_set))
        return {"file": self.file, "rows": rows, "mask_set": mask_set}
