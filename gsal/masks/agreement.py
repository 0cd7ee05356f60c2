"""How well two masks, or two readers' decisions, agree (SPEC 4); undefined is NaN."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray, Mask

__all__ = [
    "Outline",
    "dice",
    "hd95",
    "iou",
    "kappa",
    "kappa_interval",
    "precision",
    "recall",
    "surface_dice",
    "surface_distances",
    "surface_figures",
]

NAN = float("nan")
_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


def dice(first: Mask, second: Mask) -> float:
    """Give 2 |A and B| / (|A| + |B|); 0 if one is empty, NaN if both are.

    Args:
        first: (H, W) bool.
        second: (H, W) bool.

    Raises:
        ValueError: They differ in shape (as in all functions here: masks are never resized silently).

    >>> import numpy as np
    >>> dice(np.array([[True, True, False]]), np.array([[False, True, False]])) == 2 / 3
    True
    """
    return _share(2 * _overlap(first, second), _area(first) + _area(second))


def iou(first: Mask, second: Mask) -> float:
    """Give |A and B| / |A or B|; 0 if one is empty, NaN if both are."""
    overlap = _overlap(first, second)
    return _share(overlap, _area(first) + _area(second) - overlap)


def precision(predicted: Mask, truth: Mask) -> float:
    """Give the share of the predicted ink that is ink; NaN if none is predicted."""
    return _share(_overlap(predicted, truth), _area(predicted))


def recall(predicted: Mask, truth: Mask) -> float:
    """Give the share of the ink that is predicted; NaN if there is none."""
    return _share(_overlap(predicted, truth), _area(truth))


def surface_dice(first: Mask, second: Mask, *, tolerance_px: float) -> float:
    """Give the normalised surface Dice (Nikolov et al. 2018; pixels of the edge counted, as MONAI does).

    The share of both masks' edge pixels that lie within the tolerance of the other's edge.

    Args:
        first: (H, W) bool.
        second: (H, W) bool.
        tolerance_px: Largest distance that counts as agreement, in pixels of these masks.

    Returns:
        In [0, 1]; 0 if one is empty, NaN if both are.
    """
    return surface_figures(first, second, tolerance_px=tolerance_px)[0]


def hd95(first: Mask, second: Mask) -> float:
    """Give the larger of the two directed 95th percentiles of edge distances, in pixels (MONAI's definition).

    Returns:
        NaN if either mask is empty.
    """
    return surface_figures(first, second, tolerance_px=0.0)[1]


def surface_figures(
    first: Mask, second: Mask, *, tolerance_px: float, outline: "Outline | None" = None
) -> tuple[float, float]:
    """Give `surface_dice` and `hd95`, whose distances are measured once.

    Args:
        first: (H, W) bool.
        second: (H, W) bool.
        tolerance_px: See `surface_dice`.
        outline: Of the second, where several masks are compared with it.
    """
    there, back = surface_distances(first, second, outline=outline)
    if there.size == 0 and back.size == 0:
        return NAN, NAN
    if there.size == 0 or back.size == 0 or np.isinf(there).any():
        return 0.0, NAN
    near = int((there <= tolerance_px).sum()) + int((back <= tolerance_px).sum())
    far = float(max(np.percentile(there, 95), np.percentile(back, 95)))
    return near / (there.size + back.size), far


class Outline:
    """A mask's edge and the distance of every pixel from it, measured once for all that is compared with it.

    Args:
        mask: (H, W) bool.
    """

    def __init__(self, mask: Mask) -> None:
        self.edge = _edge(mask)
        self.away = _distance_to(self.edge)


def surface_distances(
    first: Mask, second: Mask, *, outline: Outline | None = None
) -> tuple[FloatArray, FloatArray]:
    """Give, for each edge pixel of one mask, the Euclidean distance to the nearest edge pixel of the other.

    An edge pixel is ink with a 4-neighbour that is none; beyond the picture is none.

    Returns:
        From the first to the second and back; infinite where the other mask is empty.
    """
    _expect_same_shape(first, second)
    rows = np.flatnonzero((first | second).any(axis=1))
    if rows.size == 0:
        return np.empty(0), np.empty(0)
    columns = np.flatnonzero((first | second).any(axis=0))
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    first_edge = _edge(first[box])
    second_edge = _edge(second[box]) if outline is None else outline.edge[box]
    to_second = _distance_to(second_edge) if outline is None else outline.away[box]
    there, back = to_second[first_edge], _distance_to(first_edge)[second_edge]
    return there.astype(np.float64), back.astype(np.float64)


def kappa(
    first: Sequence[bool] | npt.NDArray[np.bool_], second: Sequence[bool] | npt.NDArray[np.bool_]
) -> float:
    """Give Cohen's kappa of two readers' yes/no decisions about the same pictures.

    Returns:
        In [-1, 1]; NaN without pictures, and where chance alone would agree always.

    >>> kappa([True, True, False, False], [True, False, False, False])
    0.5
    """
    a, b = np.asarray(first, np.bool_), np.asarray(second, np.bool_)
    if a.shape != b.shape:
        raise ValueError(f"the readers judged {a.size} and {b.size} pictures")
    if a.size == 0:
        return NAN
    p, q = float(a.mean()), float(b.mean())
    expected = p * q + (1 - p) * (1 - q)
    if expected == 1:
        return NAN
    return (float((a == b).mean()) - expected) / (1 - expected)


def kappa_interval(
    first: Sequence[bool] | npt.NDArray[np.bool_],
    second: Sequence[bool] | npt.NDArray[np.bool_],
    *,
    draws: int = 2000,
    seed: int = 0,
) -> tuple[float, float]:
    """Give the 95 % interval of Cohen's kappa: percentiles of a bootstrap of the pictures.

    Args:
        first: One reader's decisions.
        second: The other's, on the same pictures.
        draws: Of as many pictures; those without a kappa are left out.
        seed: Of the draws.

    Returns:
        Lower and upper bound; NaN where kappa is.
    """
    if np.isnan(kappa(first, second)):
        return NAN, NAN
    n = len(first)
    # All that kappa depends on is how often each of the four answers of two readers occurs.
    answers = 2 * np.asarray(first, np.int64) + np.asarray(second, np.int64)
    table = np.random.default_rng(seed).multinomial(n, np.bincount(answers, minlength=4) / n, draws)
    p, q = (table[:, 2] + table[:, 3]) / n, (table[:, 1] + table[:, 3]) / n
    expected = p * q + (1 - p) * (1 - q)
    defined = expected < 1
    same = (table[:, 0] + table[:, 3]) / n
    kappas = (same - expected)[defined] / (1 - expected[defined])
    low, high = np.percentile(kappas, [2.5, 97.5])
    return float(low), float(high)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else NAN


def _area(mask: Mask) -> int:
    return int(np.count_nonzero(mask))


def _overlap(first: Mask, second: Mask) -> int:
    _expect_same_shape(first, second)
    return _area(first & second)


def _expect_same_shape(first: Mask, second: Mask) -> None:
    if first.shape != second.shape:
        raise ValueError(f"masks of different size: {first.shape} and {second.shape}")


def _edge(mask: Mask) -> Mask:
    inner = cv2.erode(mask.astype(np.uint8), _CROSS, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    edge: Mask = mask & (inner == 0)
    return edge


def _distance_to(edge: Mask) -> npt.NDArray[np.float32]:
    if not edge.any():
        return np.full(edge.shape, np.inf, np.float32)
    away = cv2.distanceTransform((~edge).view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(away, np.float32)
