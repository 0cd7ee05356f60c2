"""Compute saliency over the validation pictures and aggregate it over their ink masks."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any, ClassVar

from gsal.distributed import on_first, ranks
from gsal.errors import GsalError
from gsal.jobs.models.files import load_classifier, ready_models
from gsal.jobs.saliency.asked import (
    competition_named,
    mask_sets_named,
    methods_of,
    precision_named,
    variants_asked,
)
from gsal.jobs.saliency.cost import cost_text, pictures_at_once
from gsal.jobs.saliency.explain import Explainer
from gsal.jobs.saliency.fast import check_fast_mode
from gsal.jobs.saliency.keeping import keep
from gsal.jobs.saliency.plan import Plan, Waiting, make_plan
from gsal.jobs.saliency.reading import read_waiting
from gsal.jobs.saliency.runs import USUAL_PERCENTILE, run_settings
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import MaskSet, ModelKind, ModelRecord, SaliencyMethod, SaliencyRunSettings, Variant
from gsal.saliency.options import Competition, Options, Precision

__all__ = ["ComputeSaliency"]

_USUAL = Options()


@dataclass(frozen=True, slots=True)
class ComputeSaliency:
    """One pass per model gives predictions and all methods; maps are aggregated at once and not kept.

    Each model, method, variant and mask set is a run of its own, and so is each other setting of a method.
    Started by torchrun, each process explains its part of the pictures.

    Attributes:
        models: Names of classifiers; all that are ready if empty.
        methods: Slugs of SPEC 7; if empty, those of the paper that can explain each model, and occlusion
            where none of them can.
        mask_sets: The ink masks to aggregate over, each map over all of them.
        variants: What is done to pictures before; the pictures as they are always come with them. Where the
            ink is painted over ("ink-inpainted") and the same mask aggregated over, a method shows what it
            reads there without any ink: the placebo.
        competition: Of competitive gradient x input.
        layer: Of Grad-CAM and guided Grad-CAM; "" for each network's own.
        centred: Whether Grad-CAM is of z_c minus the mean over classes.
        precision: "fast" for the bfloat16 pass, which is checked on each network before.
        samples: Of SmoothGrad.
        steps: Of integrated gradients.
        seed: Of SmoothGrad's noise and the random map.
        percentile: Of the peak aggregation.
    """

    kind: ClassVar[str] = "saliency"
    shares_work: ClassVar[bool] = True
    models: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    mask_sets: tuple[str, ...] = (MaskSet.BEST,)
    variants: tuple[str, ...] = ()
    competition: str = Competition.GUPTA_ARORA
    layer: str = ""
    centred: bool = False
    precision: str = Precision.FLOAT32
    samples: int = _USUAL.samples
    steps: int = _USUAL.steps
    seed: int = _USUAL.seed
    percentile: float = USUAL_PERCENTILE

    @property
    def title(self) -> str:
        """What it does, for people."""
        return "Computing saliency"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Compute what is missing; return the runs and their numbers of pictures.

        Raises:
            ModelError: A model cannot be explained by a method that was asked for, has no such layer, or is
                not fit for fast mode; nothing was computed then.
            GsalError: There is no such method, mask set, variant or setting.
        """
        variants, mask_sets = variants_asked(self.variants), mask_sets_named(self.mask_sets)
        places = tuple(product(variants, mask_sets))
        self._options("")
        models = on_first(lambda: ready_models(project, self.models, ModelKind.CLASSIFIER))
        methods = on_first(lambda: {model.id: methods_of(self.methods, model, ctx) for model in models})
        wanted = {model.id: self._settled(project, model, methods[model.id], places, ctx) for model in models}
        summaries = []
        for model in models:
            summaries += self._explain(project, model, wanted[model.id], ctx)
        used = {method for chosen in methods.values() for method in chosen}
        return {
            "methods": [str(method) for method in SaliencyMethod if method in used],
            "mask_sets": [str(mask_set) for mask_set in mask_sets],
            "runs": summaries,
        }

    def _options(self, layer: str) -> Options:
        if not 0 <= self.percentile <= 100:
            raise GsalError(f"A percentile is a number from 0 to 100; got {self.percentile:g}.")
        if min(self.samples, self.steps) < 1:
            raise GsalError("SmoothGrad needs at least one sample, integrated gradients at least one step.")
        return Options(
            competition=competition_named(self.competition),
            layer=self.layer or layer or None,
            centred=self.centred,
            precision=precision_named(self.precision),
            samples=self.samples,
            steps=self.steps,
            seed=self.seed,
        )

    def _settled(
        self,
        project: Project,
        model: ModelRecord,
        methods: Sequence[SaliencyMethod],
        places: Sequence[tuple[Variant, MaskSet]],
        ctx: JobContext,
    ) -> list[SaliencyRunSettings]:
        """Return the runs of one model, all that may refuse it asked before any is begun."""
        module, options = load_classifier(project, model), self._options(model.brought.layer)
        settings = [
            run_settings(
                *(model, module, method, options),
                variant=variant,
                mask_set=mask_set,
                percentile=self.percentile,
            )
            for variant, mask_set in places
            for method in methods
        ]
        if checked := on_first(lambda: check_fast_mode(project, model, module, options, settings)):
            ctx.notice(checked)
        return settings

    def _explain(
        self,
        project: Project,
        model: ModelRecord,
        wanted: Sequence[SaliencyRunSettings],
        ctx: JobContext,
    ) -> list[dict[str, Any]]:
        """Explain what waits of one model in all variants and mask sets; return a summary of each run."""
        from gsal.models.device import best_device

        module = load_classifier(project, model)
        options = self._options(model.brought.layer)
        methods = list(dict.fromkeys(settings.method for settings in wanted))
        plan = on_first(lambda: make_plan(project, model, wanted, ctx))
        explainer = Explainer(model, module.to(best_device()), options, self.percentile, plan.runs)
        processes = ranks().size
        if plan.waiting and ranks().is_first:
            ctx.notice(_cost(explainer, methods, plan.waiting))
        looks = max((len(one.looks) for one in plan.waiting), default=1)
        size = pictures_at_once(methods, options, model, looks=looks)
        done = (plan.pictures - len(plan.waiting)) // processes
        total = done + -(-len(plan.waiting) // processes)
        explained = _explain_waiting(project, explainer, plan, size, ctx)
        for _ in ctx.track(explained, f"Explaining {model.name}", total=total, done=done, count=len):
            pass
        return _summaries(model, plan)


def _explain_waiting(
    project: Project, explainer: Explainer, plan: Plan, size: int, ctx: JobContext
) -> Iterator[Sequence[Waiting]]:
    """Yield this process's part of the pictures that wait, batch by batch as they are stored.

    All processes go through as many batches, for they meet at each.
    """
    here = ranks()
    mine = plan.waiting[here.rank :: here.size]
    reading = read_waiting(project, mine, size=explainer.model.preprocessing.size)
    for start in range(0, -(-len(plan.waiting) // here.size), size):
        batch = mine[start : start + size]
        seen = [one for picture in islice(reading, len(batch)) for one in picture]
        images = {one.image.id: one.image for one in batch}
        keep(project, explainer.model, plan.runs, images, explainer.answers(seen), ctx)
        yield batch


def _cost(explainer: Explainer, methods: Sequence[SaliencyMethod], waiting: Sequence[Waiting]) -> str:
    """Say what it costs to explain what waits, for the process that has most of it."""
    processes = ranks().size
    return cost_text(
        *(methods, explainer.options, explainer.model, explainer.module),
        pictures=-(-len(waiting) // processes),
        looks=-(-sum(len(one.looks) for one in waiting) // processes),
    )


def _summaries(model: ModelRecord, plan: Plan) -> list[dict[str, Any]]:
    computed = Counter(run_id for one in plan.waiting for look in one.looks for run_id in look.masks)
    return [
        {
            "model": model.name,
            "method": str(run.settings.method),
            "preset": run.settings.preset,
            "layer": run.settings.layer,
            "precision": run.settings.precision,
            "percentile": run.settings.peak_percentile,
            "variant": str(run.settings.variant),
            "mask_set": run.settings.mask_set,
            "pictures": plan.found[run_id],
            "computed": computed[run_id],
        }
        for run_id, run in plan.runs.items()
    ]
