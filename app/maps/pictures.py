"""Which picture is looked at, of which list; the list is read off the window's thread."""

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.maps.listing import Listing, Request, read_listing
from app.widgets.latest import Latest
from gsal.project import Project

__all__ = ["Pictures"]


class Pictures(QObject):
    """Keeps the picture that is looked at when the list is read again, also where it is not listed any more.

    Args:
        project: Whose.
        parent: Owner.

    Signals:
        listed(Listing, is_other): The list was read, and whether another picture is looked at now, or one
            that may not be seen.
        moved(): Another picture is looked at.

    Attributes:
        reading: What reads the list.
        listing: Read last; None until then.
        image_id: Number of the picture that is looked at; None without one.
    """

    listed = Signal(object, bool)
    moved = Signal()

    def __init__(self, project: Project, parent: QObject) -> None:
        super().__init__(parent)
        self._project = project
        self._is_turned = False
        self.listing: Listing | None = None
        self.image_id: int | None = None
        self.reading = Latest("maps list", parent=self)
        self.reading.done.connect(self._take)

    @property
    def ids(self) -> tuple[int, ...]:
        """Numbers of the pictures that are listed, in order."""
        return self.listing.image_ids if self.listing is not None else ()

    @property
    def place(self) -> int | None:
        """Of the picture that is looked at in the list; None where it is not listed."""
        return self.ids.index(self.image_id) if self.image_id in self.ids else None

    @property
    def is_kept_back(self) -> bool:
        """Whether the reader has still to read the picture without knowing what others found."""
        return self.listing is not None and self.image_id in self.listing.kept_back

    def read(self, request: Request) -> None:
        """Read the list again."""
        self.reading.submit(request, partial(read_listing, self._project, request))

    def turn(self, request: Request) -> None:
        """Read another list, and look at its first picture."""
        self._is_turned = True
        self.read(request)

    def show(self, image_id: int) -> None:
        """Look at a picture, also one that is not listed."""
        self.image_id = image_id
        self.moved.emit()

    @Slot(int)
    def go(self, step: int) -> None:
        """Go to the next picture, or with -1 to the one before; from the last one to the first."""
        ids, place = self.ids, self.place
        if ids:
            at = place if place is not None else (-1 if step > 0 else 0)
            self.show(ids[(at + step) % len(ids)])

    @Slot(object, object)
    def _take(self, request: Request, listing: Listing) -> None:
        del request
        is_first, self.listing, before = self.listing is None, listing, self.image_id
        if self.image_id is None or self._is_turned:
            self.image_id = next(iter(listing.image_ids), None)
        self._is_turned = False
        self.listed.emit(listing, is_first or self.image_id != before or self.is_kept_back)
