"""What a runtime is."""

from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["BFLOAT16", "FLOAT32", "InkMaps", "Pictures", "Runtime"]

Pictures: TypeAlias = npt.NDArray[np.uint8]
"""(N, H, W, 3) uint8, H and W multiples of 32."""

InkMaps: TypeAlias = npt.NDArray[np.float32]
"""(N, H, W) float32: the probability of ink."""

FLOAT32, BFLOAT16 = "float32", "bfloat16"


class Runtime(Protocol):
    """A network that is ready to run."""

    @property
    def name(self) -> str:
        """What runs it, e.g. "torch"."""

    @property
    def precision(self) -> str:
        """FLOAT32 or BFLOAT16: the arithmetic it multiplies in."""

    def __call__(self, pictures: Pictures) -> InkMaps:
        """Return the ink probabilities of pictures of one shape."""
