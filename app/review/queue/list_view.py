"""The queue as a list on the screen."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHeaderView, QTableView

from app.library.thumbnails import THUMBNAIL_PX
from app.review.queue.model import ReviewQueue
from app.widgets.record_table import table_view

__all__ = ["list_view"]


def list_view(queue: ReviewQueue) -> QTableView:
    """Return a view of one column without a header; a click leaves the keys to the picture."""
    # A QListView would lay out all 100,000 rows one by one, each time.
    view = table_view(queue, name="reviewQueue", tip="Pictures to review")
    view.setIconSize(QSize(THUMBNAIL_PX, THUMBNAIL_PX))
    view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    view.setAlternatingRowColors(False)
    view.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    view.horizontalHeader().hide()
    view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    return view
