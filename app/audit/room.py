"""What is found out about classifiers: figures over all pictures, examples, maps of single ones, methods."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.audit.page import AuditPage
from app.jobs.manager import JobManager
from app.theme import Theme
from app.widgets.controls import tab_button
from gsal.project import Project

if TYPE_CHECKING:
    from app.gallery.view import GalleryView
    from app.maps.view import MapsView
    from app.methods.view import MethodsView
    from app.tables.view import TablesView

__all__ = ["AuditRoom"]

_FIGURES, _GALLERY, _MAPS, _METHODS, _TABLES = range(5)
_TABS = (
    ("figuresTab", "Figures", "Ink saliency over all validation pictures"),
    ("galleryTab", "Gallery", "Where a model looks at the ink most, and least"),
    ("mapsTab", "Maps", "Look at saliency maps, picture by picture"),
    ("methodsTab", "Methods", "Compare saliency methods, and measure what the ink really does"),
    ("tablesTab", "Tables", "Every table of the last audit"),
)


class AuditRoom(QWidget):
    """Tabs; what a tab shows is made when it is first opened.

    Signals:
        unread(what, error): Something of the project could not be read.
        training_asked(): The page where classifiers are trained.

    Attributes:
        figures: The audit page.
    """

    unread = Signal(object, object)
    training_asked = Signal()

    def __init__(self, project: Project, manager: JobManager, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("auditRoom")
        self._project, self._manager, self._theme = project, manager, theme
        self._reader_id: int | None = None
        self.figures = AuditPage(project, manager, theme)
        self.figures.source.reading.failed.connect(self.unread)
        self.figures.selection.picture_opened.connect(self.show_picture)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.figures)
        self.tabs = QButtonGroup(self)
        top = QHBoxLayout()
        top.setContentsMargins(16, 8, 16, 0)
        top.setSpacing(4)
        for number, (name, text, tip) in enumerate(_TABS):
            tab = tab_button(name, text, tip)
            self.tabs.addButton(tab, number)
            top.addWidget(tab)
        top.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.pages, 1)
        self.tabs.idClicked.connect(self.show_tab)
        self.show_tab(_FIGURES)

    @cached_property
    def gallery(self) -> "GalleryView":
        """The pictures whose ink is looked at most, and least."""
        from app.gallery.view import GalleryView

        made = GalleryView(self._project, self._manager, self.figures.selection, self._theme)
        made.reading.failed.connect(self.unread)
        made.making.failed.connect(self.unread)
        made.training_asked.connect(self.training_asked)
        made.saliency_asked.connect(self.figures.ask_saliency)
        self.pages.addWidget(made)
        if self._reader_id is not None:
            made.set_reader(self._reader_id)
        return made

    @cached_property
    def maps(self) -> "MapsView":
        """The maps of single pictures."""
        from app.maps.view import MapsView

        made = MapsView(self._project, self._manager)
        made.reading.failed.connect(self.unread)
        self.pages.addWidget(made)
        if self._reader_id is not None:
            made.set_reader(self._reader_id)
        return made

    @cached_property
    def methods(self) -> "MethodsView":
        """The methods side by side."""
        from app.methods.view import MethodsView

        made = MethodsView(self._project, self._manager, self._theme)
        made.reading.failed.connect(self.unread)
        made.saliency_asked.connect(self.figures.ask_saliency)
        self.pages.addWidget(made)
        return made

    @cached_property
    def tables(self) -> "TablesView":
        """The tables of the last audit."""
        from app.tables.view import TablesView

        made = TablesView(self._project, self._manager)
        made.reading.failed.connect(self.unread)
        self.pages.addWidget(made)
        return made

    def show_figures(self) -> None:
        """Open the tab where saliency is computed and the report is written."""
        self.show_tab(_FIGURES)

    @Slot(int)
    def show_tab(self, number: int) -> None:
        """Open a tab."""
        self.tabs.button(number).setChecked(True)
        page = self._page(number)
        self.pages.setCurrentWidget(page)
        # Its keys work while it has the focus.
        page.setFocus()

    def _page(self, number: int) -> QWidget:
        if number == _GALLERY:
            return self.gallery
        if number == _MAPS:
            return self.maps
        if number == _TABLES:
            return self.tables
        return self.methods if number == _METHODS else self.figures

    @Slot(int)
    def show_picture(self, image_id: int) -> None:
        """Show the maps of a picture."""
        self.maps.show_picture(image_id)
        self.show_tab(_MAPS)

    def set_reader(self, reader_id: int) -> None:
        """Keep from this reader what is still to be read blind."""
        self._reader_id = reader_id
        if "gallery" in self.__dict__:
            self.gallery.set_reader(reader_id)
        if "maps" in self.__dict__:
            self.maps.set_reader(reader_id)

    def shut_down(self) -> None:
        """Wait for what is under way."""
        self.figures.shut_down()
        if "gallery" in self.__dict__:
            self.gallery.shut_down()
        if "maps" in self.__dict__:
            self.maps.shut_down()
        if "methods" in self.__dict__:
            self.methods.shut_down()
        if "tables" in self.__dict__:
            self.tables.shut_down()
