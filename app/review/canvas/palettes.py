"""The colours a mask can be filled with; each stands out from skin and from ink with any colour vision."""

from dataclasses import dataclass

__all__ = ["HALO", "OUTLINE", "PALETTES", "Palette", "palette_of"]

Colour = tuple[int, int, int]
OUTLINE: Colour = (255, 255, 255)
HALO: Colour = (0, 0, 0)
"""Around every mask in every palette: white next to black is seen on any ground."""


@dataclass(frozen=True, slots=True)
class Palette:
    """How a mask is filled.

    Attributes:
        key: What settings keep.
        name: What the reader sees.
        fill: (red, green, blue), 0 to 255.
    """

    key: str
    name: str
    fill: Colour


PALETTES = (
    Palette("yellow", "Yellow", (240, 228, 66)),
    Palette("cyan", "Cyan", (0, 229, 255)),
    Palette("orange", "Orange", (255, 160, 0)),
    Palette("blue", "Blue", (0, 80, 255)),
)


def palette_of(key: str) -> Palette:
    """Return a palette by its key; the first one when a settings file names one that is not there."""
    return next((palette for palette in PALETTES if palette.key == key), PALETTES[0])
