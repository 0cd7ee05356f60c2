"""Mask the ink of every picture with a trained network."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import cv2
import numpy as np
import numpy.typing as npt

from gsal.arrays import RgbImage
from gsal.errors import GsalError, ImageError
from gsal.images.geometry import resize_image, scaled_shape, working_shape
from gsal.jobs.batches import batches, map_ahead
from gsal.jobs.mask_making import new_mask, read_picture
from gsal.jobs.model_files import load_segmenter, ready_models
from gsal.masks import probabilities
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord, MaskSet, MaskSource, ModelKind, ModelRecord, NewMask

if TYPE_CHECKING:
    from gsal.runtimes.runtime import Runtime

__all__ = ["Segment"]

_BATCH = 16
_COMPARED = 3  # pictures of the project that a runtime is checked on


@dataclass(frozen=True, slots=True)
class Segment:
    """Keeps a mask per picture with its network and threshold, and the probabilities to move that with.

    Attributes:
        model: Name of the segmenter.
        threshold: Probability above which a pixel is ink.
        long_side: At which the network sees a picture, in pixels; 0 for the one it was trained at. Larger shows
            finer strokes and takes longer; large pictures go through the network in tiles.
        runtime: A name of `gsal.runtimes.choice.RUNTIMES`; "auto" for the fastest that is exact enough.
        image_ids: Only these pictures; all when there are none.
        is_trial: Whether the masks are kept beside those of the network in use, to be measured first.
    """

    kind: ClassVar[str] = "segment"
    model: str = "bisenet"
    threshold: float = 0.5
    long_side: int = 0
    runtime: str = "auto"
    image_ids: tuple[int, ...] = ()
    is_trial: bool = False

    @property
    def title(self) -> str:
        """What it does, for people."""
        return f"Masking ink with {self.model}"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Mask the pictures this network has not masked yet; return counts, unreadable pictures, settings."""
        from gsal.training.ink_maps import ink_maps

        self._check()
        (model,) = ready_models(project, [self.model], ModelKind.SEGMENTER)
        store = project.store.images
        images = store.get_many(self.image_ids) if self.image_ids else store.all()
        finished = self._finished(project, model.id)
        waiting = [image for image in images if image.id not in finished]
        long_side = self.long_side or model.preprocessing.size
        runtime = self._runtime(project, model, waiting[:_COMPARED], ctx) if waiting else None
        read = ctx.track(
            map_ahead(lambda image: _read(project, image, long_side), waiting),
            "Masking ink",
            total=len(images),
            done=len(images) - len(waiting),
        )
        problems: list[dict[str, str]] = []
        kept_bytes: list[int] = []
        for batch in batches(read, _BATCH):
            problems += [{"file": r.path, "reason": r.reason} for r in batch if isinstance(r, _Unreadable)]
            good = [r for r in batch if isinstance(r, _Seen)]
            if runtime is None or not good:
                continue
            maps = ink_maps(runtime, [one.picture for one in good])
            masks = [self._mask(one.image, values, model.id) for one, values in zip(good, maps, strict=True)]
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
            "problems": problems,
            "settings": _settings(model, long_side, runtime) if runtime else {},
            "probability_bytes_per_picture": round(float(np.mean(kept_bytes))) if kept_bytes else 0,
        }

    def _check(self) -> None:
        from gsal.training.ink_maps import STRIDE_PX

        if not 0 < self.threshold < 1:
            raise GsalError(f"A threshold is a probability between 0 and 1; got {self.threshold:g}.")
        if self.long_side and self.long_side < STRIDE_PX:
            raise GsalError(f"A long side is at least {STRIDE_PX} pixels, or 0; got {self.long_side}.")

    def _runtime(
        self, project: Project, model: ModelRecord, images: list[ImageRecord], ctx: JobContext
    ) -> "Runtime":
        """Return the fastest runtime that is exact enough on some of the pictures."""
        from gsal.runtimes.agreement import fixed_picture
        from gsal.runtimes.choice import choose_runtime
        from gsal.training.ink_maps import padded

        read = (_read(project, image, model.preprocessing.size) for image in images)
        seen = [fixed_picture(), *(one.picture for one in read if isinstance(one, _Seen))]
        return choose_runtime(
            load_segmenter(project, model),
            model.preprocessing,
            name=self.runtime,
            pictures=[padded(picture)[None] for picture in seen],
            threshold=self.threshold,
            notice=ctx.notice,
        )

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


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """A picture as the network sees it."""

    image: ImageRecord
    picture: RgbImage


@dataclass(frozen=True, slots=True)
class _Unreadable:
    path: str
    reason: str


def _read(project: Project, image: ImageRecord, long_side: int) -> _Seen | _Unreadable:
    try:
        picture = read_picture(project, image)
    except ImageError as error:
        return _Unreadable(image.path, error.reason)
    height, width = scaled_shape(*picture.shape[:2], long_side=long_side)
    return _Seen(image, resize_image(picture, height=height, width=width))


def _settings(model: ModelRecord, long_side: int, runtime: "Runtime") -> dict[str, Any]:
    return {
        "weights_sha256": model.weights_sha256,
        "long_side": long_side,
        "runtime": runtime.name,
        "precision": runtime.precision,
    }


def _at_working_size(probability: npt.NDArray[np.float32], image: ImageRecord) -> npt.NDArray[np.float32]:
    height, width = working_shape(image.height, image.width)
    size = (width, height)
    return np.asarray(cv2.resize(probability, size, interpolation=cv2.INTER_LINEAR), dtype=np.float32)
