"""Train a network to mask ink."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from gsal.errors import ModelError
from gsal.images.geometry import resize_image, resize_mask
from gsal.jobs.batches import map_ahead
from gsal.jobs.mask_making import mask_set_named, read_picture
from gsal.jobs.model_files import find_same, finish, state_path
from gsal.jobs.recipes import segmenter_recipe
from gsal.jobs.segmenter_data import TrainingMasks, choose_training_masks
from gsal.masks import codec
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord, MaskRecord, MaskSet, ModelKind, ModelStatus, Preprocessing

if TYPE_CHECKING:
    from gsal.training.datasets import SegmenterData

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
        """Train, or go on training; return name, epochs and final figures."""
        from gsal.models.registry import build_segmenter
        from gsal.training.segmenter import train_segmenter

        recipe = segmenter_recipe(self.recipe, epochs=self.epochs)
        asked = {
            "recipe": recipe.to_json() | {"name": self.recipe},
            "mask_set": self.mask_set,
            "max_pictures": self.max_pictures,
        }
        record = find_same(
            project,
            self.name,
            kind=ModelKind.SEGMENTER,
            architecture=self.architecture,
            seed=self.seed,
            asked=asked,
        )
        if record is not None and record.status is ModelStatus.READY:
            return {"name": self.name, "status": "ready already"}
        if record is None:
            chosen = choose_training_masks(
                project, mask_set_named(self.mask_set), max_pictures=self.max_pictures, seed=self.seed
            )
            record = project.store.models.add(
                self.name,
                kind=ModelKind.SEGMENTER,
                architecture=self.architecture,
                preprocessing=Preprocessing(size=recipe.size),
                seed=self.seed,
                run_card=asked | chosen.to_card(),
            )
        else:
            # Reviews in between must not change what a begun training learns from.
            chosen = TrainingMasks.from_card(project, record.run_card)
        data = _data(project, chosen.training, chosen.validation, recipe.size, ctx)
        module = build_segmenter(self.architecture, seed=self.seed)
        result = train_segmenter(
            module, data, recipe, seed=self.seed, checkpoint=state_path(project, record), ctx=ctx
        )
        return finish(project, record, module, result)


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
