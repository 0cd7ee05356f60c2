"""Which arithmetic a device is fast at."""

import torch

from gsal.models.device import has_bfloat16
from gsal.training.recipe import Precision

__all__ = ["available"]


def available(precision: Precision, device: torch.device) -> Precision:
    """Return float32 where bfloat16 is emulated: it is slower there."""
    return precision if has_bfloat16(device) else Precision.FLOAT32
