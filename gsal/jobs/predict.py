"""Keep what each classifier answers for every validation picture."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from gsal.jobs.batches import batches
from gsal.jobs.labelled import validation_images
from gsal.jobs.model_files import load_classifier, ready_models
from gsal.jobs.network_size import read_sized
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ModelKind, ModelRecord, PredictionRow, Variant

__all__ = ["Predict"]

_BATCH = 32


@dataclass(frozen=True, slots=True)
class Predict:
    """Stores logits; saliency does so too, so this is for looking at a model before that.

    Attributes:
        models: Names of classifiers; all that are ready if empty.
    """

    kind: ClassVar[str] = "predict"
    models: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What it does, for people."""
        return "Predicting"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Predict what is missing; return accuracy per model."""
        models = ready_models(project, self.models, ModelKind.CLASSIFIER)
        return {"models": [_predict(project, model, ctx) for model in models]}


def _predict(project: Project, model: ModelRecord, ctx: JobContext) -> dict[str, Any]:
    from gsal.training.inference import predict_logits

    images = validation_images(project, model.classes)
    stored = project.store.predictions.all(model.id, variant=Variant.ORIGINAL)
    waiting = [image for image in images if image.id not in stored]
    module = load_classifier(project, model) if waiting else None
    sized = ctx.track(
        read_sized(project, waiting, size=model.preprocessing.size),
        f"Predicting {model.name}",
        total=len(images),
        done=len(images) - len(waiting),
    )
    for batch in batches(sized, _BATCH):
        if module is not None:
            logits = predict_logits(module, np.stack([one.picture for one in batch]), model.preprocessing)
            rows = [PredictionRow(one.image.id, z) for one, z in zip(batch, logits, strict=True)]
            project.store.predictions.add(model.id, rows, variant=Variant.ORIGINAL)
    stored = project.store.predictions.all(model.id, variant=Variant.ORIGINAL)
    hits = [model.classes[int(stored[i.id].logits.argmax())] == i.label for i in images]
    return {"name": model.name, "pictures": len(images), "accuracy": float(np.mean(hits)) if hits else None}
