"""The fastest runtime that is exact enough."""

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import nn

from gsal.errors import GsalError, ModelError
from gsal.models.device import best_device
from gsal.records import Preprocessing
from gsal.runtimes.agreement import CHANGED_SHARE, LARGEST_DIFFERENCE, agreement
from gsal.runtimes.openvino import OpenVino, is_installed
from gsal.runtimes.pytorch import PlainTorch, Torch
from gsal.runtimes.runtime import FLOAT32, Pictures, Runtime

__all__ = ["RUNTIMES", "Make", "choose_runtime", "first_that_agrees"]

RUNTIMES = ("auto", "torch", "openvino")
"""Names of `choose_runtime`."""

Notice = Callable[[str], None]
Make = Callable[[], Runtime]


def choose_runtime(
    module: nn.Module,
    preprocessing: Preprocessing,
    *,
    name: str = "auto",
    pictures: Sequence[Pictures],
    threshold: float = 0.5,
    notice: Notice,
) -> Runtime:
    """Return the fastest runtime that agrees with plain torch on some pictures.

    The order is that of `tests.benchmarks.segmenter`: a graphics card, OpenVINO where it is installed, torch
    in bfloat16 where the processor has it, torch in float32. What was asked for by name is tried before plain
    torch alone. The time of a run decides nothing, so the same machine chooses the same again.

    Args:
        module: From (N, 3, H, W) to ink logits (N, 1, H, W); it stays as it is.
        preprocessing: Mean and standard deviation of the network.
        name: One of RUNTIMES.
        pictures: Batches to compare on, (N, H, W, 3) uint8 each, sides multiples of 32.
        threshold: Probability above which a pixel is ink.
        notice: Takes a text for people, of what was not used and why.

    Raises:
        GsalError: There is no such runtime, or it is not installed.
    """
    if name not in RUNTIMES:
        raise GsalError(f"There is no runtime {name!r}. Use one of: {', '.join(RUNTIMES)}.")
    if name == "openvino" and not is_installed():
        raise ModelError("OpenVINO is not installed. Install it with `pip install gsal[openvino]`.")
    reference = PlainTorch(module, preprocessing)
    candidates = _candidates(module, preprocessing, name, notice)
    return first_that_agrees(candidates, reference, pictures=pictures, threshold=threshold, notice=notice)


def first_that_agrees(
    candidates: Iterator[Make],
    reference: Runtime,
    *,
    pictures: Sequence[Pictures],
    threshold: float,
    notice: Notice,
) -> Runtime:
    """Return the first candidate that can be made and is exact enough, else the reference; say why."""
    for make in candidates:
        try:
            runtime = make()
            found = agreement(runtime, reference, pictures, threshold=threshold)
        except (ModelError, RuntimeError, ValueError) as error:
            notice(f"A faster way to run the network was not used: {error}")
            continue
        if found.is_exact_enough:
            return runtime
        notice(
            f"{runtime.name} in {runtime.precision} was not used: its probabilities differ by up to "
            f"{found.largest_difference:.2g} (at most {LARGEST_DIFFERENCE:g}) and {found.changed_share:.2%} "
            f"of pixels change sides (at most {CHANGED_SHARE:.2%})."
        )
    return reference


def _candidates(module: nn.Module, preprocessing: Preprocessing, name: str, notice: Notice) -> Iterator[Make]:
    device = best_device()
    if name == "openvino" or (name == "auto" and device.type == "cpu" and is_installed()):
        yield lambda: OpenVino(module, preprocessing)
    if name in ("auto", "torch"):
        yield lambda: Torch(module, preprocessing, device=device, notice=notice)
        yield lambda: Torch(module, preprocessing, device=torch.device("cpu"), precision=FLOAT32)
