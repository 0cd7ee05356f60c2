"""What a list of pictures asks for and shows."""

from dataclasses import dataclass
from enum import StrEnum

from gsal.records.masks import Verdict
from gsal.records.pictures import ImageRecord

__all__ = ["LibraryColumn", "LibraryRequest", "LibraryRow"]


class LibraryColumn(StrEnum):
    """What pictures can be sorted by."""

    PICTURE = "picture"
    LABEL = "label"
    INK = "ink"
    PATIENT = "patient"
    SIDE = "side"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class LibraryRequest:
    """Which pictures, in which order.

    Attributes:
        text: In the path, the patient or the status, in either case; "" for all.
        label: Of the pictures; "" for those without, None for all.
        inked: Whether the best mask has more ink than the project's bound; None for all.
        reader_id: Whose verdicts make the status.
        order: None for the order in which they were imported.
        is_descending: Whether the order is turned round.
    """

    text: str = ""
    label: str | None = None
    inked: bool | None = None
    reader_id: int | None = None
    order: LibraryColumn | None = None
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """One picture of the list.

    Attributes:
        ink_px: Of the best mask, at the reference size; None when there is no mask yet.
        verdict: The reader's last one of a review.
    """

    image: ImageRecord
    ink_px: float | None
    verdict: Verdict | None

    @property
    def status(self) -> str:
        """Where the picture stands, in words."""
        if self.verdict is not None:
            return self.verdict.replace("-", " ")
        return "no mask yet" if self.ink_px is None else "to review"
