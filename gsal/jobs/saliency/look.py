"""Saliency of one picture, to be looked at: maps of every class and their figures, kept in memory only."""

import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gsal.arrays import Coverage, FloatArray, RgbImage
from gsal.audit.names import method_name
from gsal.errors import ModelError
from gsal.images.geometry import coverage, resize_image
from gsal.jobs.masks.making import read_picture
from gsal.jobs.models.files import load_classifier
from gsal.jobs.saliency.kept import Kept
from gsal.masks import codec
from gsal.progress import JobContext, Progress
from gsal.project import Project
from gsal.records import ImageRecord, MaskRecord, MaskSet, ModelRecord, SaliencyMethod
from gsal.saliency.aggregate import mean_saliency, moments, peak_saliency
from gsal.saliency.cost import passes_of
from gsal.saliency.following import Follow
from gsal.saliency.options import Options

if TYPE_CHECKING:
    import torch

__all__ = ["Explainer", "MapFigures", "PictureMap", "explain_picture"]

_MAPS_BYTES = 256 << 20
_NETWORKS_BYTES = 512 << 20
_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class MapFigures:
    """What a map of one class comes to (SPEC 7 and 8); NaN where undefined.

    Attributes:
        mean: m.
        relative: m within its picture, (m - mean of the map) / its standard deviation.
        peak: n.
        chance: |A| / |P|, what n is of a map that knows nothing.
        gap: Of completeness.
        logit: z_c, that the gap is held against.
        probability: Softmax of z_c.
    """

    mean: float
    relative: float
    peak: float
    chance: float
    gap: float
    logit: float
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class PictureMap:
    """A picture explained by one method for one model.

    Attributes:
        model: Its name.
        classes: In the order of its logits.
        maps: (C, S, S), signed, for every class.
        logits: (C,) float64.
        gap: (C,) float64, the completeness gap.
        preset, layer: Of the method; "" where it has none.
        coverage: (S, S), of the ink mask on the network's grid; None without a mask in the set.
    """

    model: str
    classes: tuple[str, ...]
    method: SaliencyMethod
    maps: npt.NDArray[np.floating[Any]]
    logits: FloatArray
    gap: FloatArray
    preset: str
    layer: str
    coverage: Coverage | None

    @property
    def predicted(self) -> int:
        """Number of the class with the largest logit."""
        return int(self.logits.argmax())

    @property
    def probabilities(self) -> FloatArray:
        """Softmax of the logits, (C,)."""
        shifted = np.exp(self.logits - self.logits.max())
        shares: FloatArray = shifted / shifted.sum()
        return shares

    def figures(self, number: int) -> MapFigures:
        """Return the figures of a class, by its number."""
        shown = self.maps[number]
        total, squares = (float(moment) for moment in moments(shown))
        centre = total / shown.size
        spread = np.sqrt(max(0.0, squares / shown.size - centre**2))
        mean = peak = chance = _NAN
        if self.coverage is not None:
            mean, peak = (
                float(mean_saliency(shown, self.coverage)),
                float(peak_saliency(shown, self.coverage)),
            )
            chance = float(self.coverage.sum(dtype=np.float64)) / shown.size
        return MapFigures(
            mean=mean,
            relative=(mean - centre) / float(spread) if spread > 0 else _NAN,
            peak=peak,
            chance=chance,
            gap=float(self.gap[number]),
            logit=float(self.logits[number]),
            probability=float(self.probabilities[number]),
        )


def explain_picture(
    project: Project,
    model: ModelRecord,
    image: ImageRecord,
    method: SaliencyMethod,
    options: Options = Options(),  # noqa: B008 - it is frozen
    mask_set: MaskSet = MaskSet.BEST,
) -> PictureMap:
    """Explain one picture; see `Explainer.explain`, which is faster for the second one."""
    return Explainer(project).explain(model, image, method, options, mask_set)


class Explainer:
    """Explains one picture after the other, and keeps networks and maps that may be wanted again.

    Calls from several threads wait for each other.

    Args:
        project: Whose pictures and models.
        most_bytes: What the maps that are kept may take.
    """

    def __init__(self, project: Project, *, most_bytes: int = _MAPS_BYTES) -> None:
        self._project = project
        self._networks = Kept[str, "torch.nn.Module"](most_bytes=_NETWORKS_BYTES)
        self._maps = Kept[tuple[object, ...], PictureMap](most_bytes=most_bytes)
        self._lock = threading.Lock()

    def explain(
        self,
        model: ModelRecord,
        image: ImageRecord,
        method: SaliencyMethod,
        options: Options = Options(),  # noqa: B008
        mask_set: MaskSet = MaskSet.BEST,
        *,
        picture: RgbImage | None = None,
        ctx: JobContext | None = None,
    ) -> PictureMap:
        """Explain every class of a picture.

        Args:
            model: A classifier that is ready.
            image: The picture.
            method: How.
            options: Of the method; a layer that is not said is the model's own.
            mask_set: Whose mask the figures rest on.
            picture: Its pixels, if they were read already.
            ctx: Where to report, and to ask for a stop, between two forward passes.

        Raises:
            ImageError: The picture is gone, was changed, or cannot be read.
            ModelError: The model's file is gone or changed, or this method cannot explain it.
            JobCancelled: It was stopped.
        """
        options = replace(options, layer=options.layer or model.brought.layer or None)
        if why := model.brought.refused.get(method):
            raise ModelError(f"{model.name} cannot be explained by {method_name(method)}. {why}")
        key = (model.id, model.weights_sha256, image.sha256, method, options)
        with self._lock:
            found = self._maps.get(key)
            if found is None:
                pixels = read_picture(self._project, image) if picture is None else picture
                found = self._explain(model, pixels, method, options, ctx or JobContext())
                self._maps.put(key, found, size=found.maps.nbytes)
        record = self._project.store.masks.best([image.id], mask_set).get(image.id)
        covered = None if record is None else self._covered(record, model.preprocessing.size)
        return replace(found, coverage=covered)

    def _covered(self, record: MaskRecord, size: int) -> Coverage:
        mask = codec.decode(self._project.store.masks.load(record.id))
        return coverage(mask, height=size, width=size)

    def _explain(
        self, model: ModelRecord, pixels: RgbImage, method: SaliencyMethod, options: Options, ctx: JobContext
    ) -> PictureMap:
        from gsal.models.preprocessing import to_tensor
        from gsal.saliency.engine import explain

        network = self._network(model)
        size = model.preprocessing.size
        inputs = to_tensor(resize_image(pixels, height=size, width=size)[None], model.preprocessing)
        passes = passes_of([method], classes=len(model.classes), size=size, options=options)
        try:
            found = explain(network, inputs, [method], options, follow=_teller(ctx, passes.forward))[method]
        except RuntimeError as error:
            # Whatever a network from outside does not bear comes as this.
            raise ModelError(
                f"{model.name} cannot be explained by {method_name(method)}: it fails with "
                f"'{str(error).splitlines()[-1]}'. Choose another method."
            ) from error
        return PictureMap(
            model=model.name,
            classes=model.classes,
            method=method,
            maps=found.maps[0],
            logits=found.logits[0],
            gap=found.gap[0],
            preset=found.preset,
            layer=found.layer,
            coverage=None,
        )

    def _network(self, model: ModelRecord) -> "torch.nn.Module":
        key = f"{model.id} {model.weights_sha256}"
        network = self._networks.get(key)
        if network is None:
            file = self._project.folder / model.weights
            if not file.exists():
                raise ModelError(
                    f"{file}: the file of {model.name} is gone. Restore it from a backup, or train or import "
                    "the model again."
                )
            network = load_classifier(self._project, model)
            # A program does not say how large it is; its file does.
            self._networks.put(key, network, size=file.stat().st_size)
        return network


def _teller(ctx: JobContext, expected: int) -> Follow:
    """Return who reports every picture that goes through a network, and lets a stop through before it.

    Where one pass is `expected` there is nothing to report.
    """
    done, started = 0, time.monotonic()

    def tell(pictures: int) -> None:
        nonlocal done
        ctx.check()
        if expected > 1:
            left = max(0, expected - done)
            eta = (time.monotonic() - started) / done * left if done else _NAN
            ctx.emit(Progress("Explaining", expected - left, expected, eta))
        done += pictures

    return tell
