"""Which pictures the gallery shows, ordered by stored ink saliency; read off the window's thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePosixPath

import numpy as np
import numpy.typing as npt

from app.audit.stored import run_table
from app.maps.listing import ready_classifiers
from gsal.audit import AuditData
from gsal.audit.names import method_name
from gsal.errors import GsalError
from gsal.jobs.audits.basis import judged_table
from gsal.jobs.cohorts.judged import table_of_judged
from gsal.jobs.saliency.runs import audited_runs, is_usual
from gsal.project import Project
from gsal.records import Aggregator, MaskSet, ModelRecord, SaliencyMethod, SaliencyRun

__all__ = ["Answers", "Card", "Gallery", "Request", "read_gallery"]


class Answers(StrEnum):
    """Which pictures, by the model's answer."""

    ALL = "all"
    RIGHT = "right"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Request:
    """What to show.

    Attributes:
        model: Its name; "" before any is known, and then it is the first one there is.
        method: Of the maps, and of the aggregates that order where they are stored.
        aggregator: The number that orders.
        mask_set: That the aggregates rest on.
        classes: True classes of the pictures; empty for all.
        answers: Of the model.
        reader_id: Who looks.
    """

    model: str
    method: SaliencyMethod
    aggregator: Aggregator
    mask_set: MaskSet
    classes: frozenset[str] = frozenset()
    answers: Answers = Answers.ALL
    reader_id: int | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A picture of the gallery and what is stored of it.

    Attributes:
        name: Of its file, without folders.
        true_class, predicted: Names of classes.
        confidence: Softmax of the predicted class.
        mean, peak: m and n of the predicted class.
        chance: |A| / |P|, what n is of a map that knows nothing of ink.
        mask_sha256: Of the mask in the set as it is now; "" without one.
    """

    image_id: int
    name: str
    true_class: str
    predicted: str
    confidence: float
    mean: float
    peak: float
    chance: float
    mask_sha256: str

    @property
    def is_right(self) -> bool:
        """Whether the model answers with the true class."""
        return self.true_class == self.predicted


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """What was asked for, and what there is.

    Attributes:
        models: Classifiers that are ready, in the order they were made.
        model: That is shown; None where there is none.
        ordered_by: Method of the stored aggregates; None where none are stored.
        table: The pictures, most ink-salient first; None where nothing is stored.
        inked: Pictures with ink that are stored and may be seen, whether they fit the request or not.
        kept_back: How many the reader has still to read without knowing what others found.
        mask_sha256: By picture.
        other_sets: Other mask sets that the model has something stored over.
        note: What else there is to say; "" for nothing.
    """

    request: Request
    models: tuple[ModelRecord, ...]
    model: ModelRecord | None = None
    ordered_by: SaliencyMethod | None = None
    table: AuditData | None = None
    inked: int = 0
    kept_back: int = 0
    mask_sha256: Mapping[int, str] | None = None
    other_sets: tuple[str, ...] = ()
    note: str = ""

    def __len__(self) -> int:
        return self.table.n if self.table is not None else 0

    @property
    def image_ids(self) -> npt.NDArray[np.int64]:
        """Numbers of the pictures, most ink-salient first."""
        return self.table.image_ids if self.table is not None else np.empty(0, np.int64)

    def shows_as(self, other: "Gallery") -> bool:
        """Whether the other one was read for the same choice, from the same models."""
        # The first reading asks for no model by name.
        asked = [replace(one.request, model="") for one in (self, other)]
        names = [[model.name for model in one.models] for one in (self, other)]
        return asked[0] == asked[1] and self.model == other.model and names[0] == names[1]

    def card(self, place: int) -> Card:
        """Return the picture of this place, the most ink-salient first.

        Raises:
            IndexError: There is none.
        """
        if self.table is None:
            raise IndexError(place)
        table = self.table.kept(np.array([place]))
        image_id = int(table.image_ids[0])
        return Card(
            image_id=image_id,
            name=PurePosixPath(table.images[0]).name,
            true_class=table.classes[int(table.true_class[0])],
            predicted=table.classes[int(table.predicted[0])],
            confidence=float(table.confidence[0]),
            mean=float(table.mean[0]),
            peak=float(table.peak[0]),
            chance=float(table.mask_area[0] / table.map_pixels[0]),
            mask_sha256=(self.mask_sha256 or {}).get(image_id, ""),
        )


def read_gallery(project: Project, request: Request) -> Gallery:
    """Read what is stored of the chosen model, or of the first there is."""
    models = ready_classifiers(project)
    model = next((one for one in models if one.name == request.model), next(iter(models), None))
    if model is None:
        return Gallery(request, models)
    runs = project.store.saliency.runs(model.id)
    others = {r.settings.mask_set for r in runs if r.rows and is_usual(r.settings)} - {request.mask_set}
    run = _ordering(runs, request)
    if run is None:
        return Gallery(request, models, model, other_sets=tuple(sorted(others)))
    masks = project.store.masks.hashes(request.mask_set)
    try:
        images = judged_table(table_of_judged(project, model), model.classes, masks)
    except GsalError as error:
        return Gallery(request, models, model, note=str(error))
    stored = run_table(project, model, run, images, project.store.predictions.table(model.id))
    unread = set(project.store.decisions.to_read_blind(request.reader_id))
    seen = stored.kept(~np.isin(stored.image_ids, sorted(unread)))
    inked = seen.kept(np.isfinite(seen.aggregate(request.aggregator)))
    fitting = inked.kept(_fits(inked, request))
    order = np.argsort(-fitting.aggregate(request.aggregator), kind="stable")
    method = run.settings.method
    old = _outdated(project, run, masks, inked)
    return Gallery(
        request=request,
        models=models,
        model=model,
        ordered_by=method,
        table=fitting.kept(order),
        inked=inked.n,
        kept_back=len(unread),
        mask_sha256={number: masks[number] for number in fitting.image_ids.tolist()},
        other_sets=tuple(sorted(others)),
        note="  ".join(part for part in (_order_text(method, request), old) if part),
    )


def _ordering(runs: Sequence[SaliencyRun], request: Request) -> SaliencyRun | None:
    """Return the stored run that orders: of the chosen method, else of the first that has pictures."""
    stored = [run for run in audited_runs(runs, request.mask_set) if run.rows]
    chosen = (run for run in stored if run.settings.method is request.method)
    return next(chosen, next(iter(stored), None))


def _fits(table: AuditData, request: Request) -> npt.NDArray[np.bool_]:
    fits = np.ones(table.n, np.bool_)
    if request.classes:
        fits &= np.isin(np.array(table.classes), sorted(request.classes))[table.true_class]
    if request.answers is not Answers.ALL:
        fits &= table.correct == (request.answers is Answers.RIGHT)
    return fits


def _order_text(method: SaliencyMethod, request: Request) -> str:
    if method is request.method:
        return ""
    return (
        f"Order, m and n are those of {method_name(method)}: no {method_name(request.method)} is stored over "
        f"the {request.mask_set} masks."
    )


def _outdated(project: Project, run: SaliencyRun, masks: Mapping[int, str], table: AuditData) -> str:
    """Say how many stored numbers rest on masks that are others by now."""
    rested = project.store.saliency.mask_hashes(run.id)
    old = sum(rested.get(number) != masks[number] for number in table.image_ids.tolist())
    if not old:
        return ""
    return f"m and n of {old:,} rest on masks that have changed since: compute saliency again."
