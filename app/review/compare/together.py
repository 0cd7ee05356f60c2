"""Several canvases that look at the same place of one picture."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Slot

from app.review.canvas.picture_view import PictureView
from app.review.canvas.viewport import Viewport
from app.review.compare.looking import LookingCanvas

__all__ = ["Together"]


class Together(QObject):
    """Lets all follow the one that was moved or zoomed: same scale, same point in the middle.

    Args:
        looking: Canvases that are only looked at; they lead when they are moved by hand.
        principal: One that leads whenever its view changes, also by a key; None for none.
    """

    def __init__(
        self,
        looking: Sequence[LookingCanvas],
        *,
        principal: PictureView | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._principal = principal
        self._looking = tuple(looking)
        self._shape = (1, 1)
        self._is_following = False
        for canvas in looking:
            canvas.moved.connect(partial(self._follow, canvas))
        if principal is not None:
            principal.view_changed.connect(self.align)

    def set_shape(self, shape: tuple[int, int]) -> None:
        """Say how large the picture is, as (height, width)."""
        self._shape = shape

    def fit(self) -> None:
        """Show the whole picture on all."""
        for canvas in self._looking:
            canvas.fit()
        if self._principal is not None:
            self._principal.fit()

    @Slot()
    def align(self) -> None:
        """Bring the others to where the principal is."""
        leader = self._principal
        if leader is None or self._is_following:
            return
        if leader.viewport == Viewport.fitting(self._shape, (leader.height(), leader.width())):
            for canvas in self._looking:
                canvas.fit()
        else:
            self._follow(leader)

    def _follow(self, leader: PictureView) -> None:
        self._is_following = True
        for canvas in (*self._looking, *([self._principal] if self._principal else [])):
            if canvas is not leader:
                canvas.set_viewport(_same_place(leader, canvas))
        self._is_following = False


def _same_place(leader: PictureView, follower: PictureView) -> Viewport:
    view = leader.viewport
    dx, dy = (follower.width() - leader.width()) / 2, (follower.height() - leader.height()) / 2
    return replace(view, x=view.x + dx, y=view.y + dy)
