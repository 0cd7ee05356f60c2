"""Train a network to mask ink."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from gsal.errors import ModelError
from gsal.images.geometry import resize_image, resize_mask
from gsal.jobs.batches import map_ahead
from gsal.jobs.locked import refuse_locked
from gsal.jobs.mask_making import mask_set_named, read_picture
from gsal.jobs.model_files import find_same, finish, state_path
from gsal.jobs.recipes import segmenter_recipe
from gsal.jobs.segmenter_data import TrainingMasks, choose_training_masks
from gsal.masks import codec
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import (
    ImageRecord,
    MaskRecord,
    MaskSet,
    ModelKind,
    ModelRecord,
    ModelStatus,
    Preprocessing,
)

if TYPE_CHECKING:
    from gsal.training.datasets import SegmenterData
    from gsal.training.recipe import Recipe

__all__ = ["TrainSegmenter"]

Pairs = tuple[tuple[ImageRecord, MaskRecord], ...]


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
    """

    kind: ClassVar[str] = "train segmenter"
    name: str = "bisenet"
    recipe: str = "short"
    mask_set: str = MaskSet.BEST
    max_pictures: int = 0
    seed: int = 0
    architecture: str = "bisenet"
    epochs: int = 0

    @property
    def title(self) -> str:
        """What it does, for people."""
        return f"Training {self.name}"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Train, or go on training; return name, epochs and final figures.

        Raises:
            LockedError: It was begun with pictures that have been locked for validation since.
        """
        from gsal.models.registry import build_segmenter
        from gsal.training.segmenter import train_segmenter

        recipe = segmenter_recipe(self.recipe, epochs=self.epochs)
        record = self._find(project, recipe)
        if record is not None and record.status is ModelStatus.READY:
            return {"name": self.name, "status": "ready already"}
        if record is None:
            record, chosen = self._begin(project, recipe, ctx)
        else:
            chosen = self._begun(project, record)
        data = _data(project, chosen.training, chosen.validation, recipe.size, ctx)
        module = build_segmenter(self.architecture, seed=self.seed)
        result = train_segmenter(
            module, data, recipe, seed=self.seed, checkpoint=state_path(project, record), ctx=ctx
        )
        return finish(project, record, module, result)

    def _asked(self, recipe: "Recipe") -> dict[str, Any]:
        return {
            "recipe": recipe.to_json() | {"name": self.recipe},
            "mask_set": self.mask_set,
            "max_pictures": self.max_pictures,
        }

    def _find(self, project: Project, recipe: "Recipe") -> ModelRecord | None:
        return find_same(
            project,
            self.name,
            kind=ModelKind.SEGMENTER,
            architecture=self.architecture,
            seed=self.seed,
            asked=self._asked(recipe),
        )

    def _begin(
        self, project: Project, recipe: "Recipe", ctx: JobContext
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
            run_card=self._asked(recipe) | chosen.to_card(),
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


def _data(
    project: Project, training: Pairs, validation: Pairs, size: int, ctx: JobContext
) -> "SegmenterData":
    from gsal.training.datasets import SegmenterData

    pictures, masks = _read(project, training + validation, size, ctx)
    n = len(training)
    return SegmenterData(pictures[:n], masks[:n], pictures[n:], masks[n:])


def _read(
    project: Project, pairs: Pairs, size: int, ctx: JobContext
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
    def read(pair: tuple[ImageRecord, MaskRecord]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
        image, record = pair
        picture = read_picture(project, image)
        mask = codec.decode(project.store.masks.load(record.id))
        sized = resize_image(picture, height=size, width=size)
        return sized, resize_mask(mask, height=size, width=size)

    pictures = np.empty((len(pairs), size, size, 3), np.uint8)
    masks = np.empty((len(pairs), size, size), np.bool_)
    results = ctx.track(map_ahead(read, pairs), "Reading pictures", total=len(pairs))
    for index, (picture, mask) in enumerate(results):
        pictures[index], masks[index] = picture, mask
    if not masks.any():
        raise ModelError("None of the masks to learn from has any ink. Review some pictures with ink first.")
    return pictures, masks
