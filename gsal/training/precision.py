"""Which arithmetic a device is fast at."""

import torch

from gsal.training.recipe import Precision

__all__ = ["available", "fastest"]


def available(precision: Precision, device: torch.device) -> Precision:
    """Return float32 where bfloat16 is emulated: it is slower there."""
    return precision if _has_bfloat16(device) else Precision.FLOAT32


def fastest(device: torch.device) -> Precision:
    """Return the fastest arithmetic that is exact enough for masks."""
    return available(Precision.BFLOAT16, device)


def _has_bfloat16(device: torch.device) -> bool:
    return device.type == "cuda" or bool(torch.cpu.get_capabilities().get("amx_bf16", False))
