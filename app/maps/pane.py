"""One model's map over the picture, with its scale below."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.maps.layer import MapLayer
from app.maps.photograph import Photograph
from app.maps.scale_bar import ScaleBar
from app.review.compare.looking import LookingCanvas
from app.widgets.controls import named
from app.widgets.elided import ElidedLabel
from gsal.arrays import SaliencyMap
from gsal.saliency.overlay import Look

__all__ = ["MapPane"]


class MapPane(QWidget):
    """Shows what it is given; a sentence in place of the picture where there is nothing to show.

    Args:
        number: Of the pane, from the left.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.setObjectName(f"mapPane{number}")
        self.title = ElidedLabel()
        self.title.setProperty("role", "section")
        self.canvas = named(LookingCanvas(), f"mapCanvas{number}", "The picture with its saliency map")
        self.canvas.setToolTip("")
        self.canvas.setCursor(Qt.CursorShape.OpenHandCursor)
        self.layer = MapLayer(self.canvas)
        self.scale = ScaleBar()
        self._photograph: Photograph | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.title)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.scale)

    @property
    def has_map(self) -> bool:
        """Whether a map is shown."""
        return bool(self.scale.texts)

    def begin(self, title: str) -> None:
        """Say whose map will come; the one before is gone."""
        self.title.show_text(title)
        self.title.setToolTip(title)
        self.layer.show_map(None)
        self.scale.show_scale(0.0, self.layer.look.colours)

    def show_photograph(self, photograph: Photograph) -> None:
        """Show a picture and its ink; one that was shown already stays where it is."""
        if photograph is not self._photograph or self.canvas.pyramid is None:
            is_other = self._photograph is None or photograph.image.id != self._photograph.image.id
            self._photograph = photograph
            self._show_pyramid()
            self.layer.show_picture(photograph.colour.shape, photograph.outline)
            if is_other:
                self.canvas.fit()

    def show_map(self, saliency: SaliencyMap, limit: float) -> None:
        """Show a map to the value at the end of its scale."""
        self.layer.show_map(saliency, limit)
        self.scale.show_scale(limit, self.layer.look.colours)

    def show_sentence(self, text: str) -> None:
        """Show why there is no picture, or no map."""
        self.layer.show_map(None)
        self.scale.show_scale(0.0, self.layer.look.colours)
        self.canvas.show_message(text)

    def set_look(self, look: Look) -> None:
        """Show it like this."""
        is_recoloured = look.is_grey != self.layer.look.is_grey
        self.layer.set_look(look)
        if is_recoloured and self.canvas.pyramid is not None:
            self._show_pyramid()

    def _show_pyramid(self) -> None:
        if self._photograph is not None:
            is_grey = self.layer.look.is_grey
            self.canvas.show_picture(self._photograph.grey if is_grey else self._photograph.colour, None)
