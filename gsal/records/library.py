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
        inked: Whether the mask this reader is told of has more ink than the project's bound; None for all.
            Pictures without such a mask are neither.
        reader_id: Who asks; of pictures this reader reads blind, nothing of what others found is told.
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
        ink_px: At the reference size, of the best mask; of the rules' one where the reader reads blind; None
            when there is no such mask yet.
        verdict: Anyone's last one of a review; of the validation set, the reader's own last one.
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
