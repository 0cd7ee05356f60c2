"""The pictures of the cards in sight, made one after the other; what was scrolled past is not made."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.gallery.listing import Card
from app.gallery.pictures import CardPictures, explained, taken
from app.jobs.background import Background
from gsal.errors import GsalError
from gsal.jobs.saliency.kept import Kept
from gsal.jobs.saliency.look import Explainer
from gsal.progress import JobCancelled, JobContext
from gsal.project import Project
from gsal.records import MaskSet, ModelRecord, SaliencyMethod

__all__ = ["CardMaking", "Kind"]

_PICTURES_BYTES = 96 << 20
_MAPS_BYTES = 64 << 20
_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """What is made of every card."""

    model: ModelRecord
    method: SaliencyMethod
    mask_set: MaskSet

    def key(self, card: Card) -> _Key:
        """Return what the pictures of a card depend on; with another mask they are others."""
        network = self.model.id, self.model.weights_sha256
        return (*network, self.method, self.mask_set, card.image_id, card.mask_sha256)


class CardMaking(QObject):
    """Keeps what was made last, up to a bound of memory.

    Args:
        project: Whose pictures.
        parent: Owner.

    Signals:
        made(image_id): More of its card is there.
        progressed(done, total): Of the cards that are wanted.
        failed(what, error): The program is wrong.
    """

    made = Signal(int)
    progressed = Signal(int, int)
    failed = Signal(object, object)
    _told = Signal(object, object)

    def __init__(self, project: Project, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._explainer = Explainer(project, most_bytes=_MAPS_BYTES)
        self._kept = Kept[_Key, CardPictures](most_bytes=_PICTURES_BYTES)
        self._refused = Kept[_Key, CardPictures](most_bytes=_PICTURES_BYTES)
        self._kind: Kind | None = None
        self._wanted: tuple[Card, ...] = ()
        self._current: Card | None = None
        self._context = JobContext()
        self._told.connect(self._keep)
        self._working = Background("gallery", parent=self)
        self._working.done.connect(self._end)
        self._working.failed.connect(self._give_up)

    @property
    def is_busy(self) -> bool:
        """Whether something is being made."""
        return self._current is not None

    def begin(self, kind: Kind | None) -> None:
        """Make cards of this kind from now on, and try again what could not be made; None for none."""
        self._refused = Kept(most_bytes=_PICTURES_BYTES)
        if kind != self._kind:
            self._kind = kind
            self.want(())

    def get(self, card: Card) -> CardPictures | None:
        """Return what there is of a card."""
        if self._kind is None:
            return None
        key = self._kind.key(card)
        return self._refused.get(key) or self._kept.get(key)

    def want(self, cards: Sequence[Card]) -> None:
        """Make these, in this order, in place of what was wanted before."""
        self._wanted = tuple(cards)
        if self._current is not None and self._current not in self._wanted:
            self._context.cancel.set()
        self._go_on()

    def shut_down(self) -> None:
        """Stop, and wait for it."""
        self._wanted = ()
        self._context.cancel.set()
        self._working.shut_down()

    def _go_on(self) -> None:
        missing = [card for card in self._wanted if not self._is_complete(card)]
        self.progressed.emit(len(self._wanted) - len(missing), len(self._wanted))
        if self._current is not None or not missing or self._kind is None:
            return
        self._current = missing[0]
        self._context = JobContext()
        place = self._kind.key(self._current), self._current.image_id
        work = partial(self._make, self._kind, self._current, self._context)
        self._working.submit(place, work)

    def _is_complete(self, card: Card) -> bool:
        found = self.get(card)
        return found is not None and found.is_complete

    def _make(self, kind: Kind, card: Card, ctx: JobContext) -> CardPictures:
        """Be called in the other thread."""
        ctx.check()
        shot = taken(self._project, card.image_id, kind.mask_set)
        self._told.emit((kind.key(card), card.image_id), shot.pictures)
        ctx.check()
        return explained(self._explainer, shot, kind.model, kind.method, ctx)

    @Slot(object, object)
    def _keep(self, place: tuple[_Key, int], pictures: CardPictures) -> None:
        key, image_id = place
        kept = self._refused if pictures.problem else self._kept
        kept.put(key, pictures, size=pictures.nbytes)
        self.made.emit(image_id)

    @Slot(object, object)
    def _end(self, place: tuple[_Key, int], pictures: CardPictures) -> None:
        self._keep(place, pictures)
        self._current = None
        self._go_on()

    @Slot(object, object)
    def _give_up(self, place: tuple[_Key, int], error: BaseException) -> None:
        if not isinstance(error, JobCancelled):
            self._keep(place, CardPictures(problem=str(error)))
        self._current = None
        if not isinstance(error, JobCancelled | GsalError | OSError):
            self.failed.emit("a card of the gallery", error)
        self._go_on()
