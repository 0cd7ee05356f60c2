"""Competitive gradient x input (Gupta & Arora 2019): classes compete for each pixel."""

import torch
from torch import Tensor, nn

from gsal.saliency.backends import passes
from gsal.saliency.options import Competition, Options

__all__ = ["compete", "competitive_gradient_input"]


def competitive_gradient_input(
    model: nn.Module, images: Tensor, *, preset: str | Competition = Competition.GUPTA_ARORA
) -> Tensor:
    """Return competitive gradient x input for every class (SPEC 7).

    S_c is the sum over channels of x * dz_c/dx, with x the normalised input. A class keeps S_c where it wins:

    - "gupta-arora": S_c is positive and the largest over classes, or negative and the smallest.
    - "pfau-2019": |S_c| is the largest over classes; our reading of the paper's wording.
    - "pfau-2019-slope": |sum over channels of dz_c/dx| is the largest over classes.

    Elsewhere the map is 0. Ties count as won by every class that ties.

    Args:
        model: A classifier; it is left as it was.
        images: (N, channels, H, W), normalised.
        preset: The rule; it belongs beside whatever is stored of the maps.

    Returns:
        (N, classes, H, W), of the images' type.

    Raises:
        ModelError: The model cannot be explained.
        ValueError: There is no such preset.
    """
    rule = Competition(preset)
    explained = passes(model, images, input_gradients=True, options=Options(competition=rule))
    assert explained.product is not None  # noqa: S101 - it was asked for
    return compete(explained.product, explained.slope, preset=rule)


def compete(
    product: Tensor, slope: Tensor | None, *, preset: str | Competition = Competition.GUPTA_ARORA
) -> Tensor:
    """Return S where its class wins and 0 elsewhere.

    Args:
        product: S, (N, C, H, W).
        slope: Sum over channels of dz_c/dx, likewise; only "pfau-2019-slope" looks at it.
        preset: The rule.
    """
    rule = Competition(preset)
    if rule is Competition.GUPTA_ARORA:
        highest = (product > 0) & (product == product.amax(dim=1, keepdim=True))
        lowest = (product < 0) & (product == product.amin(dim=1, keepdim=True))
        won = highest | lowest
    else:
        judged = product if rule is Competition.PFAU_2019 else slope
        assert judged is not None  # noqa: S101 - whoever asks for this rule computes it
        strength = judged.abs()
        won = strength == strength.amax(dim=1, keepdim=True)
    return torch.where(won, product, 0)
