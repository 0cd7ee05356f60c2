"""Methods that average a network's gradients over versions of a picture."""

import numpy as np
from torch import Tensor, nn

from gsal.saliency.autograd import Pass
from gsal.saliency.backends import passes
from gsal.saliency.following import Follow, unfollowed
from gsal.saliency.noise import generators, normal

__all__ = ["integrated_gradients", "smoothgrad"]


def smoothgrad(
    model: nn.Module,
    images: Tensor,
    *,
    samples: int = 25,
    noise: float = 0.15,
    seed: int = 0,
    follow: Follow = unfollowed,
) -> Tensor:
    """Return SmoothGrad (Smilkov et al. 2017) for every class.

    The map is the mean over noisy copies of the sum over channels of dz_c/dx. Where the paper shows its
    square or its absolute value, ours keeps the sign, as all maps here do (SPEC 7).

    Args:
        model: A classifier; it is left as it was.
        images: (N, channels, H, W), normalised.
        samples: Noisy copies; they go through the network one after another.
        noise: Standard deviation of the noise, as a share of the picture's range.
        seed: Of the noise, which depends on the picture besides and on nothing else.
        follow: Is told of each pass before it.

    Returns:
        (N, classes, H, W), of the images' type.

    Raises:
        ModelError: The model cannot be explained.
        ValueError: There are no samples.
    """
    if samples < 1:
        raise ValueError(f"SmoothGrad needs at least one sample, got {samples}")
    spread = noise * (images.amax(dim=(1, 2, 3), keepdim=True) - images.amin(dim=(1, 2, 3), keepdim=True))
    drawn_by = generators(images, seed=seed)
    total = images.new_zeros(())
    for _ in range(samples):
        follow(len(images))
        noisy = images + spread * normal(drawn_by, images)
        total = total + _slope(passes(model, noisy, input_gradients=True, slope=True))
    return total / samples


def integrated_gradients(
    model: nn.Module, images: Tensor, *, steps: int = 32, follow: Follow = unfollowed
) -> Tensor:
    """Return integrated gradients (Sundararajan et al. 2017) for every class, summed over channels.

    The baseline is the mean colour of the network's training set, 0 in the normalised picture. Its sum is
    z_c(x) - z_c(0), up to the error of Gauss-Legendre quadrature, so its completeness gap is near -z_c(0).

    Args:
        model: A classifier; it is left as it was.
        images: (N, channels, H, W), normalised.
        steps: Points on the way from the baseline; they go through the network one after another.
        follow: Is told of each pass before it.

    Returns:
        (N, classes, H, W), of the images' type.

    Raises:
        ModelError: The model cannot be explained.
        ValueError: There are no steps.
    """
    if steps < 1:
        raise ValueError(f"integrated gradients need at least one step, got {steps}")
    points, weights = np.polynomial.legendre.leggauss(steps)  # on [-1, 1], whose length is 2
    total = images.new_zeros(())
    for share, weight in zip((points + 1) / 2, weights / 2, strict=True):
        follow(len(images))
        # The product is share * x * dz/dx there, and x * dz/dx is wanted.
        total = total + weight / share * _product(passes(model, share * images, input_gradients=True))
    return total


def _slope(found: Pass) -> Tensor:
    assert found.slope is not None  # noqa: S101 - it was asked for
    return found.slope


def _product(found: Pass) -> Tensor:
    assert found.product is not None  # noqa: S101 - it was asked for
    return found.product
