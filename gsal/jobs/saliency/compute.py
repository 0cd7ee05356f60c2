"""Compute saliency over the validation pictures and aggregate it over their ink masks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from gsal.arrays import FloatArray
from gsal.errors import GsalError, ModelError
from gsal.jobs.batches import batches
from gsal.jobs.masks.making import mask_set_named
from gsal.jobs.models.files import load_classifier, ready_models
from gsal.jobs.pictures.labelled import validation_images
from gsal.jobs.pictures.network_size import Sized, read_sized
from gsal.progress import JobContext, SaliencyBatch
from gsal.project import Project
from gsal.records import (
    COLUMNS,
    PAPER_METHODS,
    ImageRecord,
    MaskRecord,
    MaskSet,
    ModelKind,
    ModelRecord,
    PredictionRow,
    SaliencyMethod,
    SaliencyRow,
    SaliencyRun,
    SaliencyRunSettings,
    Variant,
)

if TYPE_CHECKING:
    import torch

    from gsal.saliency.engine import Explained

__all__ = ["ComputeSaliency"]

_BATCH = 32
_COMPETITION = "gupta-arora"


@dataclass(frozen=True, slots=True)
class ComputeSaliency:
    """One pass per model gives predictions and all methods; maps are aggregated at once and not kept.

    Attributes:
        models: Names of classifiers; all that are ready if empty.
        methods: Slugs of SPEC 7; if empty, those of the paper that can explain each model, and occlusion
            where none of them can.
        mask_set: The ink masks to aggregate over.
    """

    kind: ClassVar[str] = "saliency"
    models: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    mask_set: str = MaskSet.BEST

    @property
    def title(self) -> str:
        """What it does, for people."""
        return "Computing saliency"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Compute what is missing; return the number of pictures per run.

        Raises:
            ModelError: A model cannot be explained by a method that was asked for; nothing was computed then.
        """
        models = ready_models(project, self.models, ModelKind.CLASSIFIER)
        methods = {model.id: _methods(self.methods, model, ctx) for model in models}
        masks = project.store.masks.best(None, mask_set_named(self.mask_set))
        counts = {}
        for model in models:
            images = self._masked(validation_images(project, model.classes), masks, ctx)
            self._explain(project, model, methods[model.id], images, masks, ctx)
            counts[model.name] = len(images)
        used = {method for chosen in methods.values() for method in chosen}
        return {
            "methods": [str(method) for method in SaliencyMethod if method in used],
            "mask_set": self.mask_set,
            "pictures": counts,
        }

    def _masked(
        self, images: Sequence[ImageRecord], masks: Mapping[int, MaskRecord], ctx: JobContext
    ) -> list[ImageRecord]:
        """Return the pictures whose ink is known, and say how many are left out."""
        masked = [image for image in images if image.id in masks]
        if not masked:
            raise GsalError(f"No validation picture has a mask in the set '{self.mask_set}'; choose another.")
        if len(masked) < len(images):
            ctx.notice(
                f"{len(images) - len(masked)} of {len(images)} validation pictures have no mask in the set "
                f"'{self.mask_set}' and are left out."
            )
        return masked

    def _explain(
        self,
        project: Project,
        model: ModelRecord,
        methods: Sequence[SaliencyMethod],
        images: Sequence[ImageRecord],
        masks: Mapping[int, MaskRecord],
        ctx: JobContext,
    ) -> None:
        module = load_classifier(project, model)
        runs = [project.store.saliency.run(_settings(model, module, m, self.mask_set)) for m in methods]
        waiting = _unfinished(project, runs, images, masks)
        sized = ctx.track(
            read_sized(project, waiting, size=model.preprocessing.size, masks=masks),
            f"Explaining {model.name}",
            total=len(images),
            done=len(images) - len(waiting),
        )
        # A picture takes hundreds of passes there, after each of which it has to be possible to stop.
        size = 1 if SaliencyMethod.OCCLUSION in methods else _BATCH
        for batch in batches(sized, size):
            _explain_batch(project, model, module, runs, batch, ctx)


def _settings(
    model: ModelRecord, module: "torch.nn.Module", method: SaliencyMethod, mask_set: str
) -> SaliencyRunSettings:
    from gsal.saliency.layers import find_layer
    from gsal.saliency.windows import Windows

    size = model.preprocessing.size
    presets = {
        SaliencyMethod.GRAD_CAM: "",
        SaliencyMethod.COMPETITIVE: _COMPETITION,
        SaliencyMethod.OCCLUSION: Windows.of(size, size).preset,
    }
    is_cam = method is SaliencyMethod.GRAD_CAM
    return SaliencyRunSettings(
        model_id=model.id,
        method=method,
        preset=presets[method],
        layer=find_layer(module, model.brought.layer or None).name if is_cam else "",
        precision="float32",
        input_size=size,
        variant=Variant.ORIGINAL,
        mask_set=mask_set,
    )


def _methods(names: Sequence[str], model: ModelRecord, ctx: JobContext) -> list[SaliencyMethod]:
    """Return the methods for a model: those that were asked for, or what it can be explained by."""
    try:
        asked = [SaliencyMethod(name) for name in names]
    except ValueError as error:
        raise GsalError(f"{error}; the methods are {', '.join(SaliencyMethod)}.") from None
    refused = model.brought.refused
    for method in asked:
        if method in refused:
            raise ModelError(f"{model.name} cannot be explained by {method}. {refused[method]}")
    if asked:
        return asked
    possible = [m for m in PAPER_METHODS if m not in refused] or [SaliencyMethod.OCCLUSION]
    for method in PAPER_METHODS:
        if method in refused:
            ctx.notice(
                f"{model.name} is explained by {', '.join(possible)}, not by {method}. {refused[method]}"
            )
    return possible


def _unfinished(
    project: Project,
    runs: Sequence[SaliencyRun],
    images: Sequence[ImageRecord],
    masks: Mapping[int, MaskRecord],
) -> list[ImageRecord]:
    """Return the pictures that some run lacks, or has with another mask than the present one."""
    present = {image.id: masks[image.id].sha256 if image.id in masks else "" for image in images}
    stored = [project.store.saliency.mask_hashes(run.id) for run in runs]
    return [image for image in images if any(s.get(image.id) != present[image.id] for s in stored)]


def _explain_batch(
    project: Project,
    model: ModelRecord,
    module: "torch.nn.Module",
    runs: Sequence[SaliencyRun],
    batch: Sequence[Sized],
    ctx: JobContext,
) -> None:
    from gsal.models.preprocessing import to_tensor
    from gsal.saliency.engine import explain
    from gsal.saliency.options import Options

    inputs = to_tensor(np.stack([one.picture for one in batch]), model.preprocessing)
    methods = [run.settings.method for run in runs]
    explained = explain(module, inputs, methods, Options(layer=model.brought.layer or None))
    logits = explained[runs[0].settings.method].logits
    if not np.isfinite(logits).all():
        raise ModelError(f"{model.name} gives undefined answers (not a number). Train it again.")
    rows = [PredictionRow(one.image.id, z) for one, z in zip(batch, logits, strict=True)]
    project.store.predictions.add(model.id, rows, variant=Variant.ORIGINAL)
    for run in runs:
        _keep(project, model, run, explained[run.settings.method], batch, ctx)


def _keep(
    project: Project,
    model: ModelRecord,
    run: SaliencyRun,
    explained: "Explained",
    batch: Sequence[Sized],
    ctx: JobContext,
) -> None:
    from gsal.saliency.engine import aggregate_batch

    size = model.preprocessing.size
    empty = np.zeros((size, size), np.float32)
    coverage = np.stack([empty if one.coverage is None else one.coverage for one in batch])
    values, mask_area, map_pixels = aggregate_batch(explained, coverage)
    project.store.saliency.add(
        run.id,
        [
            SaliencyRow(
                image_id=one.image.id,
                ink_px=one.mask.ink_px if one.mask else 0.0,
                mask_area=float(area),
                map_pixels=map_pixels,
                mask_sha256=one.mask.sha256 if one.mask else "",
                values=value,
            )
            for one, value, area in zip(batch, values, mask_area, strict=True)
        ],
    )
    ctx.emit(_event(project, model, run, explained, batch, values, map_pixels))


def _event(
    project: Project,
    model: ModelRecord,
    run: SaliencyRun,
    explained: "Explained",
    batch: Sequence[Sized],
    values: FloatArray,
    map_pixels: int,
) -> SaliencyBatch:
    predicted = explained.logits.argmax(axis=1)
    of_predicted = dict(zip(COLUMNS, values[np.arange(len(batch)), predicted].T, strict=True))
    return SaliencyBatch(
        model=model.name,
        method=str(run.settings.method),
        image_ids=np.array([one.image.id for one in batch], dtype=np.int64),
        true_class=np.array([model.classes.index(one.image.label or "") for one in batch], dtype=np.int64),
        predicted=predicted.astype(np.int64),
        explained=predicted.astype(np.int64),
        mean=of_predicted["mean"],
        peak=of_predicted["peak"],
        map_sum=of_predicted["map_sum"],
        map_sum_sq=of_predicted["map_sum_sq"],
        map_pixels=map_pixels,
        inked=np.array([bool(one.mask and one.mask.ink_px > project.min_ink_px) for one in batch]),
        patients=tuple(one.image.patient for one in batch),
    )
