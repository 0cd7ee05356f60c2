"""Check whether saliency methods look at what classifiers learned: randomise these layer by layer."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from gsal.audit import plain
from gsal.errors import GsalError, ModelError
from gsal.jobs.cohorts.judged import judged_images
from gsal.jobs.models.files import ready_models
from gsal.jobs.saliency.checked import SANITY, strongest_checks
from gsal.jobs.saliency.sanity_parts import Similarity
from gsal.jobs.saliency.sanity_run import Check
from gsal.jobs.saliency.sanity_words import standing_words, verdict_words
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord, ModelKind, ModelRecord, SaliencyMethod
from gsal.saliency.sanity import STRONG, MethodSanity, method_sanity

__all__ = ["DEFAULT_METHODS", "CheckSanity"]

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


@dataclass(frozen=True, slots=True)
class CheckSanity:
    """Cascading parameter randomisation (Adebayo et al. 2018), on copies of the stored networks.

    The result, JSON-ready:

    - "seed", "draws"; "strong", the rank correlation from which maps count as still the same;
    - "models": of each its "name", "weights_sha256", "cohort", "pictures" (how many were looked at) and
      "methods";
    - each of these a `gsal.saliency.sanity.MethodSanity` as plain data ("method", "preset", "layer",
      "outcome", "stages", and the "pictures" and "draws" it rests on) with its "verdict", a sentence, and
      "stands": which earlier check is shown in its place because it rests on more, "" if none;
    - "stages" go from "as trained" to the network that forgot everything: each has its "stage", "spearman",
      "spearman_absolute" and "ssim", and these have "mean", "low", "high" (null if undefined) and "n".

    `gsal.jobs.saliency.checked.sanity_in` reads it back. What is compared is kept batch by batch, in the
    project's cache: stopped on the way, a check goes on from there and comes to the same figures.

    Attributes:
        models: Names of classifiers; all that are ready if empty.
        methods: Slugs of SPEC 7; if empty, `DEFAULT_METHODS` as far as they can explain a model.
        pictures: Validation pictures to look at, of as many patients as there are.
        draws: How often new parameters are drawn; a picture counts with its mean over them, for maps as
            coarse as Grad-CAM's are alike by chance under one draw or the other.
        seed: Of the choice of pictures, the new parameters, the noise of methods and the intervals.
    """

    kind: ClassVar[str] = SANITY
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
        checks = [
            Check(
                model,
                tuple(methods[model.id]),
                tuple(_choose(project, model, self.pictures, self.seed)),
                draws=self.draws,
                seed=self.seed,
            )
            for model in models
        ]
        checked = [self._checked(check, project, ctx) for check in checks]
        for check in checks:
            check.kept(project).forget()
        return {"seed": self.seed, "draws": self.draws, "strong": STRONG, "models": checked}

    def _checked(self, check: Check, project: Project, ctx: JobContext) -> dict[str, Any]:
        model, found = check.model, check.run(project, ctx)
        standing = strongest_checks(project, model)
        return {
            "name": model.name,
            "weights_sha256": model.weights_sha256,
            "cohort": model.cohort,
            "pictures": len(check.images),
            "methods": [_shown(self._sanity(one, check), standing.get(one.method)) for one in found],
        }

    def _sanity(self, one: Similarity, check: Check) -> MethodSanity:
        return method_sanity(
            one.method,
            one.means(self.draws),
            np.array([image.known_patient for image in check.images], dtype=np.str_),
            preset=one.preset,
            layer=one.layer,
            draws=self.draws,
            seed=self.seed,
        )


def _shown(checked: MethodSanity, standing: MethodSanity | None) -> dict[str, Any]:
    encoded: dict[str, Any] = plain.encode(checked)
    stands = standing_words(standing) if standing and checked.is_weaker_than(standing) else ""
    return encoded | {"verdict": verdict_words(checked), "stands": stands}


def _methods(names: Sequence[str], model: ModelRecord, ctx: JobContext) -> list[SaliencyMethod]:
    try:
        asked = {SaliencyMethod(name) for name in names}
    except ValueError as error:
        raise GsalError(f"{error}; the methods are {', '.join(SaliencyMethod)}.") from None
    refused = model.brought.refused
    if why := next((refused[method] for method in SaliencyMethod if method in asked & refused.keys()), ""):
        raise ModelError(f"{model.name} cannot be explained by one of these methods. {why}")
    chosen = [method for method in SaliencyMethod if method in (asked or set(DEFAULT_METHODS))]
    if not asked and (slow := [m for m in SaliencyMethod if m not in DEFAULT_METHODS and m not in refused]):
        ctx.notice(f"{', '.join(slow)} take hundreds of passes a picture; name them to check them too.")
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
