"""Where networks run."""

import torch
from torch import nn

__all__ = ["best_device", "device_of", "has_bfloat16"]


def best_device() -> torch.device:
    """Return the graphics card where torch can use one, else the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def device_of(model: nn.Module) -> torch.device:
    """Return where a network's weights are; a program shows none, and computes on the processor."""
    return next(model.parameters(), torch.empty(0)).device


def has_bfloat16(device: torch.device) -> bool:
    """Whether a device multiplies bfloat16 in hardware; where it is emulated it is slower than float32."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    found = torch.cpu.get_capabilities()
    return any(found.get(name, False) for name in ("amx_bf16", "avx512_bf16"))
