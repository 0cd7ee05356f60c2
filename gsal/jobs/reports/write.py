"""Write the last audit as one self-contained HTML file and as a PDF."""

from dataclasses import dataclass
from typing import Any, ClassVar

from gsal.errors import GsalError
from gsal.progress import JobContext
from gsal.project import Project

__all__ = ["PDF_NAME", "REPORT_NAME", "WriteReport"]

REPORT_NAME, PDF_NAME = "report.html", "report.pdf"


@dataclass(frozen=True, slots=True)
class WriteReport:
    """Gathers data, masks, cohorts, models, figures and pictures of the last audit.

    Attributes:
        pictures: How many of the most, and of the least, ink-salient pictures are shown.
    """

    kind: ClassVar[str] = "report"
    pictures: int = 4

    @property
    def title(self) -> str:
        """What it does, for people."""
        return "Writing the report"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Write exports/report.html, exports/report.pdf and their figures; return the paths.

        Raises:
            GsalError: There is no audit yet.
        """
        from gsal.jobs.reports.content import gather
        from gsal.reports.sections import compose
        from gsal.reports.writing import write

        latest = project.store.audits.latest()
        if latest is None:
            raise GsalError("There is no audit to report. Run `gsal audit` first.")
        steps = ctx.track(("gather", "write"), "Writing the report")
        next(steps)
        document = compose(gather(project, *latest, pictures=self.pictures))
        next(steps)
        figures = write(project.exports / REPORT_NAME, project.exports / PDF_NAME, document)
        for _ in steps:
            pass
        return {
            "report": str(project.exports / REPORT_NAME),
            "pdf": str(project.exports / PDF_NAME),
            "figures": len(figures),
        }
