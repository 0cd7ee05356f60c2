"""Mask the ink of every picture with a trained network."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import cv2
import numpy as np
import numpy.typing as npt

from gsal.errors import GsalError
from gsal.images.geometry import working_shape
from gsal.jobs.batches import batches
from gsal.jobs.mask_making import new_mask
from gsal.jobs.model_files import load_segmenter, ready_models
from gsal.jobs.network_size import read_sized
from gsal.masks import probabilities
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord, MaskSet, MaskSource, ModelKind, NewMask

__all__ = ["Segment"]

_BATCH = 32


@dataclass(frozen=True, slots=True)
class Segment:
    """Keeps a mask per picture with its network and threshold, and the probabilities to move that with.

    Attributes:
        model: Name of the segmenter.
        threshold: Probability above which a pixel is ink.
        image_ids: Only these pictures; all when there are none.
        is_trial: Whether the masks are kept beside those of the network in use, to be measured first.
    """

    kind: ClassVar[str] = "segment"
    model: str = "bisenet"
    threshold: float = 0.5
    image_ids: tuple[int, ...] = ()
    is_trial: bool = False

    @property
    def title(self) -> str:
        """What it does, for people."""
        return f"Masking ink with {self.model}"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Mask the pictures this network has not masked yet; return counts, and bytes kept per picture."""
        from gsal.training.inference import segment_probabilities
        from gsal.training.precision import fastest

        if not 0 < self.threshold < 1:
            raise GsalError(f"A threshold is a probability between 0 and 1; got {self.threshold:g}.")
        (model,) = ready_models(project, [self.model], ModelKind.SEGMENTER)
        store = project.store.images
        images = store.get_many(self.image_ids) if self.image_ids else store.all()
        finished = self._finished(project, model.id)
        waiting = [image for image in images if image.id not in finished]
        module = load_segmenter(project, model)
        precision = fastest(next(module.parameters()).device)
        sized = ctx.track(
            read_sized(project, waiting, size=model.preprocessing.size),
            "Masking ink",
            total=len(images),
            done=len(images) - len(waiting),
        )
        kept_bytes = []
        for batch in batches(sized, _BATCH):
            pictures = np.stack([one.picture for one in batch])
            maps = segment_probabilities(module, pictures, precision=precision)
            masks = [self._mask(one.image, values, model.id) for one, values in zip(batch, maps, strict=True)]
            kept_bytes += [len(m.probabilities.data) for m in masks if m.probabilities is not None]
            project.store.masks.add_many(masks)
        inked = sum(
            mask.ink_px > project.min_ink_px
            for image_id, mask in project.store.masks.by_model(model.id).items()
            if not self.image_ids or image_id in self.image_ids
        )
        if images and not inked and not self.is_trial:
            ctx.notice(
                f"{self.model} found ink on no picture, and its masks now go before those of the rules. "
                "Train it longer, or review some pictures."
            )
        masked = len(self._finished(project, model.id).intersection(image.id for image in images))
        return {
            "model": self.model,
            "pictures": len(images),
            "masked": masked,
            "inked": inked,
            "probability_bytes_per_picture": round(float(np.mean(kept_bytes))) if kept_bytes else 0,
        }

    def _mask(self, image: ImageRecord, values: npt.NDArray[np.float32], model_id: int) -> NewMask:
        """Return a picture's mask with its probabilities, both at the working size."""
        sized = _at_working_size(values, image)
        mask = new_mask(
            image.id, sized > self.threshold, MaskSource.MODEL, model_id=model_id, threshold=self.threshold
        )
        return replace(mask, probabilities=probabilities.encode(sized), is_current=not self.is_trial)

    def _finished(self, project: Project, model_id: int) -> set[int]:
        """Return the pictures whose present network mask, or any for a trial, is this model's as asked."""
        masks = project.store.masks
        heads = masks.by_model(model_id) if self.is_trial else masks.best(None, MaskSet.NETWORK)
        return {
            image_id
            for image_id, mask in heads.items()
            if mask.model_id == model_id and mask.threshold == self.threshold
        }


def _at_working_size(probability: npt.NDArray[np.float32], image: ImageRecord) -> npt.NDArray[np.float32]:
    height, width = working_shape(image.height, image.width)
    size = (width, height)
    return np.asarray(cv2.resize(probability, size, interpolation=cv2.INTER_LINEAR), dtype=np.float32)
