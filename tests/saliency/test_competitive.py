"""Competitive gradient x input against Captum in float64, and its rules on pixels made by hand."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
import torch
from captum.attr import InputXGradient, Saliency
from torch import Tensor, nn

from gsal.saliency import competitive_gradient_input
from gsal.saliency.competitive import compete

Networks = dict[str, nn.Module]
ForCaptum = dict[str, tuple[nn.Module, nn.Module]]
Pictures = Callable[..., Tensor]

_Array = npt.NDArray[np.float64]


def _captum(method: InputXGradient | Saliency, images: Tensor, classes: int, **options: bool) -> _Array:
    maps = []
    for index in range(classes):
        inputs = images.clone().requires_grad_()
        maps.append(method.attribute(inputs, target=index, **options).detach().sum(dim=1))
    return torch.stack(maps, dim=1).numpy()


def _competition(product: _Array, slope: _Array, preset: str) -> _Array:
    """The rules pixel by pixel, as SPEC 7 words them."""
    kept = np.zeros_like(product)
    for n, y, x in np.ndindex(product.shape[0], *product.shape[2:]):
        scores, slopes = product[n, :, y, x], np.abs(slope[n, :, y, x])
        for c, score in enumerate(scores):
            if preset == "gupta-arora":
                won = (score > 0 and score == max(scores)) or (score < 0 and score == min(scores))
            elif preset == "pfau-2019":
                won = abs(score) == max(abs(scores))
            else:
                won = slopes[c] == max(slopes)
            kept[n, c, y, x] = score if won else 0
    return kept


@pytest.mark.parametrize("preset", ["gupta-arora", "pfau-2019", "pfau-2019-slope"])
@pytest.mark.parametrize(
    ("name", "n", "height", "width"),
    [("thin", 1, 37, 50), ("densenet-small", 2, 32, 32), ("resnet18", 2, 33, 40)],
)
def test_equals_captum(
    networks: Networks,
    for_captum: ForCaptum,
    pictures: Pictures,
    name: str,
    n: int,
    height: int,
    width: int,
    preset: str,
) -> None:
    images = pictures(n, height, width)
    maps = competitive_gradient_input(networks[name], images, preset=preset).numpy()
    model = for_captum[name][0]
    product = _captum(InputXGradient(model), images, maps.shape[1])
    slope = _captum(Saliency(model), images, maps.shape[1], abs=False)
    np.testing.assert_allclose(maps, _competition(product, slope, preset), rtol=0, atol=1e-10)


def _pixel(*scores: float) -> Tensor:
    return torch.tensor(scores, dtype=torch.float64).view(1, -1, 1, 1)


@pytest.mark.parametrize(
    ("scores", "gupta_arora", "pfau"),
    [
        ((3.0, 1.0, -2.0), (3.0, 0.0, -2.0), (3.0, 0.0, 0.0)),
        ((3.0, 3.0, 1.0), (3.0, 3.0, 0.0), (3.0, 3.0, 0.0)),  # ties are won by all
        ((-3.0, -1.0, -3.0), (-3.0, 0.0, -3.0), (-3.0, 0.0, -3.0)),  # all negative: only the smallest
        ((2.0, 5.0, 9.0), (0.0, 0.0, 9.0), (0.0, 0.0, 9.0)),  # all positive: only the largest
        ((0.0, -1.0, 0.0), (0.0, -1.0, 0.0), (0.0, -1.0, 0.0)),
        ((4.0, -4.0), (4.0, -4.0), (4.0, -4.0)),  # two classes
        ((4.0, -1.0), (4.0, -1.0), (4.0, 0.0)),
        ((0.0, 0.0), (0.0, 0.0), (0.0, 0.0)),
    ],
)
def test_rules_by_hand(
    scores: tuple[float, ...], gupta_arora: tuple[float, ...], pfau: tuple[float, ...]
) -> None:
    product = _pixel(*scores)
    assert compete(product, product).flatten().tolist() == list(gupta_arora)
    assert compete(product, product, preset="pfau-2019").flatten().tolist() == list(pfau)


def test_the_slope_variant_lets_the_slope_decide() -> None:
    kept = compete(_pixel(9.0, -1.0, 2.0), _pixel(0.1, -5.0, 5.0), preset="pfau-2019-slope")
    assert kept.flatten().tolist() == [0.0, -1.0, 2.0]


def test_an_unknown_preset_is_named(networks: Networks, pictures: Pictures) -> None:
    with pytest.raises(ValueError, match="winner"):
        competitive_gradient_input(networks["thin"], pictures(1, 32, 32), preset="winner")


def test_a_picture_does_not_depend_on_its_batch(networks: Networks, pictures: Pictures) -> None:
    images = pictures(3, 32, 32)
    model = networks["resnet18"].train()
    try:
        together = competitive_gradient_input(model, images)
        alone = competitive_gradient_input(model, images[1:2])
    finally:
        model.eval()
    torch.testing.assert_close(together[1:2], alone)
