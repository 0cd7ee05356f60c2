"""Where networks run."""

import torch

__all__ = ["best_device"]


def best_device() -> torch.device:
    """Return the graphics card where torch can use one, else the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
