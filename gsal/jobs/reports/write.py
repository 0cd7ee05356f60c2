"""Write an audit as one self-contained HTML file and as a PDF."""

from dataclasses import dataclass
from typing import Any, ClassVar

from gsal.errors import GsalError
from gsal.jobs.masks.making import mask_set_named
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import AuditRecord

__all__ = ["PDF_NAME", "REPORT_NAME", "WriteReport"]

REPORT_NAME, PDF_NAME = "report.html", "report.pdf"


@dataclass(frozen=True, slots=True)
class WriteReport:
    """Gathers data, masks, cohorts, models, figures and pictures of an audit.

    Attributes:
        pictures: How many of the most, and of the least, ink-salient pictures are shown.
        audit: Its number; None for the last one.
        mask_set: Over which the last one is taken; "" for any.
    """

    kind: ClassVar[str] = "report"
    pictures: int = 4
    audit: int | None = None
    mask_set: str = ""

    @property
    def title(self) -> str:
        """What it does, for people."""
        return "Writing the report"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Write exports/report.html, exports/report.pdf and their figures; return the paths.

        Raises:
            NotFoundError: There is no audit of this number.
            GsalError: There is no audit yet, there is no such mask set, or an earlier version kept the audit.
        """
        from gsal.jobs.reports.content import gather
        from gsal.reports.sections import compose
        from gsal.reports.writing import write

        record = self._record(project)
        steps = ctx.track(("gather", "write"), "Writing the report")
        next(steps)
        document = compose(gather(project, record, pictures=self.pictures))
        next(steps)
        figures = write(project.exports / REPORT_NAME, project.exports / PDF_NAME, document)
        for _ in steps:
            pass
        return {
            "report": str(project.exports / REPORT_NAME),
            "pdf": str(project.exports / PDF_NAME),
            "figures": len(figures),
            "audit": record.id,
        }

    def _record(self, project: Project) -> AuditRecord:
        if self.audit is not None:
            return project.store.audits.get(self.audit)
        mask_set = mask_set_named(self.mask_set) if self.mask_set else ""
        latest = project.store.audits.latest(mask_set)
        if latest is None:
            over = f" over the mask set '{mask_set}'" if mask_set else ""
            asked = f" --mask-set {mask_set}" if mask_set else ""
            raise GsalError(f"There is no audit{over} to report. Run `gsal audit{asked}` first.")
        return latest
