"""Maps on demand: one wish after the other off the window's thread, the newest in place of all before it."""

from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.maps.photograph import Photograph, read_photograph
from app.widgets.latest import Latest
from gsal.errors import GsalError
from gsal.jobs.saliency.look import Explainer
from gsal.progress import JobCancelled, JobContext, Progress
from gsal.project import Project
from gsal.records import MaskSet, ModelRecord, SaliencyMethod
from gsal.saliency.options import Options

__all__ = ["Making", "Wish"]


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """One picture, explained for one model or several.

    Attributes:
        models: From left to right.
    """

    image_id: int
    models: tuple[ModelRecord, ...]
    method: SaliencyMethod
    mask_set: MaskSet
    options: Options = field(default_factory=Options)


class Making(QObject):
    """Reads the picture, then makes each model's map; a newer wish stops what is under way.

    Only what belongs to the newest wish is told.

    Signals:
        photographed(Photograph): The picture was read.
        made(number, PictureMap): The map of the model with this number in the wish.
        refused(number, str): There is none, and why.
        reported(Progress): How far a slow method is.
        ended(is_stopped): Nothing more comes.
        failed(error): The picture cannot be shown, or the program is wrong.
    """

    photographed = Signal(object)
    made = Signal(int, object)
    refused = Signal(int, str)
    reported = Signal(object)
    ended = Signal(bool)
    failed = Signal(object)
    _told = Signal(object, object)

    def __init__(self, project: Project, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._explainer = Explainer(project)
        self._wish: Wish | None = None
        self._context = JobContext()
        self._last: Photograph | None = None
        self._told.connect(self._tell)
        self._working = Latest("maps", parent=self)
        self._working.done.connect(self._end)
        self._working.failed.connect(self._give_up)

    @property
    def is_busy(self) -> bool:
        """Whether something is still to come."""
        return self._wish is not None

    def ask(self, wish: Wish) -> None:
        """Make this instead of what was asked for before."""
        self._context.cancel.set()
        self._wish = wish
        self._context = JobContext(lambda event: self._told.emit(wish, event))
        self._working.submit(wish, partial(self._make, wish, self._context))

    @Slot()
    def stop(self) -> None:
        """Stop what is under way; what of it is here already stays."""
        self._context.cancel.set()

    def forget(self) -> None:
        """Stop, and tell nothing more."""
        self._context.cancel.set()
        self._wish = None

    def shut_down(self) -> None:
        """Stop, and wait for it."""
        self.forget()
        self._working.shut_down()

    def _make(self, wish: Wish, ctx: JobContext) -> None:
        """Be called in the other thread."""
        ctx.check()
        photograph = read_photograph(self._project, wish.image_id, wish.mask_set, self._last)
        self._last = photograph
        self._told.emit(wish, photograph)
        for number, model in enumerate(wish.models):
            try:
                found: object = self._explainer.explain(
                    model,
                    photograph.image,
                    wish.method,
                    wish.options,
                    wish.mask_set,
                    picture=photograph.pixels,
                    ctx=ctx,
                )
            except GsalError as error:
                found = error
            self._told.emit(wish, (number, found))

    @Slot(object, object)
    def _tell(self, wish: Wish, news: object) -> None:
        if wish is not self._wish:
            return
        match news:
            case Photograph():
                self.photographed.emit(news)
            case Progress():
                self.reported.emit(news)
            case (int(number), GsalError() as error):
                self.refused.emit(number, str(error))
            case (int(number), found):
                self.made.emit(number, found)

    @Slot(object, object)
    def _end(self, wish: Wish, result: object) -> None:
        del result
        if wish is self._wish:
            self._wish = None
            self.ended.emit(False)

    @Slot(object, object)
    def _give_up(self, wish: Wish, error: BaseException) -> None:
        if wish is not self._wish:
            return
        self._wish = None
        if isinstance(error, JobCancelled):
            self.ended.emit(True)
        else:
            self.failed.emit(error)
