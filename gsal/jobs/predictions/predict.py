"""Ask classifiers about pictures as they are, without their ink, and without all but their ink."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from gsal.distributed import gathered, on_first, ranks
from gsal.errors import ModelError
from gsal.jobs.masks.making import mask_set_named
from gsal.jobs.models.files import load_classifier, ready_models
from gsal.jobs.pictures.decoded import decoded_pictures
from gsal.jobs.pictures.variants import Colour, PictureVariant, variants_named
from gsal.jobs.predictions.plan import VariantPlan, plan_variant
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import MaskSet, ModelKind, ModelRecord, PredictionRow, Side, Variant
from gsal.variants import mean_colour

if TYPE_CHECKING:
    import torch

__all__ = ["DEFAULT_VARIANTS", "Predict", "colour_of_all"]

DEFAULT_VARIANTS = (Variant.ORIGINAL, Variant.ABLATED, Variant.INPAINTED, Variant.CROPPED)
"""What the shares of SPEC 9 and the counterfactuals of SPEC 11 rest on."""

_BATCH = 32
_COLOUR_PICTURES = 256


@dataclass(frozen=True, slots=True)
class Predict:
    """Stores logits by model, variant and mask set, and says what they come to.

    A network is asked about pictures that it did not learn from: the validation side, or its own fold in a
    cross-validation. Started by torchrun, each process predicts its part of the pictures.

    Attributes:
        models: Names of classifiers; all that are ready if empty.
        variants: Names of `gsal.records.Variant`; the pictures as they are always come with them.
        mask_set: Says which pixels are ink.
        seed: Of the bootstraps, and of whose ink is pasted.
    """

    kind: ClassVar[str] = "predict"
    shares_work: ClassVar[bool] = True
    models: tuple[str, ...] = ()
    variants: tuple[str, ...] = tuple(map(str, DEFAULT_VARIANTS))
    mask_set: str = MaskSet.BEST
    seed: int = 0

    @property
    def title(self) -> str:
        """What it does, for people."""
        return "Predicting"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Predict what is missing or older than its mask; return the figures per model.

        Raises:
            ModelError: There is no such classifier, or its answers are not numbers.
            GsalError: There is no such variant or mask set.
        """
        from gsal.jobs.predictions.figures import prediction_figures

        variants, mask_set = variants_named(self.variants), mask_set_named(self.mask_set)
        models = on_first(lambda: ready_models(project, self.models, ModelKind.CLASSIFIER))
        plans = {}
        for model in models:
            plans[model.id] = self._plans(project, model, variants, mask_set, ctx)
            _predict(project, model, plans[model.id], ctx)
        return on_first(lambda: prediction_figures(project, models, plans, mask_set=mask_set, seed=self.seed))

    def _plans(
        self,
        project: Project,
        model: ModelRecord,
        variants: Sequence[Variant],
        mask_set: MaskSet,
        ctx: JobContext,
    ) -> list[VariantPlan]:
        def plan() -> list[VariantPlan]:
            is_alike = Variant.ABLATED_ALIKE in variants
            fill = colour_of_all(project, model.preprocessing.size, ctx) if is_alike else None
            return [
                plan_variant(project, model, variant, ctx, mask_set=mask_set, seed=self.seed, fill=fill)
                for variant in variants
            ]

        return on_first(plan)


def colour_of_all(project: Project, size: int, ctx: JobContext) -> Colour:
    """Return the mean colour of the training side, from pictures evenly spaced over it."""
    images = project.store.images.all(side=Side.TRAINING)
    some = images[:: max(1, len(images) // _COLOUR_PICTURES)][:_COLOUR_PICTURES]
    return mean_colour(decoded_pictures(project, [PictureVariant(image) for image in some], ctx, size=size))


def _predict(project: Project, model: ModelRecord, plans: Sequence[VariantPlan], ctx: JobContext) -> None:
    from gsal.models.device import best_device

    module = None
    if any(plan.waiting for plan in plans):
        module = load_classifier(project, model).to(best_device())
    processes = ranks().size
    for plan in plans:
        what = "" if plan.variant is Variant.ORIGINAL else f", {str(plan.variant).replace('-', ' ')}"
        predicted = () if module is None else _predict_variant(project, model, module, plan, ctx)
        done = (plan.n - len(plan.waiting)) // processes
        total = done + -(-len(plan.waiting) // processes)
        for _ in ctx.track(predicted, f"Predicting {model.name}{what}", total=total, done=done):
            pass


def _predict_variant(
    project: Project, model: ModelRecord, module: "torch.nn.Module", plan: VariantPlan, ctx: JobContext
) -> Iterator[PictureVariant]:
    """Yield this process's part of what waits, once its batch is stored.

    All processes go through as many batches, for they meet at each.
    """
    if not plan.waiting:
        return
    here = ranks()
    on_first(
        lambda: project.store.predictions.add(model.id, [], variant=plan.variant, mask_set=plan.mask_set)
    )
    mine = plan.waiting[here.rank :: here.size]
    pictures = decoded_pictures(project, mine, ctx, size=model.preprocessing.size)
    for start in range(0, -(-len(plan.waiting) // here.size), _BATCH):
        batch = slice(start, start + _BATCH)
        _keep(project, model, plan, _answers(model, module, mine[batch], pictures[batch]))
        yield from mine[batch]


def _answers(
    model: ModelRecord,
    module: "torch.nn.Module",
    batch: Sequence[PictureVariant],
    pictures: Sequence[np.ndarray],
) -> list[PredictionRow]:
    from gsal.training.inference import predict_logits

    if not batch:
        return []
    logits = predict_logits(module, np.stack(pictures), model.preprocessing)
    if not np.isfinite(logits).all():
        raise ModelError(f"{model.name} gives undefined answers (not a number). Train it again.")
    return [PredictionRow(one.image.id, z, one.basis) for one, z in zip(batch, logits, strict=True)]


def _keep(project: Project, model: ModelRecord, plan: VariantPlan, rows: list[PredictionRow]) -> None:
    """Store a batch: each process its own where it can write, else the first those of all."""

    def add(some: list[PredictionRow]) -> None:
        project.store.predictions.add(model.id, some, variant=plan.variant, mask_set=plan.mask_set)

    if not project.read_only:
        add(rows)
    for sent in gathered(rows if project.read_only else []):
        add(sent)
