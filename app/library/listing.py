"""Which pictures the library lists, read off the window's thread."""

from collections.abc import Sequence
from dataclasses import dataclass

from gsal.project import Project
from gsal.records import LibraryRequest, LibraryRow

__all__ = ["Listing", "read_listing", "read_rows"]


@dataclass(frozen=True, slots=True)
class Listing:
    """What was asked for, and what there is.

    Attributes:
        image_ids: In order.
        total: Pictures in the project.
        labels: That there are; "" stands for none.
    """

    request: LibraryRequest
    image_ids: list[int]
    total: int
    labels: list[str]


def read_listing(project: Project, request: LibraryRequest) -> Listing:
    """Read the numbers of the pictures asked for."""
    store = project.store
    return Listing(request, store.library.ids(request), store.images.count(), store.library.labels())


def read_rows(project: Project, reader_id: int | None, image_ids: Sequence[int]) -> dict[int, LibraryRow]:
    """Read the rows of some pictures."""
    return {row.image.id: row for row in project.store.library.rows(image_ids, reader_id)}
