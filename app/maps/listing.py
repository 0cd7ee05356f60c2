"""Which pictures can be looked at, and in which order, read off the window's thread."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gsal.audit.names import method_name
from gsal.jobs.saliency.runs import audited_runs
from gsal.project import Project
from gsal.records import (
    COLUMNS,
    ImageRecord,
    MaskSet,
    ModelKind,
    ModelRecord,
    ModelStatus,
    SaliencyMethod,
    Side,
    Variant,
)

__all__ = ["Listing", "Order", "Request", "read_listing"]


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


@dataclass(frozen=True, slots=True)
class Request:
    """Which pictures, in which order.

    Attributes:
        model: Name of the model whose stored aggregates order them; "" before one is known.
        method: Of these aggregates.
        mask_set: That the aggregates rest on, and that says what is inked.
        label: Of the pictures; "" for those without, None for all.
        inked: Whether they are inked; None for all. Pictures without a mask are neither.
        reader_id: Who looks.
    """

    model: str
    method: SaliencyMethod
    mask_set: MaskSet
    order: Order = Order.LIST
    label: str | None = None
    inked: bool | None = None
    reader_id: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """What was asked for, and what there is.

    Attributes:
        image_ids: In order.
        models: Classifiers that are ready, in the order they were made.
        labels: Of the pictures; "" stands for none.
        kept_back: Pictures that the reader has still to read without knowing what others found.
        note: What there is to say of the order; "" for nothing.
    """

    request: Request
    image_ids: tuple[int, ...]
    models: tuple[ModelRecord, ...]
    labels: tuple[str, ...]
    kept_back: frozenset[int]
    note: str = ""


def read_listing(project: Project, request: Request) -> Listing:
    """Read the pictures asked for: the validation pictures, or all while the project is not split."""
    store = project.store
    every = store.models.all(ModelKind.CLASSIFIER)
    models = tuple(model for model in every if model.status is ModelStatus.READY)
    images = store.images.all(side=Side.VALIDATION) or store.images.all()
    unread = frozenset(store.decisions.to_read_blind(request.reader_id))
    shown = [image for image in images if image.id not in unread and _fits(image, request)]
    if request.inked is not None:
        masks = store.masks.best([image.id for image in shown], request.mask_set)
        shown = [
            image
            for image in shown
            if image.id in masks and (masks[image.id].ink_px > project.min_ink_px) is request.inked
        ]
    ids, note = [image.id for image in shown], ""
    if request.order is not Order.LIST:
        values = _stored(project, models, request)
        ids.sort(key=lambda number: _rank(values.get(number, math.nan), request.order))
        note = "" if values else _nothing_stored(request)
    return Listing(
        request=request,
        image_ids=tuple(ids),
        models=models,
        labels=tuple(sorted({image.label or "" for image in images})),
        kept_back=unread,
        note=note,
    )


def _fits(image: ImageRecord, request: Request) -> bool:
    return request.label is None or (image.label or "") == request.label


def _stored(project: Project, models: tuple[ModelRecord, ...], request: Request) -> Mapping[int, float]:
    """Return the stored aggregate of the predicted class, by picture."""
    model = next((one for one in models if one.name == request.model), None)
    runs = [] if model is None else project.store.saliency.runs(model.id)
    fitting = [run for run in audited_runs(runs, request.mask_set) if run.settings.method is request.method]
    if model is None or not fitting:
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


def _nothing_stored(request: Request) -> str:
    return (
        f"In the order of the list: no {method_name(request.method)} of {request.model} over the "
        f"{request.mask_set} masks is stored. Compute saliency first."
    )
