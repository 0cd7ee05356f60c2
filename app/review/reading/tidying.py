"""Clean-up of a whole mask by one key."""

from gsal.arrays import Mask
from gsal.editing.cleanup import grown, shrunk, with_holes_filled, without_specks

__all__ = ["tidied", "usual_speck_px"]

_SPECK_PX = 4
_LEAST_SPECK_PX = 3
_SIDE_PX = 448


def usual_speck_px(shape: tuple[int, int]) -> int:
    """Return the area in pixels below which ink is a speck: 4 pixels where the long side has 448.

    >>> usual_speck_px((448, 300)), usual_speck_px((4000, 6000))
    (4, 717)
    """
    return max(_LEAST_SPECK_PX, round(_SPECK_PX * (max(shape) / _SIDE_PX) ** 2))


def tidied(mask: Mask, action: str, *, amount_px: int | None = None) -> Mask:
    """Return a tidied copy of a mask.

    Args:
        mask: (H, W) bool.
        action: "remove-specks", "fill-holes", "grow" or "shrink".
        amount_px: Area for the first two, width for the others; None: `usual_speck_px`, every hole, 1.

    Raises:
        ValueError: There is no such action.
    """
    match action:
        case "remove-specks":
            height, width = mask.shape
            return without_specks(mask, min_area_px=amount_px or usual_speck_px((height, width)))
        case "fill-holes":
            return with_holes_filled(mask, max_area_px=amount_px)
        case "grow":
            return grown(mask, px=amount_px or 1)
        case "shrink":
            return shrunk(mask, px=amount_px or 1)
    raise ValueError(f"no such clean-up: {action}")
