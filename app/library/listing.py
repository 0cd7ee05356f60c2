"""What the library lists: each picture with its ink and what the reader decided."""

from dataclasses import dataclass

from gsal.project import Project
from gsal.records import ImageRecord, Purpose, Verdict

__all__ = ["Listed", "list_pictures"]


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the library.

    Attributes:
        ink_px: Of the best mask, at the reference size; None when there is no mask yet.
        is_inked: Above the project's bound; None when there is no mask yet.
        verdict: The reader's last one.
    """

    image: ImageRecord
    ink_px: float | None
    is_inked: bool | None
    verdict: Verdict | None

    @property
    def status(self) -> str:
        """Where the picture stands, in words."""
        if self.verdict is not None:
            return self.verdict.replace("-", " ")
        return "no mask yet" if self.ink_px is None else "to review"


def list_pictures(project: Project, reader_id: int | None) -> list[Listed]:
    """Read the whole list; takes a moment with many pictures, so not in the window's thread."""
    masks = project.store.masks.best()
    verdicts: dict[int, Verdict] = {}
    if reader_id is not None:
        verdicts = project.store.decisions.status_by_image(reader_id, Purpose.REVIEW)
    rows = []
    for image in project.store.images.all():
        mask = masks.get(image.id)
        rows.append(
            Listed(
                image,
                mask.ink_px if mask else None,
                mask.ink_px > project.min_ink_px if mask else None,
                verdicts.get(image.id),
            )
        )
    return rows
