"""Pictures for a report: those a model looks at the ink of most, and least."""

from collections.abc import Mapping

import numpy as np

from gsal.arrays import FloatArray
from gsal.errors import ImageError
from gsal.images.geometry import resize_image, resize_mask, working_shape
from gsal.jobs.cohorts.judged import judged_images
from gsal.jobs.masks.making import read_picture
from gsal.jobs.models.files import load_classifier
from gsal.jobs.saliency.runs import audited_runs
from gsal.masks import codec
from gsal.project import Project
from gsal.records import (
    COLUMNS,
    AuditRecord,
    ImageRecord,
    MaskRecord,
    MaskSet,
    ModelRecord,
    PredictionRow,
    SaliencyMethod,
    SaliencyRow,
    Variant,
)
from gsal.reports.content import GalleryItem

__all__ = ["gallery"]

_SHOWN_SIDE = 320


def gallery(project: Project, record: AuditRecord, *, most: int) -> tuple[GalleryItem, ...]:
    """Return inked pictures with the largest, then the smallest mean Grad-CAM on ink.

    They are of the first model that was audited by Grad-CAM; nothing is returned where none was.
    """
    audited = (name for name, methods in record.audited.items() if SaliencyMethod.GRAD_CAM in methods)
    if not most or (name := next(audited, None)) is None:
        return ()
    model, mask_set = project.store.models.get(name), MaskSet(record.mask_set)
    runs = audited_runs(project.store.saliency.runs(model.id), mask_set)
    run = next(run for run in runs if run.settings.method is SaliencyMethod.GRAD_CAM)
    rows = project.store.saliency.rows(run.id)
    predictions = project.store.predictions.all(model.id, variant=Variant.ORIGINAL)
    masks = project.store.masks.hashes(mask_set)
    current = {i for i, row in rows.items() if masks.get(i) == row.mask_sha256}
    judged = [image for image in judged_images(project, model) if image.id in current]
    inked = [image for image in judged if rows[image.id].ink_px > project.min_ink_px]
    ordered = sorted(inked, key=lambda image: -_mean(rows[image.id], predictions[image.id]))
    chosen = [*ordered[:most], *ordered[most:][-most:]]
    return _items(project, model, chosen, project.store.masks.best([i.id for i in chosen], mask_set))


def _mean(row: SaliencyRow, prediction: PredictionRow) -> float:
    return float(row.values[prediction.logits.argmax(), COLUMNS.index("mean")])


def _items(
    project: Project, model: ModelRecord, images: list[ImageRecord], masks: Mapping[int, MaskRecord]
) -> tuple[GalleryItem, ...]:
    from gsal.models.preprocessing import to_tensor
    from gsal.saliency.engine import explain
    from gsal.saliency.options import Options

    module = load_classifier(project, model)
    size = model.preprocessing.size
    items = []
    for image in images:
        try:
            picture = read_picture(project, image)
        except ImageError:
            continue  # moved since it was audited: its figures stand, its picture cannot be shown
        inputs = to_tensor(resize_image(picture, height=size, width=size)[None], model.preprocessing)
        layer = model.brought.layer or None
        explained = explain(module, inputs, [SaliencyMethod.GRAD_CAM], Options(layer=layer))[
            SaliencyMethod.GRAD_CAM
        ]
        predicted = int(explained.logits[0].argmax())
        height, width = working_shape(*picture.shape[:2], long_side=_SHOWN_SIDE)
        mask = codec.decode(project.store.masks.load(masks[image.id].id))
        items.append(
            GalleryItem(
                picture=resize_image(picture, height=height, width=width),
                mask=resize_mask(mask, height=height, width=width),
                saliency=explained.maps[0, predicted],
                caption=_caption(image.label or "", model.classes[predicted], explained.logits[0]),
            )
        )
    return tuple(items)


def _caption(label: str, predicted: str, logits: FloatArray) -> str:
    shifted = np.exp(logits - logits.max())
    confidence = shifted.max() / shifted.sum()
    return f"{label}, {'recognised' if label == predicted else f'taken for {predicted}'} ({confidence:.2f})"
