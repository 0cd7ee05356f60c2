"""What the skin of a picture looks like, so that ink can be told from it."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

__all__ = ["SkinLocus", "fit_locus", "local_level"]

_COPY_PX = 96
_WINDOW = 33  # of the copy: about a third of the picture, wider than most lesions
_SAMPLES = 3000
_ROUNDS = 5

Plane = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class SkinLocus:
    """The skin's colour as it varies over one picture.

    Attributes:
        residual_a, residual_b: (H, W) float32, CIELAB a and b minus those of skin as light, there.
        lightness, a, b: Medians of the pixels taken for skin.
        slope_a, slope_b: How a and b of skin change per unit of lightness.
    """

    residual_a: Plane
    residual_b: Plane
    lightness: float
    a: float
    b: float
    slope_a: float
    slope_b: float


def local_level(values: Plane, *, high: float = 1.0) -> Plane:
    """Give the median of values in [0, high] over a third of the picture: the level of the skin around.

    Computed on a small copy at 256 levels; (H, W) float32.
    """
    height, width = values.shape
    scale = min(1.0, _COPY_PX / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.convertScaleAbs(cv2.resize(values, size, interpolation=cv2.INTER_AREA), alpha=255 / high)
    level = cv2.medianBlur(small, _WINDOW).astype(np.float32) * np.float32(high / 255)
    return cv2.resize(level, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32, copy=False)


def fit_locus(lightness: Plane, a: Plane, b: Plane) -> SkinLocus:
    """Fit a and b of skin as linear in lightness and place, robustly, so that ink and lesion do not pull.

    Iteratively reweighted least squares with Cauchy weights and a cut at 4 robust deviations, from a start of
    pixels with a skin-like hue; slopes are ridged, so a picture full of lesion falls back to a constant.

    Args:
        lightness: (H, W) float32, CIELAB L.
        a: The same of a.
        b: The same of b.
    """
    height, width = lightness.shape
    step = max(1, int(np.sqrt(height * width / _SAMPLES)))
    rows, columns = np.mgrid[0:height:step, 0:width:step]
    sample = np.stack([plane[::step, ::step].ravel() for plane in (lightness, a, b)], -1).astype(np.float64)
    place = np.stack([columns.ravel() / width - 0.5, rows.ravel() / height - 0.5], -1)
    design = np.column_stack([np.ones(len(sample)), (sample[:, 0] - 60) / 30, place])
    coefficients, weights = _reweighted_fit(design, sample)
    is_skin = weights > 0.2
    skin = np.median(sample[is_skin] if is_skin.any() else sample, axis=0)
    residuals = []
    x = np.arange(width, dtype=np.float32) / width - 0.5
    y = np.arange(height, dtype=np.float32)[:, None] / height - 0.5
    for channel, c in zip((a, b), coefficients.T.astype(np.float32), strict=True):
        plane = (c[0] - 2 * c[1] + c[2] * x) + c[3] * y
        residuals.append(channel - plane - lightness * (c[1] / 30))
    slopes = coefficients[1] / 30
    return SkinLocus(
        residual_a=residuals[0],
        residual_b=residuals[1],
        lightness=float(skin[0]),
        a=float(skin[1]),
        b=float(skin[2]),
        slope_a=float(slopes[0]),
        slope_b=float(slopes[1]),
    )


def _reweighted_fit(
    design: npt.NDArray[np.float64], sample: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    lightness, chroma = sample[:, 0], sample[:, 1:]
    is_likely = (chroma[:, 1] > 0) & (chroma[:, 0] > -3) & (lightness > np.percentile(lightness, 15))
    weights: npt.NDArray[np.float64] = np.ones(len(sample))
    if is_likely.sum() > len(sample) / 40:
        weights = is_likely.astype(np.float64)
    ridge = np.diag([1e-3, 40.0, 40.0, 40.0])
    coefficients: npt.NDArray[np.float64] = np.zeros((4, 2))
    for _ in range(_ROUNDS):
        weighted = design * weights[:, None]
        coefficients = np.linalg.solve(weighted.T @ design + ridge, weighted.T @ chroma).astype(np.float64)
        residuals = chroma - design @ coefficients
        spread = 1.4826 * np.median(np.abs(residuals[weights > 0]), axis=0) + 1e-3
        distance = ((residuals / spread) ** 2).sum(axis=1)
        weights = np.where(distance < 16, 1 / (1 + distance / 4), 0.0).astype(np.float64)
        if not weights.any():
            weights = np.ones(len(sample))
    return coefficients, weights
