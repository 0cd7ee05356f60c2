"""Write the last audit as one self-contained HTML file."""

from dataclasses import dataclass
from typing import Any, ClassVar

from gsal.errors import GsalError
from gsal.progress import JobContext
from gsal.project import Project

__all__ = ["REPORT_NAME", "WriteReport"]

REPORT_NAME = "report.html"


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
        """Write exports/report.html and its figures; return the path.

        Raises:
            GsalError: There is no audit yet.
        """
        from gsal.jobs.reports.content import gather
        from gsal.reports.html import write

        latest = project.store.audits.latest()
        if latest is None:
            raise GsalError("There is no audit to report. Run `gsal audit` first.")
        path = project.exports / REPORT_NAME
        steps = ctx.track(("gather", "write"), "Writing the report")
        next(steps)
        content = gather(project, *latest, pictures=self.pictures)
        next(steps)
        written = write(path, content)
        for _ in steps:
            pass
        return {"report": str(path), "figures": len(written) - 1}
