"""How picture and mask are shown; nothing of it ever changes the mask."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.review.canvas.palettes import PALETTES

__all__ = ["Looks"]

_STRONGEST = 100


@dataclass(frozen=True, slots=True)
class Looks:
    """The view's settings.

    Attributes:
        palette: Key of one of the `PALETTES`.
        opacity: Of the fill, 0 to 1.
        is_outline_only: Whether the fill is left out.
        is_hidden: Whether nothing of the mask is drawn.
        is_soft: Whether the soft edge is shown that networks are trained with, in place of the outline.
        brightness, contrast: -100 to 100 percent; 0 shows the photograph as it is.
    """

    palette: str = PALETTES[0].key
    opacity: float = 0.45
    is_outline_only: bool = False
    is_hidden: bool = False
    is_soft: bool = False
    brightness: int = 0
    contrast: int = 0

    @property
    def badge(self) -> str:
        """What to tell the reader while photograph or mask is not shown as it is; else nothing."""
        parts = [
            f"{name} {value:+d}".replace("-", "−")
            for name, value in (("brightness", self.brightness), ("contrast", self.contrast))
            if value
        ]
        said = ["Mask hidden"] if self.is_hidden else []
        said += [f"View only: {', '.join(parts)}"] if parts else []
        return " · ".join(said)

    def tones(self) -> npt.NDArray[np.uint8] | None:
        """Return what each of the 256 values of a colour is shown as; None when they stay as they are.

        Contrast turns about mid-grey; brightness then moves all values, at most by half the range.
        """
        if not self.brightness and not self.contrast:
            return None
        values = np.arange(256, dtype=np.float64)
        factor = 2.0 ** (2 * self.contrast / _STRONGEST)
        shown = (values - 127.5) * factor + 127.5 + 127.5 * self.brightness / _STRONGEST
        tones: npt.NDArray[np.uint8] = np.clip(np.rint(shown), 0, 255).astype(np.uint8)
        return tones
