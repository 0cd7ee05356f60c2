"""Ink networks run by torch."""

import copy
from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from gsal.models.device import best_device, has_bfloat16
from gsal.models.preprocessing import normalise
from gsal.records import Preprocessing
from gsal.runtimes.folding import fold
from gsal.runtimes.runtime import BFLOAT16, FLOAT32, InkMaps, Pictures

__all__ = ["PlainTorch", "Torch"]


def _say_nothing(text: str) -> None:
    """Where nobody listens."""


class PlainTorch:
    """The network as it was trained, in float32 on the processor: what the others are compared with."""

    name = "plain torch"
    precision = FLOAT32

    def __init__(self, module: nn.Module, preprocessing: Preprocessing) -> None:
        self.module = copy.deepcopy(module).to("cpu", torch.float32).eval()
        self.preprocessing = preprocessing

    def __call__(self, pictures: Pictures) -> InkMaps:
        """Return the ink probabilities of pictures of one shape."""
        inputs = normalise(torch.from_numpy(pictures).permute(0, 3, 1, 2), self.preprocessing)
        with torch.inference_mode():
            return np.asarray(self.module(inputs.contiguous())[:, 0].sigmoid().numpy(), np.float32)


class Torch:
    """The network folded, channels last, on the graphics card where there is one, in the fastest arithmetic.

    A batch that does not fit the card's memory is halved; where one picture does not fit, the processor goes
    on in float32, and `notice` says so once.

    Args:
        module: From (N, 3, H, W) to ink logits (N, 1, H, W); it stays as it is.
        preprocessing: Mean and standard deviation of the network.
        device: None for the best there is.
        precision: None for bfloat16 where the device has it in hardware, else float32.
        notice: Takes a text for people.
    """

    name = "torch"

    def __init__(
        self,
        module: nn.Module,
        preprocessing: Preprocessing,
        *,
        device: torch.device | None = None,
        precision: str | None = None,
        notice: Callable[[str], None] = _say_nothing,
    ) -> None:
        self.preprocessing, self.notice = preprocessing, notice
        self.device = device or best_device()
        self.precision = precision or (BFLOAT16 if has_bfloat16(self.device) else FLOAT32)
        # torch's own declaration of `to` lacks its memory_format alone.
        self.module = fold(module).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.module.to(self.device)

    def __call__(self, pictures: Pictures) -> InkMaps:
        """Return the ink probabilities of pictures of one shape."""
        try:
            return self._run(pictures)
        except torch.OutOfMemoryError:
            if len(pictures) == 1 and (self.device.type, self.precision) == ("cpu", FLOAT32):
                raise
        # Outside of the except clause, whose traceback holds on to the memory.
        if len(pictures) == 1:
            self._go_to_processor()
            return self(pictures)
        half = len(pictures) // 2
        return np.concatenate([self(pictures[:half]), self(pictures[half:])])

    def _run(self, pictures: Pictures) -> InkMaps:
        seen = torch.from_numpy(pictures).permute(0, 3, 1, 2)
        inputs = normalise(seen, self.preprocessing).to(self.device)
        is_bfloat16 = self.precision == BFLOAT16
        with torch.inference_mode(), torch.autocast(self.device.type, torch.bfloat16, enabled=is_bfloat16):
            logits = self.module(inputs)[:, 0]
        return np.asarray(logits.float().sigmoid().cpu().numpy(), np.float32)

    def _go_to_processor(self) -> None:
        self.notice("A picture did not fit the graphics card's memory; the processor goes on, slower.")
        self.device, self.precision = torch.device("cpu"), FLOAT32
        self.module.to(self.device)
