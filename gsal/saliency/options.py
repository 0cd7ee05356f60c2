"""How the saliency methods are computed, and the name that is stored beside what they give."""

from dataclasses import dataclass
from enum import StrEnum

from gsal.records import SaliencyMethod
from gsal.saliency.windows import Windows

__all__ = ["Competition", "Options", "Precision", "preset_of"]


class Competition(StrEnum):
    """Which class wins a pixel in competitive gradient x input (SPEC 7)."""

    GUPTA_ARORA = "gupta-arora"
    PFAU_2019 = "pfau-2019"
    PFAU_2019_SLOPE = "pfau-2019-slope"


class Precision(StrEnum):
    """Of the arithmetic."""

    FLOAT32 = "float32"
    FAST = "fast"
    """The transposed pass in bfloat16: offered where a check on the model allows it."""


@dataclass(frozen=True, slots=True)
class Options:
    """Settings of all methods; each looks at its own only.

    Attributes:
        competition: Of competitive gradient x input.
        layer: Of Grad-CAM and guided Grad-CAM; the last feature maps if None.
        centred: Grad-CAM of z_c minus the mean over classes, which is the same for all weights that give the
            same softmax (SPEC 7).
        precision: Of Grad-CAM and competitive gradient x input on a DenseNet.
        samples: Noisy copies of SmoothGrad.
        noise: Of SmoothGrad, its standard deviation over the range of the picture (Smilkov et al. 2017).
        steps: Of integrated gradients, from the mean colour, which is 0 in the normalised picture.
        seed: Of SmoothGrad's noise and of the random map.
    """

    competition: Competition = Competition.GUPTA_ARORA
    layer: str | None = None
    centred: bool = False
    precision: Precision = Precision.FLOAT32
    samples: int = 25
    noise: float = 0.15
    steps: int = 32
    seed: int = 0


def preset_of(method: SaliencyMethod, options: Options, size: int) -> str:
    """Return the settings that a method's maps depend on, as one name; "" where there are none.

    Maps of equal method, preset, layer, precision and size are the same, which is why it is stored.

    Args:
        method: Which.
        options: How.
        size: Short side of the network's input in px; windows of occlusion are shares of it.

    >>> preset_of(SaliencyMethod.SMOOTHGRAD, Options(samples=50), 224)
    'samples50-noise0.15-seed0'
    >>> preset_of(SaliencyMethod.OCCLUSION, Options(), 224)
    'window28-step14'
    """
    presets = {
        SaliencyMethod.GRAD_CAM: "centred" if options.centred else "",
        SaliencyMethod.COMPETITIVE: options.competition.value,
        SaliencyMethod.SMOOTHGRAD: f"samples{options.samples}-noise{options.noise:g}-seed{options.seed}",
        SaliencyMethod.INTEGRATED_GRADIENTS: f"steps{options.steps}",
        SaliencyMethod.OCCLUSION: Windows.of(size, size).preset,
        SaliencyMethod.RANDOM: f"seed{options.seed}",
    }
    return presets.get(method, "")
