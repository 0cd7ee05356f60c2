"""How a saliency map lies over its picture: its scale, its colours, the outlines of peaks and of ink."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from gsal.arrays import Mask, RgbImage, SaliencyMap
from gsal.images.geometry import resize_map
from gsal.saliency.aggregate import peaks
from gsal.saliency.colours import ColourMap, levels, table

__all__ = ["Look", "blended", "coloured", "edges", "grey", "peak_pixels", "scale_limit"]

Segments = npt.NDArray[np.int32]
"""(n, 4) int32: x and y of both ends, in pixel edges; 0 is the left or upper edge of the first pixel."""

_WITHIN = 0.995


@dataclass(frozen=True, slots=True)
class Look:
    """How a map is shown; nothing of it changes a figure.

    Attributes:
        opacity: Of the map, 0 to 1.
        is_clear: Whether the picture shows through where the map is near zero.
        is_grey: Whether the picture is shown in grey, so that all colour is the map's.
        shows_ink: Whether the ink mask is outlined.
        shows_peak: Whether the pixels of the peak aggregation are outlined.
        is_shared: Whether maps side by side are shown on one scale.
    """

    colours: ColourMap = ColourMap.BLUE_ORANGE
    opacity: float = 0.7
    is_clear: bool = True
    is_grey: bool = True
    shows_ink: bool = True
    shows_peak: bool = True
    is_shared: bool = False


def scale_limit(maps: Sequence[SaliencyMap], colours: ColourMap) -> float:
    """Return the value at the end of a scale: 99.5 % of the pixels of every map lie within it.

    A few pixels of a gradient are many times as large as all others; a scale that reached to them would show
    nothing else. Where so few pixels differ from zero, it is the largest of them.

    Args:
        maps: Those shown on one scale, (h, w) each.
        colours: Of a sequential map the positive part counts only.

    >>> scale_limit([np.array([[-3.0, 1.0]])], ColourMap.BLUE_ORANGE)
    3.0
    """
    sizes = [np.abs(one) if colours.is_diverging else np.maximum(one, 0.0) for one in maps]
    within = [float(np.quantile(size, _WITHIN, method="higher")) for size in sizes]
    return max(within, default=0.0) or max((float(size.max()) for size in sizes), default=0.0)


def coloured(
    values: npt.NDArray[np.floating], limit: float, colours: ColourMap, *, is_clear: bool
) -> npt.NDArray[np.uint8]:
    """Return a map in colours, (h, w, 4) uint8: red, green, blue and how opaque.

    Args:
        values: (h, w), signed.
        limit: The value at the end of the scale.
        colours: The colour map.
        is_clear: Whether pixels are the less opaque the nearer they are to zero; else all are opaque.
    """
    found = levels(values, limit, colours)
    entries = np.empty((256, 4), np.uint8)
    entries[:, :3] = table(colours)
    entries[:, 3] = _opaqueness(colours) if is_clear else 255
    pixels: npt.NDArray[np.uint8] = entries[found]
    return pixels


def blended(picture: RgbImage, saliency: SaliencyMap, limit: float, look: Look) -> RgbImage:
    """Return a picture (H, W, 3) with a map (h, w) of the whole of it laid over, without outlines."""
    height, width = picture.shape[:2]
    values = resize_map(np.asarray(saliency, dtype=np.float32), height=height, width=width)
    over = coloured(values, limit, look.colours, is_clear=look.is_clear)
    under = grey(picture) if look.is_grey else picture
    share = over[..., 3:].astype(np.float32) * np.float32(look.opacity / 255)
    mixed: RgbImage = np.rint(under * (1 - share) + over[..., :3] * share).astype(np.uint8)
    return mixed


def grey(picture: RgbImage) -> RgbImage:
    """Return a picture (H, W, 3) in shades of grey, of the same shape."""
    shades = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.cvtColor(shades, cv2.COLOR_GRAY2RGB), dtype=np.uint8)


def peak_pixels(saliency: SaliencyMap, percentile: float = 98) -> Mask:
    """Return the pixels that `gsal.saliency.aggregate.peak_saliency` counts for more than half (SPEC 8).

    Without ties they are the k most salient ones. Pixels that tie for the last places, to rounding as there,
    count a share each: of a constant map none is a peak.

    >>> int(peak_pixels(np.arange(100.0).reshape(10, 10)).sum()), int(peak_pixels(np.zeros((10, 10))).sum())
    (2, 0)
    """
    found = peaks(saliency, percentile)
    counted: Mask = found.above | found.level if found.share > 1 / 2 else found.above
    return counted


def edges(mask: Mask) -> Segments:
    """Return the outline of a mask (H, W) along the edges of its pixels, as few straight segments.

    The sides of the picture are no edge: an outline there would only frame it.

    >>> edges(np.array([[False, False, False], [False, True, True]])).tolist()
    [[1, 1, 3, 1], [1, 1, 1, 2]]
    """
    level = _runs(mask[1:] != mask[:-1])
    upright = _runs((mask[:, 1:] != mask[:, :-1]).T)
    across = np.stack([level[:, 1], level[:, 0] + 1, level[:, 2], level[:, 0] + 1], axis=1)
    down = np.stack([upright[:, 0] + 1, upright[:, 1], upright[:, 0] + 1, upright[:, 2]], axis=1)
    return np.concatenate([across, down]).astype(np.int32)


def _runs(rows: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Return (n, 3): the row, the start and the stop of each unbroken run."""
    padded = np.zeros((rows.shape[0], rows.shape[1] + 2), np.int8)
    padded[:, 1:-1] = rows
    steps = np.diff(padded, axis=1)
    row, start = np.nonzero(steps == 1)
    stop = np.nonzero(steps == -1)[1]
    return np.stack([row, start, stop], axis=1)


def _opaqueness(colours: ColourMap) -> npt.NDArray[np.uint8]:
    """Return how opaque each entry of a table is where a map is clear near zero, (256,) uint8.

    By the square root: in proportion, small values would be as good as hidden by their pale colours.
    """
    entries = np.arange(256, dtype=np.float64)
    sizes = np.minimum(1.0, np.abs(entries - 128) / 127) if colours.is_diverging else entries / 255
    opaqueness: npt.NDArray[np.uint8] = np.rint(255 * np.sqrt(sizes)).astype(np.uint8)
    return opaqueness
