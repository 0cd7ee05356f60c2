"""Check whether saliency methods look at what classifiers learned: randomise these layer by layer."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, ClassVar

import numpy as np

from gsal.arrays import FloatArray
from gsal.audit import plain
from gsal.errors import GsalError, ModelError
from gsal.jobs.cohorts.judged import judged_images
from gsal.jobs.models.files import load_classifier, ready_models
from gsal.jobs.pictures.network_size import read_sized
from gsal.jobs.saliency.sanity_words import verdict_words
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord, ModelKind, ModelRecord, SaliencyMethod
from gsal.saliency.options import Options
from gsal.saliency.sanity import STRONG, MethodSanity, method_sanity

__all__ = ["DEFAULT_METHODS", "CheckSanity", "sanity_in"]

DEFAULT_METHODS = (
    SaliencyMethod.GRAD_CAM,
    SaliencyMethod.COMPETITIVE,
    SaliencyMethod.GRADIENT,
    SaliencyMethod.GRADIENT_INPUT,
    SaliencyMethod.GUIDED_GRAD_CAM,
    SaliencyMethod.RANDOM,
    SaliencyMethod.SOBEL,
)
"""Those that take a few passes a picture; the slow ones have to be asked for."""

_BATCH = 4


@dataclass(frozen=True, slots=True)
class CheckSanity:
    """Cascading parameter randomisation (Adebayo et al. 2018), on copies of the stored networks.

    The result, JSON-ready:

    - "seed", "draws"; "strong", the rank correlation from which maps count as still the same;
    - "models": of each its "name", "cohort", "pictures" (how many were looked at) and "methods";
    - each of these a `gsal.saliency.sanity.MethodSanity` as plain data ("method", "preset", "layer",
      "outcome", "stages") with its "verdict", a sentence;
    - "stages" go from "as trained" to the network that forgot everything: each has its "stage", "spearman",
      "spearman_absolute" and "ssim", and these have "mean", "low", "high" (null if undefined) and "n".

    `sanity_in` reads it back. Stopped on the way it starts anew, for nothing is kept before the verdict.

    Attributes:
        models: Names of classifiers; all that are ready if empty.
        methods: Slugs of SPEC 7; if empty, `DEFAULT_METHODS` as far as they can explain a model.
        pictures: Validation pictures to look at, of as many patients as there are.
        draws: How often new parameters are drawn; a picture counts with its mean over them, for maps as
            coarse as Grad-CAM's are alike by chance under one draw or the other.
        seed: Of the choice of pictures, the new parameters, the noise of methods and the intervals.
    """

    kind: ClassVar[str] = "sanity"
    models: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    pictures: int = 16
    draws: int = 3
    seed: int = 0

    @property
    def title(self) -> str:
        """What it does, for people."""
        return "Checking saliency methods"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Check the methods on each network.

        Raises:
            ModelError: A model hides its layers, or cannot be explained by a method that was asked for.
            GsalError: There is no such method, or no picture to look at.
        """
        if min(self.pictures, self.draws) < 1:
            raise GsalError(
                f"A check needs at least one picture and one draw; got {self.pictures} and {self.draws}."
            )
        models = ready_models(project, self.models, ModelKind.CLASSIFIER)
        methods = {model.id: _methods(self.methods, model, ctx) for model in models}
        checked = [self._check(project, model, methods[model.id], ctx) for model in models]
        return {"seed": self.seed, "draws": self.draws, "strong": STRONG, "models": checked}

    def _check(
        self, project: Project, model: ModelRecord, methods: Sequence[SaliencyMethod], ctx: JobContext
    ) -> dict[str, Any]:
        images = _choose(project, model, self.pictures, self.seed)
        found = self._similarity(project, model, methods, images, ctx)
        patients = np.array([image.known_patient for image in images], dtype=np.str_)
        return {
            "name": model.name,
            "cohort": model.cohort,
            "pictures": len(images),
            "methods": [_shown(self._sanity(one, patients)) for one in found],
        }

    def _similarity(
        self,
        project: Project,
        model: ModelRecord,
        methods: Sequence[SaliencyMethod],
        images: Sequence[ImageRecord],
        ctx: JobContext,
    ) -> list["_Similarity"]:
        from gsal.models.device import best_device
        from gsal.models.preprocessing import to_tensor
        from gsal.saliency.cascade import compare
        from gsal.saliency.randomisation import stages

        module = load_classifier(project, model).to(best_device())
        pictures = [one.picture for one in read_sized(project, images, size=model.preprocessing.size)]
        inputs = to_tensor(np.stack(pictures), model.preprocessing).to(best_device())
        options = Options(layer=model.brought.layer or None, seed=self.seed)
        compared = chain.from_iterable(
            compare(module, inputs, methods, options=options, seed=int(seed), batch=_BATCH)
            for seed in np.random.SeedSequence(self.seed).generate_state(self.draws)
        )
        total = self.draws * -(-len(images) // _BATCH) * (1 + len(stages(module, inputs[:1])))
        found = {method: _Similarity(method) for method in methods}
        for part in ctx.track(compared, f"Randomising {model.name}", total=total):
            for method, values in part.similarity.items():
                found[method].add(part.stage, values, part.settings[method])
        return list(found.values())

    def _sanity(self, one: "_Similarity", patients: np.ndarray) -> MethodSanity:
        similarity = {
            stage: np.concatenate(parts).reshape(self.draws, len(patients), -1).mean(axis=0)
            for stage, parts in one.parts.items()
        }
        return method_sanity(
            one.method, similarity, patients, preset=one.preset, layer=one.layer, seed=self.seed
        )


class _Similarity:
    """What comes in of one method, by stage: draw after draw, and in each batch after batch."""

    def __init__(self, method: SaliencyMethod) -> None:
        self.method = method
        self.preset, self.layer = "", ""
        self.parts: dict[str, list[FloatArray]] = {}

    def add(self, stage: str, values: FloatArray, settings: tuple[str, str]) -> None:
        self.preset, self.layer = settings
        self.parts.setdefault(stage, []).append(values)


def sanity_in(result: Mapping[str, Any], name: str) -> tuple[MethodSanity, ...]:
    """Return the checks of a model in a job's stored result; none if it has none of that name."""
    found = next((one["methods"] for one in result.get("models", ()) if one["name"] == name), ())
    return tuple(plain.decode(MethodSanity, one) for one in found)


def _shown(checked: MethodSanity) -> dict[str, Any]:
    encoded: dict[str, Any] = plain.encode(checked)
    return encoded | {"verdict": verdict_words(checked)}


def _methods(names: Sequence[str], model: ModelRecord, ctx: JobContext) -> list[SaliencyMethod]:
    try:
        asked = {SaliencyMethod(name) for name in names}
    except ValueError as error:
        raise GsalError(f"{error}; the methods are {', '.join(SaliencyMethod)}.") from None
    refused = model.brought.refused
    if why := next((refused[method] for method in SaliencyMethod if method in asked & refused.keys()), ""):
        raise ModelError(f"{model.name} cannot be explained by one of these methods. {why}")
    chosen = [method for method in SaliencyMethod if method in (asked or set(DEFAULT_METHODS))]
    if left_out := [method for method in chosen if method in refused]:
        ctx.notice(f"{model.name} cannot be explained by {', '.join(left_out)}; left out.")
    return [method for method in chosen if method not in refused]


def _choose(project: Project, model: ModelRecord, count: int, seed: int) -> list[ImageRecord]:
    """Return validation pictures by chance, a patient's second one only after a first of every other."""
    images = judged_images(project, model)
    if not images:
        raise GsalError(f"No picture that judges {model.name} is of a class that it knows.")
    before: Counter[str] = Counter()
    turns = []
    for index in np.random.default_rng(seed).permutation(len(images)):
        patient = images[index].known_patient
        turns.append((before[patient] if patient else 0, images[index]))
        before[patient] += 1
    return [image for _, image in sorted(turns, key=lambda turn: turn[0])[:count]]
