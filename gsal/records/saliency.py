"""Saliency and predictions as kept per picture, and the names of what can be computed."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

__all__ = [
    "COLUMNS",
    "PAPER_METHODS",
    "Ability",
    "Aggregator",
    "PredictionRow",
    "PredictionTable",
    "SaliencyMethod",
    "SaliencyRow",
    "SaliencyRun",
    "SaliencyRunSettings",
    "SaliencyTable",
    "Variant",
]


class Ability(StrEnum):
    """What a network can be asked for."""

    LOGITS = "logits"
    INPUT_GRADIENTS = "input gradients"
    ACTIVATIONS = "inner activations"


class SaliencyMethod(StrEnum):
    """The saliency methods of SPEC 7, and two controls that know nothing of the network."""

    GRAD_CAM = "grad-cam"
    COMPETITIVE = "competitive-gradient-input"
    GRADIENT = "gradient"
    GRADIENT_INPUT = "gradient-input"
    SMOOTHGRAD = "smoothgrad"
    INTEGRATED_GRADIENTS = "integrated-gradients"
    GUIDED_GRAD_CAM = "guided-grad-cam"
    OCCLUSION = "occlusion"
    RANDOM = "random"
    SOBEL = "sobel"

    @property
    def needs(self) -> Ability:
        """What it has to ask a network for."""
        return _NEEDS.get(self, Ability.INPUT_GRADIENTS)

    @property
    def is_control(self) -> bool:
        """Whether its maps are the same for every network."""
        return self in {SaliencyMethod.RANDOM, SaliencyMethod.SOBEL}


_NEEDS = {
    SaliencyMethod.GRAD_CAM: Ability.ACTIVATIONS,
    SaliencyMethod.GUIDED_GRAD_CAM: Ability.ACTIVATIONS,
    SaliencyMethod.OCCLUSION: Ability.LOGITS,
    SaliencyMethod.RANDOM: Ability.LOGITS,
    SaliencyMethod.SOBEL: Ability.LOGITS,
}

PAPER_METHODS = (SaliencyMethod.GRAD_CAM, SaliencyMethod.COMPETITIVE)
"""What is computed unless another method is asked for."""


class Aggregator(StrEnum):
    """From a map and a mask to one number (SPEC 8)."""

    MEAN = "mean"
    PEAK = "peak"


class Variant(StrEnum):
    """What was done to a picture before the network saw it (`gsal.variants`).

    ABLATED paints the uninked pixels in the picture's mean, ABLATED_ALIKE all pictures' in one colour. PASTED
    lays ink on pictures without; all others but ORIGINAL are of pictures with ink.
    """

    ORIGINAL = "original"
    ABLATED = "ablated"
    ABLATED_ALIKE = "ablated-data-set-mean"
    INPAINTED = "ink-inpainted"
    BLURRED = "ink-blurred"
    CROPPED = "ink-free-crop"
    PASTED = "ink-pasted"


COLUMNS = ("mean", "peak", "map_sum", "map_sum_sq", "gap")
"""Columns of a SaliencyRow, per class: m and n (NaN without ink), the map's sum and sum of squares, the
completeness gap."""


@dataclass(frozen=True, slots=True)
class SaliencyRunSettings:
    """What a run of saliency over the validation pictures was computed with; equal settings are one run."""

    model_id: int
    method: SaliencyMethod
    preset: str
    layer: str
    precision: str
    input_size: int
    variant: Variant
    mask_set: str
    peak_percentile: float = 98.0


@dataclass(frozen=True, slots=True)
class SaliencyRun:
    """A stored run."""

    id: int
    settings: SaliencyRunSettings
    rows: int


@dataclass(frozen=True, slots=True, eq=False)
class SaliencyRow:
    """One picture's aggregates in one run.

    Attributes:
        ink_px: Ink pixels of the mask at the reference size (SPEC 1).
        mask_area: Sum of the mask's coverage on the network's grid, |A|.
        map_pixels: Pixels of the map, |P|.
        mask_sha256: Of what it rests on besides the picture: its mask, or all that a variant is made of.
        values: (classes, len(COLUMNS)) float64.
    """

    image_id: int
    ink_px: float
    mask_area: float
    map_pixels: int
    mask_sha256: str
    values: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SaliencyTable:
    """All rows of a run as columns, by ascending picture: N pictures, C classes.

    Attributes:
        image_ids: (N,) int64.
        ink_px, mask_area: (N,) float64, as in a SaliencyRow.
        map_pixels: (N,) int64.
        mask_sha256: N of them.
        values: (N, C, len(COLUMNS)) float64.
    """

    image_ids: npt.NDArray[np.int64]
    ink_px: npt.NDArray[np.float64]
    mask_area: npt.NDArray[np.float64]
    map_pixels: npt.NDArray[np.int64]
    mask_sha256: tuple[str, ...]
    values: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PredictionRow:
    """One picture's logits.

    Attributes:
        logits: (classes,) float64.
        basis: Hash of what the variant rests on besides the picture; "" for the picture as it is.
    """

    image_id: int
    logits: npt.NDArray[np.float64]
    basis: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class PredictionTable:
    """What a model says of N pictures as they are, as columns, by ascending picture.

    Attributes:
        image_ids: (N,) int64.
        logits: (N, classes) float64.
    """

    image_ids: npt.NDArray[np.int64]
    logits: npt.NDArray[np.float64]
