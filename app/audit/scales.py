"""On which scale ink saliency is read: as a z-score, as it is, or as a share of the peaks (SPEC 8)."""

from enum import StrEnum

from gsal.audit.global_saliency import PixelPool
from gsal.records import Aggregator

__all__ = ["Scale"]

_AS_IT_IS = PixelPool(mean=0.0, sd=1.0, pixels=0)


class Scale(StrEnum):
    """What a map and a mask become."""

    Z = "z"
    PEAK = "n"
    RAW = "m"

    @property
    def aggregator(self) -> Aggregator:
        """How a map and a mask become one number."""
        return Aggregator.PEAK if self is Scale.PEAK else Aggregator.MEAN

    @property
    def pool(self) -> PixelPool | None:
        """By what means are put on the scale; None for all pixels of the model's own maps."""
        return _AS_IT_IS if self is Scale.RAW else None

    @property
    def choice(self) -> str:
        """What a chooser calls it."""
        return {
            Scale.Z: "Mean over the ink (z)",
            Scale.PEAK: "Peaks in the ink (n)",
            Scale.RAW: "Mean, as it is (m)",
        }[self]

    @property
    def axis(self) -> str:
        """What an axis calls it."""
        return {
            Scale.Z: "ink saliency z(m)",
            Scale.PEAK: "share of ink among the top 2 % (n)",
            Scale.RAW: "ink saliency m",
        }[self]
