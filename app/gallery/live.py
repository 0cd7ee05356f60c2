"""Hearing that a running job has explained pictures of those that the gallery shows."""

from PySide6.QtCore import QObject, Signal, Slot

from app.gallery.listing import Gallery
from app.jobs.manager import JobManager
from app.jobs.task import Task
from app.widgets.coalescer import Coalescer
from gsal.progress import SaliencyBatch
from gsal.records import Variant

__all__ = ["LivePictures"]

_INTERVAL_MS = 1500
"""Between two readings: a job tells several times a second, and people look slower."""


class LivePictures(QObject):
    """Asks for a reading now and then, while a job stores what the gallery orders by.

    Args:
        manager: Of the jobs.
        parent: Owner.

    Signals:
        due(): More pictures are stored than were read.
    """

    due = Signal()

    def __init__(self, manager: JobManager, parent: QObject) -> None:
        super().__init__(parent)
        self._gallery: Gallery | None = None
        self._wait = Coalescer(self, interval_ms=_INTERVAL_MS)
        self._wait.due.connect(self.due)
        manager.reported.connect(self._take_event)

    def watch(self, gallery: Gallery) -> None:
        """Listen for pictures of what this one shows."""
        self._gallery = gallery

    def postpone(self) -> None:
        """Ask again later."""
        self._wait.request()

    @Slot(object, object)
    def _take_event(self, task: Task, event: object) -> None:
        del task
        if isinstance(event, SaliencyBatch) and self._is_shown(event):
            self._wait.request()

    def _is_shown(self, batch: SaliencyBatch) -> bool:
        gallery = self._gallery
        if gallery is None or gallery.model is None or batch.variant != Variant.ORIGINAL or batch.settings:
            return False
        return (
            batch.model == gallery.model.name
            and batch.mask_set == gallery.request.mask_set
            and (gallery.ordered_by is None or batch.method in {gallery.ordered_by, gallery.request.method})
        )
