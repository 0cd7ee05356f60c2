"""Train classifiers on a cohort."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from gsal.arrays import IntArray
from gsal.errors import LockedError
from gsal.jobs.labelled import validation_images
from gsal.jobs.locked import refuse_locked, without_locked
from gsal.jobs.model_files import find_same, finish, state_path
from gsal.jobs.network_size import read_all
from gsal.jobs.recipes import classifier_architecture, classifier_recipe
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import (
    CohortKind,
    CohortRecord,
    ImageRecord,
    MaskSet,
    ModelKind,
    ModelRecord,
    ModelStatus,
    Preprocessing,
)

if TYPE_CHECKING:
    from gsal.training.datasets import ClassifierData

__all__ = ["TrainClassifier"]


@dataclass(frozen=True, slots=True)
class TrainClassifier:
    """Trains one network, or several that differ in their seed only.

    Attributes:
        name: Of the network; several get "-seed0", "-seed1" ... after it.
        cohort: Name of the cohort to train on.
        recipe: A name of `gsal.training.recipe.CLASSIFIER_RECIPES`.
        architecture: A name of `gsal.models.registry`; "" for the recipe's.
        seed: Of initial weights, order and augmentation; of the first network of several.
        seeds: How many.
        epochs: 0 for the recipe's.
    """

    kind: ClassVar[str] = "train classifier"
    name: str
    cohort: str
    recipe: str = "short"
    architecture: str = ""
    seed: int = 0
    seeds: int = 1
    epochs: int = 0

    @property
    def title(self) -> str:
        """What it does, for people."""
        return f"Training {self.name}"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Train, or go on training; return the networks and their final figures.

        Raises:
            LockedError: The cohort holds pictures that are locked for validation.
        """
        cohort = project.store.cohorts.get(self.cohort)
        names = (
            [self.name]
            if self.seeds == 1
            else [f"{self.name}-seed{self.seed + k}" for k in range(self.seeds)]
        )
        records = {name: self._find(project, cohort, name, self.seed + k) for k, name in enumerate(names)}
        ready = {n for n, r in records.items() if r is not None and r.status is ModelStatus.READY}
        data = self._data(project, cohort, ctx) if len(ready) < len(names) else None
        models = []
        for k, name in enumerate(names):
            if data is None or name in ready:
                models.append({"name": name, "status": "ready already"})
            else:
                record = records[name] or self._announce(project, cohort, name, self.seed + k)
                models.append(self._train_one(project, record, data, self.seed + k, ctx))
        return {"cohort": self.cohort, "models": models}

    def _asked(self, cohort: CohortRecord) -> dict[str, Any]:
        recipe = classifier_recipe(self.recipe, epochs=self.epochs)
        return {
            "recipe": recipe.to_json() | {"name": self.recipe},
            "cohort": cohort.name,
            "pictures": cohort.n,
        }

    def _network(self) -> str:
        return self.architecture or classifier_architecture(self.recipe)

    def _find(self, project: Project, cohort: CohortRecord, name: str, seed: int) -> ModelRecord | None:
        return find_same(
            project,
            name,
            kind=ModelKind.CLASSIFIER,
            architecture=self._network(),
            seed=seed,
            asked=self._asked(cohort),
        )

    def _announce(self, project: Project, cohort: CohortRecord, name: str, seed: int) -> ModelRecord:
        recipe = classifier_recipe(self.recipe, epochs=self.epochs)
        return project.store.models.add(
            name,
            kind=ModelKind.CLASSIFIER,
            architecture=self._network(),
            preprocessing=Preprocessing(size=recipe.size),
            seed=seed,
            classes=_classes(project, cohort),
            cohort_id=cohort.id,
            replicate_group=self.name if self.seeds > 1 else "",
            run_card=self._asked(cohort),
        )

    def _train_one(
        self, project: Project, record: ModelRecord, data: "ClassifierData", seed: int, ctx: JobContext
    ) -> dict[str, Any]:
        from gsal.models.registry import build_classifier
        from gsal.training.classifier import train_classifier

        recipe = classifier_recipe(self.recipe, epochs=self.epochs)
        module = build_classifier(record.architecture, len(record.classes), seed=seed)
        result = train_classifier(
            module, data, recipe, seed=seed, checkpoint=state_path(project, record), ctx=ctx
        )
        return finish(project, record, module, result)

    def _data(self, project: Project, cohort: CohortRecord, ctx: JobContext) -> "ClassifierData":
        from gsal.training.datasets import ClassifierData

        classes = _classes(project, cohort)
        members = project.store.cohorts.members(cohort.name)
        remedy = "Create a cohort anew: it leaves them out."
        refuse_locked(project, members, learner=f"networks of cohort {cohort.name}", remedy=remedy)
        training = project.store.images.get_many(members)
        # These steer the learning rate.
        validation = without_locked(project, validation_images(project, classes), ctx)
        is_ablated = cohort.kind is CohortKind.ABLATED
        masks = project.store.masks.best(None, MaskSet(cohort.mask_set)) if is_ablated else None
        size = classifier_recipe(self.recipe).size
        if is_ablated and masks is not None:
            # The ablated model is judged on ablated pictures, which exist for inked ones only.
            validation = [i for i in validation if i.id in masks and masks[i.id].ink_px > project.min_ink_px]
        if not validation:
            raise LockedError("All pictures that training would be watched on are locked for validation.")
        pictures = read_all(
            project, [*training, *validation], ctx, size=size, masks=masks, is_ablated=is_ablated
        )
        n = len(training)
        return ClassifierData(
            pictures[:n], _labels(training, classes), pictures[n:], _labels(validation, classes)
        )


def _classes(project: Project, cohort: CohortRecord) -> tuple[str, ...]:
    return tuple(name for name in project.classes if cohort.n_by_class.get(name))


def _labels(images: list[ImageRecord], classes: tuple[str, ...]) -> IntArray:
    return np.array([classes.index(image.label or "") for image in images], dtype=np.int64)
