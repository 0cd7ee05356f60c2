"""Opening the dialog of the rules over the review, and showing what comes of it."""

from typing import TYPE_CHECKING

from app.jobs.manager import JobManager
from app.review.beginning import show_beginning
from app.review.reading.proposals import Proposal
from gsal.project import Project

if TYPE_CHECKING:
    from app.review.page import ReviewPage
    from app.review.rules.dialog import RulesDialog

__all__ = ["open_rules"]


def open_rules(page: "ReviewPage", project: Project, manager: JobManager) -> "RulesDialog | None":
    """Open the dialog on the open picture; None where there is none, or its reading is blind."""
    from app.review.rules.dialog import RulesDialog

    picture = page.session.picture
    if picture is None or picture.is_blind or project.read_only:
        return None

    def show(image_id: int, proposals: tuple[Proposal, ...]) -> None:
        opened = page.session.renew_proposals(image_id, proposals)
        if opened and page.session.picture is not None:
            page.tools.proposals.show_picture(page.session.picture)
            show_beginning(page.tools.proposals, page.session)

    dialog = RulesDialog(project, manager, picture.image, picture.rgb, parent=page)
    dialog.renewed.connect(show)
    dialog.open()
    return dialog
