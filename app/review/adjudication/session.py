"""What an adjudication needs beside the reading itself: two masks, their agreement, and taking from them."""

from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal, Slot

from app.jobs.background import Background
from app.review.reading.opening import OpenedPicture
from app.review.reading.session import ReadingSession
from app.review.reading.sizes import at_size
from app.widgets.coalescer import Coalescer
from gsal.arrays import Mask
from gsal.editing.painting import Painting
from gsal.jobs.reading.agreement import ReaderMask, read_kappa, read_pair
from gsal.masks.reader_agreement import Agreement, Measured, agreement_of, measured
from gsal.project import Project
from gsal.records import Verdict

__all__ = ["AdjudicationSession", "LaidOutPair", "Taking"]

_SETTLE_MS = 150


class Taking(StrEnum):
    """What of the two masks the third is to be; the texts are kept as the tool of the step."""

    FIRST = "take-1"
    SECOND = "take-2"
    EITHER = "take-either"
    BOTH = "take-agreed"

    def of(self, first: Mask, second: Mask) -> Mask:
        """Return the mask that results."""
        match self:
            case Taking.FIRST:
                return first
            case Taking.SECOND:
                return second
            case Taking.EITHER:
                return first | second
            case Taking.BOTH:
                return first & second


@dataclass(frozen=True, slots=True, eq=False)
class LaidOutPair:
    """Two readings with all that is worked out once.

    Attributes:
        verdicts: What the readers decided.
        revision_ids: Of their masks; None where none was left.
        paintings: Their masks for canvases; never changed.
        measured: Their masks for comparing.
        n_readings: How many readers read the picture; these are the two who did last.
    """

    verdicts: tuple[Verdict, Verdict]
    revision_ids: tuple[int | None, int | None]
    paintings: tuple[Painting, Painting]
    measured: tuple[Measured, Measured]
    n_readings: int


class AdjudicationSession(QObject):
    """Stands beside a reading session; reads and compares off the window's thread.

    Signals:
        read(pair): A `LaidOutPair`: the two masks can be shown.
        agreed(agreement): An `Agreement` of the masks as they are by now.
        judged(kappa): A `Kappa` over all doubly read pictures.
        failed(error): The two masks, or kappa, cannot be read.
    """

    read = Signal(object)
    agreed = Signal(object)
    judged = Signal(object)
    failed = Signal(object)

    def __init__(self, project: Project, reading: ReadingSession, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._reading = reading
        self.pair: LaidOutPair | None = None
        self._open_id: int | None = None
        self._is_comparing = False
        self._is_stale = False
        self._background = Background("adjudication", parent=self)
        # Kappa reads the whole project: the figures of this picture do not wait for it.
        self._judging = Background("kappa", parent=self)
        for background in (self._background, self._judging):
            background.done.connect(self._take_result)
            background.failed.connect(self._tell_failure)
        self._coalescer = Coalescer(self, interval_ms=_SETTLE_MS)
        self._coalescer.due.connect(self._compare)
        reading.changed.connect(self._coalescer.request)
        reading.edited.connect(self._coalescer.request)

    def open(self, picture: OpenedPicture) -> None:
        """Read what the two readers left for this picture, and kappa anew."""
        self.leave()
        self._open_id = picture.image.id
        work = partial(_lay_out, self._project, picture)
        self._background.submit(("pair", picture.image.id), work)
        self._judging.submit(("kappa", picture.image.id), partial(read_kappa, self._project))

    def leave(self) -> None:
        """Forget the two masks."""
        self.pair = self._open_id = None

    @property
    def is_undecided(self) -> bool:
        """Whether one of the two found ink, and nothing was done to the third mask yet."""
        found = self.pair is not None and any(kept.ink_pixels for kept in self.pair.paintings)
        return found and self._reading.is_untouched

    def take(self, taking: Taking) -> None:
        """Begin the third mask from what is taken, as one step that is kept and can be undone."""
        if self.pair is None:
            return
        first, second = (kept.levels[0].view(np.bool_) for kept in self.pair.paintings)
        ids = dict(zip((Taking.FIRST, Taking.SECOND), self.pair.revision_ids, strict=True))
        self._reading.take_mask(taking.of(first, second), tool=str(taking), revision_id=ids.get(taking))

    def shut_down(self) -> None:
        """Wait for what is being worked out."""
        self._background.shut_down()
        self._judging.shut_down()

    @Slot()
    def _compare(self) -> None:
        painting = self._reading.painting
        if self.pair is None or painting is None:
            return
        self._is_stale = self._is_comparing
        if not self._is_comparing:
            self._is_comparing = True
            # Not copied: it may change meanwhile, but whatever changes it asks for a comparison again.
            pixels = painting.levels[0]
            work = partial(_agree, self.pair.measured, pixels, self._project.min_ink_px)
            self._background.submit(("agreement", self._open_id), work)

    @Slot(object, object)
    def _take_result(self, key: tuple[str, int], result: object) -> None:
        what, image_id = key
        if what == "agreement":
            self._is_comparing = False
            if self._is_stale:
                self._coalescer.request()
        if image_id != self._open_id:
            return
        if isinstance(result, LaidOutPair):
            self.pair = result
            self.read.emit(result)
            self._compare()
        else:
            (self.agreed if isinstance(result, Agreement) else self.judged).emit(result)

    @Slot(object, object)
    def _tell_failure(self, key: tuple[str, int], error: BaseException) -> None:
        if key[0] == "agreement":
            self._is_comparing = False
        if key[1] == self._open_id:
            self.failed.emit(error)


def _lay_out(project: Project, picture: OpenedPicture) -> LaidOutPair:
    pair = read_pair(project, picture.image)
    first, second = (_laid_out(one, picture.pyramid.shape) for one in (pair.first, pair.second))
    least = project.min_ink_px
    return LaidOutPair(
        verdicts=(pair.first.verdict, pair.second.verdict),
        revision_ids=(pair.first.revision_id, pair.second.revision_id),
        paintings=(Painting(first, depth=1), Painting(second, depth=1)),
        measured=(measured(first, min_ink_px=least), measured(second, min_ink_px=least)),
        n_readings=pair.n_readings,
    )


def _laid_out(reader: ReaderMask, shape: tuple[int, int]) -> Mask:
    return np.zeros(shape, np.bool_) if reader.mask is None else at_size(reader.mask, *shape)


def _agree(pair: tuple[Measured, Measured], pixels: npt.NDArray[np.uint8], min_ink_px: float) -> Agreement:
    return agreement_of(*pair, measured(pixels, min_ink_px=min_ink_px))
