"""Which pictures can be looked at, and in which order, read off the window's thread."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gsal.audit.names import method_name
from gsal.errors import GsalError, NotFoundError
from gsal.jobs.cohorts.judged import judged_images, learned_images
from gsal.jobs.saliency.runs import audited_runs
from gsal.project import Project
from gsal.records import (
    COLUMNS,
    ImageRecord,
    MaskRecord,
    MaskSet,
    ModelKind,
    ModelRecord,
    ModelStatus,
    SaliencyMethod,
    Variant,
)

__all__ = ["Listing", "Order", "Request", "Scope", "read_listing", "ready_classifiers"]


class Order(StrEnum):
    """How the pictures follow each other."""

    LIST = "list"
    MOST_MEAN = "most mean"
    LEAST_MEAN = "least mean"
    MOST_PEAK = "most peak"
    LEAST_PEAK = "least peak"

    @property
    def column(self) -> str:
        """The stored aggregate to sort by; "" for none."""
        return "" if self is Order.LIST else self.split()[1]

    @property
    def is_descending(self) -> bool:
        """Whether the largest comes first."""
        return self.startswith("most")


class Scope(StrEnum):
    """Which pictures there are to look at."""

    JUDGED = "judged"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Request:
    """Which pictures, in which order.

    Attributes:
        models: Names of those that are shown; the first judges, and its stored aggregates order. Empty before
            any is known, and then it is the first one there is.
        image_id: The picture that is looked at; None without one.
        scope: The pictures that judge the first model, or all of the project.
        method: Of these aggregates.
        mask_set: That the aggregates rest on, and that says what is inked.
        label: Of the pictures; "" for those without, None for all.
        inked: Whether they are inked; None for all. Pictures without a mask are neither.
        reader_id: Who looks.
    """

    models: tuple[str, ...]
    method: SaliencyMethod
    mask_set: MaskSet
    order: Order = Order.LIST
    label: str | None = None
    inked: bool | None = None
    reader_id: int | None = None
    scope: Scope = Scope.JUDGED
    image_id: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """What was asked for, and what there is.

    Attributes:
        image_ids: In order.
        models: Classifiers that are ready, in the order they were made.
        labels: Of the pictures; "" stands for none.
        kept_back: Pictures that the reader has still to read without knowing what others found.
        learned: The pictures that each model which is shown learned from, by its name.
        image: The picture that is looked at as it is now; None where it is gone.
        mask: Its mask in the set; None without one.
        note: What there is to say of which pictures these are, and of their order; "" for nothing.
    """

    request: Request
    image_ids: tuple[int, ...]
    models: tuple[ModelRecord, ...]
    labels: tuple[str, ...]
    kept_back: frozenset[int]
    learned: Mapping[str, frozenset[int]]
    image: ImageRecord | None
    mask: MaskRecord | None
    note: str = ""


def ready_classifiers(project: Project) -> tuple[ModelRecord, ...]:
    """Return the classifiers that can be explained, in the order they were made."""
    every = project.store.models.all(ModelKind.CLASSIFIER)
    return tuple(model for model in every if model.status is ModelStatus.READY)


def read_listing(project: Project, request: Request) -> Listing:
    """Read the pictures asked for; all of the project where none judge the model yet."""
    store = project.store
    models = ready_classifiers(project)
    shown = _shown(models, request)
    images, notes = _in_scope(project, shown[0] if shown else None, request.scope)
    unread = frozenset(store.decisions.to_read_blind(request.reader_id))
    fitting = [image for image in images if image.id not in unread and _fits(image, request)]
    if request.inked is not None:
        masks = store.masks.best([image.id for image in fitting], request.mask_set)
        fitting = [
            image
            for image in fitting
            if image.id in masks and (masks[image.id].ink_px > project.min_ink_px) is request.inked
        ]
    ids = [image.id for image in fitting]
    if request.order is not Order.LIST:
        values = _stored(project, shown[0], request) if shown else {}
        ids.sort(key=lambda number: _rank(values.get(number, math.nan), request.order))
        if shown and not values:
            notes.append(_nothing_stored(shown[0], request))
    image, mask = _looked_at(project, request)
    return Listing(
        request=request,
        image_ids=tuple(ids),
        models=models,
        labels=tuple(sorted({image.label or "" for image in images})),
        kept_back=unread,
        learned={model.name: _learned(project, model) for model in shown},
        image=image,
        mask=mask,
        note="  ".join(notes),
    )


def _shown(models: Sequence[ModelRecord], request: Request) -> list[ModelRecord]:
    """Return the models that are shown; the first there is where none is known, or the first one is gone."""
    named = {model.name: model for model in models}
    first, *others = request.models or ("",)
    chosen = [named.get(first) or next(iter(models), None), *(named.get(name) for name in others)]
    return [model for model in chosen if model is not None]


def _in_scope(
    project: Project, model: ModelRecord | None, scope: Scope
) -> tuple[list[ImageRecord], list[str]]:
    """Return the pictures, in the order they were imported, and what is to be said of them."""
    if scope is Scope.ALL or model is None:
        return project.store.images.all(), []
    try:
        judging = judged_images(project, model)
    except GsalError as error:
        # Without a split every picture is as good as any other.
        notes = [f"All pictures are listed. {error}"] if project.split is not None else []
        return project.store.images.all(), notes
    if judging:
        return judging, []
    notes = [f"All pictures are listed: none that judges {model.name} is of a class that it knows."]
    return project.store.images.all(), notes


def _learned(project: Project, model: ModelRecord) -> frozenset[int]:
    try:
        return learned_images(project, model)
    except GsalError:
        # Why is told where the pictures that judge it are listed.
        return frozenset()


def _looked_at(project: Project, request: Request) -> tuple[ImageRecord | None, MaskRecord | None]:
    if request.image_id is None:
        return None, None
    try:
        image = project.store.images.get(request.image_id)
    except NotFoundError:
        return None, None
    return image, project.store.masks.best([image.id], request.mask_set).get(image.id)


def _fits(image: ImageRecord, request: Request) -> bool:
    return request.label is None or (image.label or "") == request.label


def _stored(project: Project, model: ModelRecord, request: Request) -> Mapping[int, float]:
    """Return the stored aggregate of the predicted class, by picture."""
    runs = project.store.saliency.runs(model.id)
    fitting = [run for run in audited_runs(runs, request.mask_set) if run.settings.method is request.method]
    if not fitting:
        return {}
    column = COLUMNS.index(request.order.column)
    predictions = project.store.predictions.all(model.id, variant=Variant.ORIGINAL)
    return {
        number: float(row.values[predictions[number].logits.argmax(), column])
        for number, row in project.store.saliency.rows(fitting[-1].id).items()
        if number in predictions
    }


def _rank(value: float, order: Order) -> tuple[bool, float]:
    """Return what to sort by: pictures without a value come last either way."""
    if math.isnan(value):
        return True, 0.0
    return False, -value if order.is_descending else value


def _nothing_stored(model: ModelRecord, request: Request) -> str:
    return (
        f"In the order of the list: no {method_name(request.method)} of {model.name} over the "
        f"{request.mask_set} masks is stored. Compute saliency first."
    )
