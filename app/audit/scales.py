"""On which scale ink saliency is read: as a z-score, as it is, by its own map, or of the peaks (SPEC 8)."""

from enum import StrEnum

from gsal.audit.data import AuditData
from gsal.audit.global_saliency import PixelPool
from gsal.audit.within_image import AS_IT_IS, normalised_within
from gsal.records import Aggregator

__all__ = ["Scale"]


class Scale(StrEnum):
    """What a map and a mask become."""

    Z = "z"
    PEAK = "n"
    RAW = "m"
    WITHIN = "within"

    @property
    def aggregator(self) -> Aggregator:
        """How a map and a mask become one number."""
        return Aggregator.PEAK if self is Scale.PEAK else Aggregator.MEAN

    @property
    def pool(self) -> PixelPool | None:
        """By what means are put on the scale; None for all pixels of the model's own maps."""
        return AS_IT_IS if self in {Scale.RAW, Scale.WITHIN} else None

    def of(self, table: AuditData) -> AuditData:
        """Return the table with m as this scale takes it."""
        return normalised_within(table) if self is Scale.WITHIN else table

    @property
    def choice(self) -> str:
        """What a chooser calls it."""
        return {
            Scale.Z: "Mean over the ink (z)",
            Scale.PEAK: "Peaks in the ink (n)",
            Scale.RAW: "Mean, as it is (m)",
            Scale.WITHIN: "Mean, within each picture",
        }[self]

    @property
    def axis(self) -> str:
        """What an axis calls it."""
        return {
            Scale.Z: "ink saliency z(m)",
            Scale.PEAK: "share of ink among the top 2 % (n)",
            Scale.RAW: "ink saliency m",
            Scale.WITHIN: "ink saliency, sd of the picture's own map",
        }[self]
