"""The maps of one model or two, side by side over the same place of one picture, and their figures."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.maps.exporting import Shown, ShownMap
from app.maps.figures import FiguresTable
from app.maps.pane import MapPane
from app.maps.photograph import Photograph
from app.maps.words import figure_texts
from app.review.compare.together import Together
from gsal.jobs.saliency.look import PictureMap
from gsal.records import MaskSet
from gsal.saliency.overlay import Look, scale_limit

__all__ = ["Panes"]

_MOST = 2
_ZOOM_STEP = 1.25


class Panes(QWidget):
    """Keeps what was made, so that class, scale and look change without making anything again.

    Signals:
        changed(): Other maps are shown, or none.

    Attributes:
        figures: Of the maps; laid out by whoever shows both.
    """

    changed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("mapPanes")
        self._look = look
        self._class: str | None = None
        self._photograph: Photograph | None = None
        self._made: dict[int, PictureMap] = {}
        self.figures = FiguresTable(_MOST)
        self.panes = tuple(MapPane(number) for number in range(_MOST))
        self._together = Together([self.panes[1].canvas], principal=self.panes[0].canvas, parent=self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for pane in self.panes:
            pane.set_look(look)
            layout.addWidget(pane, 1)
        self.begin(("",))

    def begin(self, models: Sequence[str]) -> None:
        """Make room for the maps of these models; those before are gone."""
        self._made.clear()
        self.figures.show_models(models)
        for number, pane in enumerate(self.panes):
            is_new = pane.isHidden() and number < len(models)
            pane.setVisible(number < len(models))
            pane.begin(models[number] if number < len(models) else "")
            if is_new:
                pane.canvas.fit()
        self.changed.emit()

    def set_class(self, name: str | None) -> None:
        """Show the maps of this class; None for the one that each model predicts."""
        self._class = name
        self._show_maps()

    @Slot(object)
    def set_look(self, look: Look) -> None:
        """Show them like this."""
        is_rescaled = (look.is_shared, look.colours) != (self._look.is_shared, self._look.colours)
        self._look = look
        for pane in self.panes:
            pane.set_look(look)
        if is_rescaled:
            self._show_maps()

    @Slot(object)
    def show_photograph(self, photograph: Photograph) -> None:
        """Show the picture that the maps are of."""
        self._photograph = photograph
        self._together.set_shape(photograph.colour.shape)
        for pane in self.panes:
            pane.show_photograph(photograph)

    @Slot(int, object)
    def show_made(self, number: int, made: PictureMap) -> None:
        """Show the map of a model, by its place."""
        self._made[number] = made
        self._show_maps()

    @Slot(int, str)
    def show_refused(self, number: int, text: str) -> None:
        """Say in its place why there is no map."""
        self._made.pop(number, None)
        self.panes[number].show_sentence(text)
        self.changed.emit()

    def show_sentence(self, text: str) -> None:
        """Say why there is no picture."""
        self._photograph = None
        self._made.clear()
        for pane in self.panes:
            pane.show_sentence(text)
        self.changed.emit()

    @property
    def photograph(self) -> Photograph | None:
        """The picture that the maps are of; None while there is none."""
        return self._photograph

    def shown(self, mask_set: MaskSet, learned: str) -> Shown | None:
        """Return all that is shown, `learned` with it; None while there is no map."""
        maps = self._maps()
        if self._photograph is None or not maps:
            return None
        return Shown(self._photograph, tuple(maps.values()), mask_set, self._look, learned)

    @Slot(bool)
    def hide_maps(self, is_hidden: bool) -> None:
        """Show the picture and its outlines alone, or the maps too."""
        for pane in self.panes:
            pane.layer.hide_map(is_hidden)

    @Slot()
    def fit(self) -> None:
        """Show the whole picture."""
        self._together.fit()

    def zoom(self, steps: int) -> None:
        """Zoom in at the middle, or out."""
        self.panes[0].canvas.zoom_by(_ZOOM_STEP**steps)

    def _maps(self) -> dict[int, ShownMap]:
        """Return the maps of the class that is shown, by place."""
        chosen = {
            number: (made, made.predicted if self._class is None else made.classes.index(self._class))
            for number, made in sorted(self._made.items())
            if self._class is None or self._class in made.classes
        }
        of_class = {number: made.maps[index] for number, (made, index) in chosen.items()}
        colours = self._look.colours
        common = scale_limit(list(of_class.values()), colours)
        return {
            number: ShownMap(
                made, index, common if self._look.is_shared else scale_limit([of_class[number]], colours)
            )
            for number, (made, index) in chosen.items()
        }

    def _show_maps(self) -> None:
        maps = self._maps()
        for number, made in self._made.items():
            pane = self.panes[number]
            if number not in maps:
                self.figures.show_texts(number, {})
                pane.show_sentence(f"{made.model} does not know the class {self._class}.")
                continue
            one, photograph = maps[number], self._photograph
            if photograph is not None:
                pane.show_photograph(photograph)
                texts = figure_texts(one.made, one.number, photograph.image.label)
                self.figures.show_texts(number, texts)
            pane.show_map(one.made.maps[one.number], one.limit)
        self.changed.emit()
