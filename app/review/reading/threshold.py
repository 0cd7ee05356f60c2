"""A network's threshold while it is moved: shown at once, a step once it rests."""

from PySide6.QtCore import QObject, QTimer, Signal

from gsal.arrays import Mask
from gsal.editing.box import Box
from gsal.editing.painting import Painting

__all__ = ["Threshold"]

_REST_MS = 400


class Threshold(QObject):
    """Lays masks down inside an open stroke, so that a drag over many thresholds is one step.

    Signals:
        rested(): It was not moved for a moment.
    """

    rested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._share: float | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REST_MS)
        self._timer.timeout.connect(self.rested)

    def move(self, painting: Painting, mask: Mask, share: float) -> Box:
        """Show the mask at another threshold; return the box that changed."""
        self._timer.start()
        self._share = share
        box = Box.of(painting.levels[0] != mask)
        if not box.is_empty:
            painting.set_region(box, mask[box.slices])
        return box

    def release(self) -> float | None:
        """Let go; return the threshold whose mask is laid down and not ended yet, None when there is none."""
        self._timer.stop()
        share, self._share = self._share, None
        return share
