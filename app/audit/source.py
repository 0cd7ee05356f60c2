"""What the figures are made of: what the project has, joined with what a running job reports."""

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.audit.choosers import Choice
from app.audit.collected import Collected
from app.audit.figures import LIVE_DRAWS, Figures, Request, compute
from app.audit.stored import StoredSaliency, read_saliency
from app.audit.summary import shortfalls
from app.audit.under_way import is_coming, is_live
from app.jobs.background import Background
from app.jobs.changes import Part, has_changed
from app.jobs.manager import JobManager
from app.jobs.task import Task
from app.widgets.coalescer import Coalescer
from gsal.audit import AuditData
from gsal.audit.findings.left_out import left_out_texts
from gsal.audit.shortfall import Shortfall
from gsal.progress import SaliencyBatch
from gsal.project import Project
from gsal.records import MaskSet, Variant

__all__ = ["AuditSource"]

_PARTS = (
    *(Part.SALIENCY, Part.FINDINGS, Part.CLASSIFIERS, Part.MASKS, Part.PICTURES, Part.COHORTS),
    Part.ANSWERS,
)
_DRAWS = 2000
_SHOWN = {Variant.ORIGINAL, Variant.INPAINTED}
"""The pictures as they are, and the placebo."""


class AuditSource(QObject):
    """Reads, collects and computes in the background; one computation at a time, of the latest choice.

    Args:
        project: What is audited.
        manager: Of the jobs that report as they go.
        choice: What the figures are of at first.
        parent: Owner.

    Signals:
        read(): The project was read, or a model is new: other models, findings or runs may be there.
        computed(): There are new figures.

    Attributes:
        figures: Of the models that have saliency of the chosen method.
        classes: Of every model, in the order they were made, so that a model keeps its colour.
        stored: What the project had when it was last read; None until then.
    """

    read = Signal()
    computed = Signal()

    def __init__(self, project: Project, manager: JobManager, choice: Choice, parent: QObject) -> None:
        super().__init__(parent)
        self._project, self._manager, self._choice = project, manager, choice
        self._group: frozenset[str] = frozenset()
        self.collected = Collected()
        self.classes: dict[str, tuple[str, ...]] = {}
        self.stored: StoredSaliency | None = None
        self.figures = Figures.none(choice)
        self._is_computing = self._is_due = self._is_watched = False
        self.reading = Background("audit", parent=self)
        self.reading.done.connect(self._take)
        self.reading.failed.connect(self._end_computing)
        self._recompute = Coalescer(self)
        self._recompute.due.connect(self._compute)
        manager.reported.connect(self._take_event)
        manager.ended.connect(self._job_ended)

    def choose(self, choice: Choice) -> None:
        """Compute the figures of something else."""
        is_other_set = choice.mask_set is not self._choice.mask_set
        self._choice = choice
        if is_other_set:
            # Nothing of the masks chosen before stands under the name of these.
            self.collected.clear()
            self.stored = None
            self.figures = Figures.none(choice)
            self.read.emit()
            self.computed.emit()
            self.refresh()
        else:
            self.recompute()

    def choose_group(self, classes: frozenset[str]) -> None:
        """Compute the accuracy of some true classes against that of the rest; of all if empty."""
        self._group = classes
        self.recompute()

    def refresh(self) -> None:
        """Read again what the project has."""
        self.reading.submit("stored", partial(read_saliency, self._project, self._choice.mask_set))

    def recompute(self) -> None:
        """Compute the figures again, soon; while nobody looks at them, when somebody does."""
        self._is_due = True
        if self._is_watched:
            self._recompute.request()

    def watch(self, is_watched: bool) -> None:
        """Know whether somebody looks at the figures."""
        self._is_watched = is_watched
        if is_watched and self._is_due:
            self._recompute.request()

    @property
    def is_pending(self) -> bool:
        """Whether the figures are being computed, or will be once somebody looks."""
        return self._is_due or self._is_computing

    def expected(self, model: str) -> int:
        """Return how many pictures a complete run of a model has; 0 if that is not known."""
        return self.stored.expected.get(model, 0) if self.stored else 0

    def no_report(self) -> str:
        """Return why no report can be written of what there is; "" if it can."""
        if self.stored is None:
            return "The project is still being read."
        if is_coming(self._manager, self._choice.mask_set):
            return f"Saliency is still being computed. {self.left_out()}".strip()
        if not self.stored.begun:
            return "Compute saliency over these masks first."
        unfinished = [one for one in self._shortfalls() if one.of]
        return self.left_out() if len(unfinished) == len(self.stored.begun) else ""

    def left_out(self) -> str:
        """Return what an audit of what there is would leave out, for people; "" for nothing."""
        return " ".join(left_out_texts(self._shortfalls()))

    def _shortfalls(self) -> tuple[Shortfall, ...]:
        if self.stored is None:
            return ()
        return shortfalls(self.collected, self.stored.begun, self.stored.expected)

    @Slot(object, object)
    def _take_event(self, task: Task, event: object) -> None:
        del task
        if not isinstance(event, SaliencyBatch) or MaskSet(event.mask_set) is not self._choice.mask_set:
            return
        if event.variant not in _SHOWN or event.settings:
            return  # other runs, which are not to be mixed with what is shown
        if event.model not in self.classes:
            self.classes[event.model] = self._project.store.models.get(event.model).classes
            self.read.emit()
        self.collected.add(AuditData.from_batch(event, self.classes[event.model]), Variant(event.variant))
        self.recompute()

    @Slot(object)
    def _job_ended(self, task: Task) -> None:
        if has_changed(task, *_PARTS):
            self.refresh()

    @Slot()
    def _compute(self) -> None:
        if self._is_computing:
            return  # what is due follows
        choice = self._choice
        models = [m for m in self.collected.models(choice.method) if choice.model in {None, m}]
        request = Request(
            choice=choice,
            parts={m: self.collected.parts(m, choice.method) for m in models},
            placebos={m: self.collected.parts(m, choice.method, Variant.INPAINTED) for m in models},
            group=self._group,
            draws=LIVE_DRAWS if is_live(self._manager) else _DRAWS,
        )
        self._is_computing, self._is_due = True, False
        self.reading.submit("figures", partial(compute, request))

    @Slot(object, object)
    def _take(self, what: str, result: object) -> None:
        if isinstance(result, StoredSaliency):
            self._take_stored(result)
        elif isinstance(result, Figures):
            self._end_computing(what, None)
            if result.choice == self._choice:
                self.figures = result
                self.computed.emit()

    def _take_stored(self, stored: StoredSaliency) -> None:
        if stored.mask_set is not self._choice.mask_set:
            return  # other masks were chosen since
        self.stored, self.classes = stored, dict(stored.classes)
        if not is_live(self._manager):
            self.collected.forget_live()
        self.collected.replace_stored(stored.tables, stored.placebos)
        self.read.emit()
        self.recompute()

    @Slot(object, object)
    def _end_computing(self, what: str, error: BaseException | None) -> None:
        del error
        if what == "figures":
            self._is_computing = False
            if self._is_due:
                self.recompute()
