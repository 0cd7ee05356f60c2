"""What a dry run of a model from outside found, line by line."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from gsal.records import BroughtModel

if TYPE_CHECKING:
    from torch import nn

    from gsal.models.outside import OutsideModel

__all__ = ["Check", "CheckedModel", "Fit"]


class Fit(StrEnum):
    """How something found stands."""

    FITS = "fits"
    NOTE = "note"
    MISFIT = "does not fit"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report."""

    topic: str
    text: str
    fit: Fit


@dataclass(frozen=True, slots=True, eq=False)
class CheckedModel:
    """What a dry run found.

    Attributes:
        checks: In the order they were made; after one that does not fit there are no further ones.
        data: The file's content; empty if it could not be read.
        sha256: Of that.
        described: What the file is used with; None if that does not fit.
        module: The network; None if it does not fit.
        brought: How it is run, once it is in the project.
    """

    checks: tuple[Check, ...]
    data: bytes
    sha256: str
    described: "OutsideModel | None"
    module: "nn.Module | None"
    brought: BroughtModel

    @property
    def fits(self) -> bool:
        """Whether the model can be brought in."""
        return all(check.fit is not Fit.MISFIT for check in self.checks)

    def to_json(self) -> dict[str, Any]:
        """Return the report, JSON-ready."""
        return {
            "fits": self.fits,
            "file_sha256": self.sha256,
            "format": str(self.brought.format),
            "refused": {str(method): why for method, why in self.brought.refused.items()},
            "report": [{"topic": c.topic, "fit": str(c.fit), "text": c.text} for c in self.checks],
        }
