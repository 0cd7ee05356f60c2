"""What a saliency method costs before it starts: passes through the network, seconds, and words for them."""

from collections.abc import Collection
from dataclasses import dataclass

from gsal.records import Preprocessing, SaliencyMethod
from gsal.saliency.options import Options
from gsal.saliency.windows import Windows

__all__ = ["ONE_PASS", "Passes", "duration_words", "passes_of", "passes_words"]

ONE_PASS = frozenset(
    {
        SaliencyMethod.GRAD_CAM,
        SaliencyMethod.COMPETITIVE,
        SaliencyMethod.GRADIENT,
        SaliencyMethod.GRADIENT_INPUT,
    }
)
"""Methods that share one forward pass, and what backward passes there are."""

_PAPER_SIZE = Preprocessing().size

_BACKWARD = 1.5
"""Forward passes that a backward pass to the picture takes, by time: it has as many multiplications, for
frozen parameters need no gradients, but moves more memory. Measured on one thread at 224 px: 1.6 on
DenseNet-121, 1.3 on ResNet-18."""


@dataclass(frozen=True, slots=True)
class Passes:
    """Passes through the network for one picture.

    Attributes:
        forward: From the picture to its logits.
        backward: From a logit to the picture, with frozen parameters.
    """

    forward: int
    backward: int

    @property
    def forward_equivalents(self) -> float:
        """As forward passes that take as long."""
        return self.forward + _BACKWARD * self.backward

    def seconds(self, forward_s: float) -> float:
        """Return the time they take where a forward pass takes `forward_s`."""
        return self.forward_equivalents * forward_s


def passes_of(
    methods: Collection[SaliencyMethod],
    *,
    classes: int,
    size: int = _PAPER_SIZE,
    options: Options = Options(),  # noqa: B008
) -> Passes:
    """Count the passes of methods that are computed together, whatever the architecture.

    Grad-CAM counts as its forward pass: what it goes back through, where it has to, are the last few layers.

    Args:
        methods: Which.
        classes: Logits of the network; all of them are explained.
        size: Side of its input in px; occlusion has about as many windows at any.
        options: How.

    >>> passes_of([SaliencyMethod.GRAD_CAM, SaliencyMethod.COMPETITIVE], classes=7, size=224)
    Passes(forward=1, backward=7)
    >>> passes_of([SaliencyMethod.OCCLUSION], classes=7, size=224)
    Passes(forward=227, backward=0)
    """
    gradients = ONE_PASS & set(methods) - {SaliencyMethod.GRAD_CAM}
    of_each = {
        SaliencyMethod.SMOOTHGRAD: Passes(options.samples, options.samples * classes),
        SaliencyMethod.INTEGRATED_GRADIENTS: Passes(options.steps, options.steps * classes),
        # Its Grad-CAM, two to find its ReLUs, and Captum's, who goes forward for every class.
        SaliencyMethod.GUIDED_GRAD_CAM: Passes(3 + classes, classes),
        SaliencyMethod.OCCLUSION: Passes(1 + len(list(Windows.of(size, size))), 0),
    }
    found = [cost for method, cost in of_each.items() if method in methods]
    # One for the answers, which the methods of one pass need anyway.
    forward = 1 + sum(cost.forward for cost in found)
    backward = (classes if gradients else 0) + sum(cost.backward for cost in found)
    return Passes(forward, backward)


def passes_words(passes: Passes) -> str:
    """Say how many passes a picture takes.

    >>> passes_words(Passes(1, 0)), passes_words(Passes(26, 175))
    ('1 forward pass a picture', '26 forward and 175 backward passes a picture')
    """
    if passes.backward:
        return f"{passes.forward:,} forward and {passes.backward:,} backward passes a picture"
    return f"{passes.forward:,} forward pass{'es' if passes.forward > 1 else ''} a picture"


def duration_words(seconds: float, pictures: int) -> str:
    """Say about how long it takes, rounded as an estimate deserves.

    >>> duration_words(700, 600)
    'about 12 minutes for 600 pictures'
    >>> duration_words(9000, 1)
    'about 2.5 hours for 1 picture'
    """
    units = {"day": 86400, "hour": 3600, "minute": 60, "second": 1}
    unit = next((name for name, length in units.items() if seconds >= length), "second")
    count = seconds / units[unit]
    rounded = float(f"{count:.2g}") if unit in {"day", "hour"} else max(1, round(count))
    plural = "" if rounded == 1 else "s"
    return f"about {rounded:g} {unit}{plural} for {pictures:,} picture{'' if pictures == 1 else 's'}"
