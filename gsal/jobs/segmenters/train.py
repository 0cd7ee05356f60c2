"""Train a network to mask ink."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from gsal.distributed import on_first
from gsal.jobs.masks.making import mask_set_named
from gsal.jobs.models.files import find_same, finish, state_path
from gsal.jobs.pictures.locked import refuse_locked
from gsal.jobs.recipes import segmenter_recipe
from gsal.jobs.segmenters.data import TrainingMasks, choose_training_masks
from gsal.jobs.segmenters.pictures import read_pictures
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import MaskSet, ModelKind, ModelRecord, ModelStatus, Preprocessing

if TYPE_CHECKING:
    from gsal.training.recipe import SegmenterRecipe

__all__ = ["TrainSegmenter"]


@dataclass(frozen=True, slots=True)
class TrainSegmenter:
    """Learns from rule masks or people's masks of the project's training side.

    Attributes:
        name: Of the network in the project.
        recipe: A name of `gsal.training.recipe.SEGMENTER_RECIPES`.
        mask_set: Which masks to learn from.
        max_pictures: At most so many; 0 for all.
        seed: Of initial weights, order and augmentation.
        architecture: A name of `gsal.models.registry`.
        epochs: 0 for the recipe's.
        loss: "bce+dice" or "bce"; "" for the recipe's.
        synthetic_ink: Whether ink is drawn on some of the ink-free pictures; None for the recipe's choice.
        follows: Name of the network that this one is trained after; "" for none.
    """

    kind: ClassVar[str] = "train segmenter"
    shares_work: ClassVar[bool] = True
    name: str = "bisenet"
    recipe: str = "short"
    mask_set: str = MaskSet.BEST
    max_pictures: int = 0
    seed: int = 0
    architecture: str = "bisenet"
    epochs: int = 0
    loss: str = ""
    synthetic_ink: bool | None = None
    follows: str = ""

    @property
    def title(self) -> str:
        """What it does, for people."""
        return f"Training {self.name}"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Train, or go on training; return name, epochs and final figures.

        Raises:
            LockedError: It was begun with pictures that have been locked for validation since.
        """
        from gsal.models.device import best_device
        from gsal.models.registry import build_segmenter
        from gsal.synthetic.paste import paste_ink
        from gsal.training.segmenter import train_segmenter

        recipe = segmenter_recipe(
            self.recipe, epochs=self.epochs, loss=self.loss, synthetic_ink=self.synthetic_ink
        )
        record = on_first(lambda: self._find(project, recipe))
        if record is not None and record.status is ModelStatus.READY:
            return {"name": self.name, "status": "ready already"}
        if record is None:
            record, chosen = on_first(lambda: self._begin(project, recipe, ctx))
        else:
            chosen = self._begun(project, record)
        data = read_pictures(project, chosen, long_side=recipe.size, ctx=ctx)
        module = build_segmenter(self.architecture, seed=self.seed).to(best_device())
        result = train_segmenter(
            module,
            data,
            recipe,
            seed=self.seed,
            checkpoint=state_path(project, record),
            ctx=ctx,
            draw_ink=paste_ink,
        )
        if result.stopped_early:
            ctx.notice(
                f"{self.name} stopped after epoch {result.epochs} of {recipe.epochs}: the validation loss "
                f"was least in epoch {result.kept_epoch}, whose weights are kept."
            )
        return on_first(lambda: finish(project, record, module, result))

    def _asked(self, recipe: "SegmenterRecipe") -> dict[str, Any]:
        return {
            "recipe": recipe.to_json() | {"name": self.recipe},
            "mask_set": self.mask_set,
            "max_pictures": self.max_pictures,
        }

    def _find(self, project: Project, recipe: "SegmenterRecipe") -> ModelRecord | None:
        return find_same(
            project,
            self.name,
            kind=ModelKind.SEGMENTER,
            architecture=self.architecture,
            seed=self.seed,
            asked=self._asked(recipe),
        )

    def _begin(
        self, project: Project, recipe: "SegmenterRecipe", ctx: JobContext
    ) -> tuple[ModelRecord, TrainingMasks]:
        """Choose what to learn from, and note it before learning begins."""
        mask_set = mask_set_named(self.mask_set)
        chosen = choose_training_masks(project, mask_set, ctx, max_pictures=self.max_pictures, seed=self.seed)
        record = project.store.models.add(
            self.name,
            kind=ModelKind.SEGMENTER,
            architecture=self.architecture,
            preprocessing=Preprocessing(size=recipe.size),
            seed=self.seed,
            run_card=self._asked(recipe) | chosen.to_card() | {"follows": self.follows},
        )
        return record, chosen

    def _begun(self, project: Project, record: ModelRecord) -> TrainingMasks:
        """Return what a training learned from before: reviews in between must not change that."""
        chosen = TrainingMasks.from_card(project, record.run_card)
        refuse_locked(
            project,
            [image.id for image, _ in chosen.training + chosen.validation],
            learner=self.name,
            remedy="Its training began before the set was locked; train another under another name.",
        )
        return chosen
