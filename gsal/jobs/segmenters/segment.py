"""Mask the ink of every picture with a trained network."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from gsal.arrays import RgbImage
from gsal.errors import GsalError, ImageError
from gsal.images.geometry import resize_image, scaled_shape, working_shape
from gsal.images.guided_filter import follow_edges
from gsal.jobs.batches import batches, map_ahead
from gsal.jobs.masks.making import Unreadable, new_mask, read_picture
from gsal.jobs.models.files import load_segmenter, ready_models
from gsal.masks import probabilities
from gsal.masks.uncertainty import uncertainty
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord, MaskSet, MaskSource, ModelKind, ModelRecord, NewMask

if TYPE_CHECKING:
    from gsal.runtimes.runtime import Runtime

__all__ = ["MAX_LONG_SIDE", "Segment"]

MAX_LONG_SIDE = 4096
"""Of a picture as a network sees it, in pixels."""

_BATCH = 16
_LARGE_BATCH = 4  # of pictures that go through the network in tiles
_COMPARED = 3  # pictures of the project that a runtime is checked on
_EDGES = "guided filter"


@dataclass(frozen=True, slots=True)
class Segment:
    """Keeps a mask per picture with its network and threshold, and the probabilities to move that with.

    Attributes:
        model: Name of the segmenter.
        threshold: Probability above which a pixel is ink.
        long_side: At which the network sees a picture, in pixels; 0 for the one it was trained at. Larger
            shows finer strokes and takes longer; large pictures go through the network in tiles.
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
        self._check()
        (model,) = ready_models(project, [self.model], ModelKind.SEGMENTER)
        long_side = self.long_side or model.preprocessing.size
        store = project.store.images
        images = store.get_many(self.image_ids) if self.image_ids else store.all()
        finished = self._finished(project, model, long_side)
        waiting = [image for image in images if image.id not in finished]
        read = ctx.track(
            map_ahead(lambda image: _read(project, image, long_side), waiting, ahead=_batch_size(long_side)),
            "Masking ink",
            total=len(images),
            done=len(images) - len(waiting),
        )
        if waiting:
            made = self._segment(project, model, waiting[:_COMPARED], read, ctx)
        else:
            made = {"problems": list(read)}  # none, but that all is done is reported
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
        finished = self._finished(project, model, long_side)
        return {
            "model": self.model,
            "pictures": len(images),
            "masked": len(finished.intersection(image.id for image in images)),
            "inked": inked,
            "problems": [],
            "settings": {},
            "probability_bytes_per_picture": 0,
            **made,
        }

    def _segment(
        self,
        project: Project,
        model: ModelRecord,
        compared: list[ImageRecord],
        read: "Iterator[_Seen | Unreadable]",
        ctx: JobContext,
    ) -> dict[str, Any]:
        """Mask pictures as they come and keep them batch by batch; return what was met on the way."""
        from gsal.training.ink_maps import ink_maps

        long_side = self.long_side or model.preprocessing.size
        runtime = self._runtime(project, model, compared, ctx)
        problems: list[dict[str, str]] = []
        kept_bytes: list[int] = []
        for batch in batches(read, _batch_size(long_side)):
            problems += [{"file": r.path, "reason": r.reason} for r in batch if isinstance(r, Unreadable)]
            good = [r for r in batch if isinstance(r, _Seen)]
            maps = ink_maps(runtime, [one.picture for one in good])
            sized = [
                follow_edges(values, one.picture, one.working) for one, values in zip(good, maps, strict=True)
            ]
            # A runtime may change while it runs: a graphics card gives way to the processor.
            settings = _settings(model, long_side, runtime)
            masks = [
                self._mask(one.image, values, model.id, settings)
                for one, values in zip(good, sized, strict=True)
            ]
            unsure = {
                one.image.id: uncertainty(values, min_ink_px=project.min_ink_px)
                for one, values in zip(good, sized, strict=True)
            }
            kept_bytes += [len(m.probabilities.data) for m in masks if m.probabilities is not None]
            project.store.masks.add_many(masks)
            if not self.is_trial:
                project.store.images.set_uncertainties(unsure)
        return {
            "problems": problems,
            "settings": _settings(model, long_side, runtime),
            "probability_bytes_per_picture": round(float(np.mean(kept_bytes))) if kept_bytes else 0,
        }

    def _check(self) -> None:
        from gsal.training.ink_maps import STRIDE_PX

        if not 0 < self.threshold < 1:
            raise GsalError(f"A threshold is a probability between 0 and 1; got {self.threshold:g}.")
        if self.long_side and not STRIDE_PX <= self.long_side <= MAX_LONG_SIDE:
            raise GsalError(
                f"A long side is 0 or between {STRIDE_PX} and {MAX_LONG_SIDE} pixels; got {self.long_side}."
            )

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

    def _mask(
        self, image: ImageRecord, values: npt.NDArray[np.float32], model_id: int, settings: dict[str, Any]
    ) -> NewMask:
        """Return a picture's mask with its probabilities (H, W), both at the working size."""
        mask = new_mask(
            image.id, values > self.threshold, MaskSource.MODEL, model_id=model_id, threshold=self.threshold
        )
        kept = probabilities.encode(values)
        return replace(mask, probabilities=kept, settings=settings, is_current=not self.is_trial)

    def _finished(self, project: Project, model: ModelRecord, long_side: int) -> set[int]:
        """Return the pictures whose present network mask, or any for a trial, is what this job would make.

        Whatever ran the network: runtimes agree.
        """
        masks = project.store.masks
        heads = masks.by_model(model.id) if self.is_trial else masks.best(None, MaskSet.NETWORK)
        wanted = {"weights_sha256": model.weights_sha256, "long_side": long_side, "edges": _EDGES}
        return {
            image_id
            for image_id, mask in heads.items()
            if mask.model_id == model.id
            and mask.threshold == self.threshold
            and wanted.items() <= (mask.settings or {}).items()
        }


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """A picture as the network sees it, and at the size that masks are kept at."""

    image: ImageRecord
    picture: RgbImage
    working: RgbImage


def _read(project: Project, image: ImageRecord, long_side: int) -> _Seen | Unreadable:
    try:
        picture = read_picture(project, image)
    except ImageError as error:
        return Unreadable(image.path, error.reason)
    height, width = scaled_shape(*picture.shape[:2], long_side=long_side)
    rows, columns = working_shape(*picture.shape[:2])
    return _Seen(
        image,
        resize_image(picture, height=height, width=width),
        resize_image(picture, height=rows, width=columns),
    )


def _settings(model: ModelRecord, long_side: int, runtime: "Runtime") -> dict[str, Any]:
    return {
        "weights_sha256": model.weights_sha256,
        "long_side": long_side,
        "edges": _EDGES,
        "runtime": runtime.name,
        "precision": runtime.precision,
    }


def _batch_size(long_side: int) -> int:
    """Return how many pictures are read, masked and kept together: fewer where each is large."""
    from gsal.training.ink_maps import TILE_PX

    return _BATCH if long_side <= TILE_PX else _LARGE_BATCH
