"""Train classifiers on a cohort."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from gsal.distributed import on_first
from gsal.jobs.models.files import find_same, finish, state_path
from gsal.jobs.models.initial_weights import InitialWeights, find_initial_weights
from gsal.jobs.recipes import classifier_architecture, classifier_recipe
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import CohortRecord, ModelKind, ModelRecord, ModelStatus, Preprocessing

if TYPE_CHECKING:
    from gsal.jobs.cohorts.cross_validation import FoldPart
    from gsal.training.datasets import ClassifierData
    from gsal.training.recipe import Recipe

__all__ = ["TrainClassifier"]


@dataclass(frozen=True, slots=True)
class _Member:
    """One network of the job, and what sets it apart from the others."""

    name: str
    seed: int
    fold: int | None


@dataclass(frozen=True, slots=True)
class TrainClassifier:
    """Trains one network, or a group of replicates that differ in their seed or in the fold they leave out.

    Attributes:
        name: Of the network; the members of a group get "-seed0" or "-fold0" or both after it.
        cohort: Name of the cohort to train on.
        recipe: A name of `gsal.training.recipe.CLASSIFIER_RECIPES`.
        architecture: A name of `gsal.models.registry`; "" for the recipe's.
        seed: Of initial weights, order and augmentation; of the first network of several.
        seeds: How many, one apart.
        folds: Networks of a cross-validation by patient for each seed, each judged on the fold that it leaves
            out; 0 for one on the whole cohort, judged on the validation side.
        epochs: 0 for the recipe's.
        sampler: A name of `gsal.training.recipe.Sampler`; "" for the recipe's.
        weights: To begin with: a file of weights of the architecture, "imagenet" for torchvision's where this
            machine has them, or "none" for random ones.
    """

    kind: ClassVar[str] = "train classifier"
    shares_work: ClassVar[bool] = True
    name: str
    cohort: str
    recipe: str = "short"
    architecture: str = ""
    seed: int = 0
    seeds: int = 1
    folds: int = 0
    epochs: int = 0
    sampler: str = ""
    weights: str = "imagenet"

    @property
    def title(self) -> str:
        """What it does, for people."""
        return f"Training {self.name}"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Train, or go on training; return the networks and their final figures.

        Raises:
            LockedError: The cohort holds pictures that are locked for validation.
            ModelError: Unknown recipe, sampler or architecture, or weights that do not fit.
        """
        cohort = project.store.cohorts.get(self.cohort)
        recipe = classifier_recipe(self.recipe, epochs=self.epochs, sampler=self.sampler)
        begin = find_initial_weights(self.weights, self._network(), ctx)
        models, data = [], _Data(project, cohort, recipe, self.folds, ctx)
        for member in self._members():
            record = self._find(project, cohort, recipe, member)
            if record is not None and record.status is ModelStatus.READY:
                models.append({"name": member.name, "status": "ready already"})
                continue
            read = data.of(member.fold)
            record = record or self._announce(project, cohort, recipe, member, begin)
            models.append(_train(project, record, read, recipe, begin, ctx))
        return {"cohort": self.cohort, "models": models}

    def _members(self) -> list[_Member]:
        folds = range(self.folds) if self.folds else (None,)
        return [
            _Member(
                self.name
                + (f"-seed{seed}" if self.seeds > 1 else "")
                + ("" if fold is None else f"-fold{fold}"),
                seed,
                fold,
            )
            for seed in range(self.seed, self.seed + self.seeds)
            for fold in folds
        ]

    def _asked(self, cohort: CohortRecord, recipe: "Recipe") -> dict[str, Any]:
        return {
            "recipe": recipe.to_json() | {"name": self.recipe},
            "cohort": cohort.name,
            "pictures": cohort.n,
            "folds": self.folds,
        }

    def _network(self) -> str:
        return self.architecture or classifier_architecture(self.recipe)

    def _find(
        self, project: Project, cohort: CohortRecord, recipe: "Recipe", member: _Member
    ) -> ModelRecord | None:
        return on_first(
            lambda: find_same(
                project,
                member.name,
                kind=ModelKind.CLASSIFIER,
                architecture=self._network(),
                seed=member.seed,
                asked=self._asked(cohort, recipe),
            )
        )

    def _announce(
        self,
        project: Project,
        cohort: CohortRecord,
        recipe: "Recipe",
        member: _Member,
        begin: InitialWeights,
    ) -> ModelRecord:
        from gsal.jobs.classifiers.data import cohort_classes

        return on_first(
            lambda: project.store.models.add(
                member.name,
                kind=ModelKind.CLASSIFIER,
                architecture=self._network(),
                preprocessing=Preprocessing(size=recipe.size),
                seed=member.seed,
                fold=member.fold,
                classes=cohort_classes(project, cohort),
                cohort_id=cohort.id,
                replicate_group=self.name if self.seeds > 1 or self.folds else "",
                run_card=self._asked(cohort, recipe) | {"initial_weights": begin.to_card()},
            )
        )


class _Data:
    """The pictures of a job's networks, read when the first of them needs them."""

    def __init__(
        self, project: Project, cohort: CohortRecord, recipe: "Recipe", folds: int, ctx: JobContext
    ) -> None:
        self._project, self._cohort, self._recipe, self._folds, self._ctx = (
            project,
            cohort,
            recipe,
            folds,
            ctx,
        )
        self._parts: tuple[FoldPart, ...] = ()
        self._read: dict[int | None, ClassifierData] = {}

    def of(self, fold: int | None) -> "ClassifierData":
        """Return what the network of a fold learns from, or of the whole cohort."""
        from gsal.jobs.classifiers.data import classifier_data
        from gsal.jobs.cohorts.cross_validation import fold_parts

        if fold is not None and not self._parts:
            self._parts = on_first(lambda: fold_parts(self._project, self._cohort.name, k=self._folds))
        if fold not in self._read:
            part = None if fold is None else self._parts[fold]
            self._read[fold] = classifier_data(
                self._project, self._cohort, self._ctx, size=self._recipe.size, part=part
            )
        return self._read[fold]


def _train(
    project: Project,
    record: ModelRecord,
    data: "ClassifierData",
    recipe: "Recipe",
    begin: InitialWeights,
    ctx: JobContext,
) -> dict[str, Any]:
    from gsal.models.device import best_device
    from gsal.models.registry import build_classifier
    from gsal.training.classifier import judge, train_classifier

    seed = record.seed or 0
    module = build_classifier(record.architecture, len(record.classes), weights=begin.path, seed=seed)
    module = module.to(best_device())
    checkpoint = state_path(project, record)
    result = train_classifier(module, data, recipe, seed=seed, checkpoint=checkpoint, ctx=ctx)
    more = {"validation": judge(module, data, record.preprocessing)}
    return on_first(lambda: finish(project, record, module, result, more=more))
