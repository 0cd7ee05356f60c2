"""What explaining costs: told before it starts, and how much of it is done before the job may stop."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gsal.records import ModelRecord, SaliencyMethod
from gsal.saliency.cost import Passes, duration_words, passes_of, passes_words
from gsal.saliency.options import Options

if TYPE_CHECKING:
    import torch

__all__ = ["check_cost_text", "cost_text", "pictures_at_once"]

_MOST_PICTURES = 32
_MOST_PASSES = 400
"""As forward passes: a few seconds of a graphics card, a minute or two of one processor."""


def pictures_at_once(
    methods: Sequence[SaliencyMethod], options: Options, model: ModelRecord, *, looks: int
) -> int:
    """Return how many pictures are explained before they are stored: the dearer one is, the fewer.

    Args:
        methods: That are computed of each.
        options: How.
        model: The classifier.
        looks: How many variants of a picture there are at most.
    """
    passes = looks * _passes(methods, options, model).forward_equivalents
    return max(1, min(_MOST_PICTURES, int(_MOST_PASSES / passes)))


def cost_text(
    methods: Sequence[SaliencyMethod],
    options: Options,
    model: ModelRecord,
    module: "torch.nn.Module",
    *,
    pictures: int,
    looks: int,
) -> str:
    """Say what each method and all together cost, with a forward pass timed on this machine.

    Args:
        methods: That are computed of each picture.
        options: How.
        model: The classifier.
        module: Its network, on its device.
        pictures: How many wait.
        looks: How many variants of them wait, the pictures as they are among them.
    """
    seconds = _passes(methods, options, model).seconds(_forward_s(module, model)) * looks
    again = f", {looks - pictures:,} of them once more with their ink changed" if looks > pictures else ""
    return f"{_passes_text(methods, options, model)}: {duration_words(seconds, pictures)}{again}."


def check_cost_text(
    methods: Sequence[SaliencyMethod],
    options: Options,
    model: ModelRecord,
    module: "torch.nn.Module",
    *,
    pictures: int,
    draws: int,
    looks: int,
    left: float,
) -> str:
    """Say what a sanity check costs, with a forward pass timed on this machine.

    Args:
        methods: That are checked.
        options: How.
        model: The classifier.
        module: Its network, on its device.
        pictures: That are looked at.
        draws: How often new parameters are drawn.
        looks: How often each picture is explained in a draw: as trained, and once a stage.
        left: The share of it all that no earlier run has done.
    """
    seconds = _passes(methods, options, model).seconds(_forward_s(module, model))
    told = duration_words(left * seconds * pictures * draws * looks, pictures)
    drawn = f"{draws:,} draw{'' if draws == 1 else 's'} of {looks - 1:,} stages"
    times = f"each explained {draws * looks:,} times ({drawn}, and as trained)"
    rest = f"; {left:.0%} of that is left" if left < 1 else ""
    return f"{_passes_text(methods, options, model)}: {told}, {times}{rest}."


def _passes_text(methods: Sequence[SaliencyMethod], options: Options, model: ModelRecord) -> str:
    each = [f"{method} {passes_words(_passes([method], options, model))}" for method in methods]
    together = "" if len(each) == 1 else f"; together {passes_words(_passes(methods, options, model))}"
    return f"{model.name}: {'; '.join(each)}{together}"


def _passes(methods: Sequence[SaliencyMethod], options: Options, model: ModelRecord) -> Passes:
    return passes_of(methods, classes=len(model.classes), size=model.preprocessing.size, options=options)


def _forward_s(module: "torch.nn.Module", model: ModelRecord) -> float:
    """Return how long a picture takes to its logits, of the second of two passes."""
    import numpy as np

    from gsal.training.inference import predict_logits

    size = model.preprocessing.size
    blank = np.zeros((1, size, size, 3), np.uint8)
    predict_logits(module, blank, model.preprocessing)
    started = time.perf_counter()
    predict_logits(module, blank, model.preprocessing)
    return time.perf_counter() - started
