"""The paper's methods against Captum on whole networks: DenseNet-121, a thin one, ResNet-18, also trained."""

import copy
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from captum.attr import InputXGradient, LayerGradCam
from torch import Tensor, nn
from torchvision.models import DenseNet, densenet121, resnet18

from gsal.arrays import FloatArray
from gsal.records import COLUMNS, SaliencyMethod
from gsal.saliency.competitive import compete
from gsal.saliency.engine import aggregate_batch, explain
from gsal.saliency.layers import find_layer

from .conftest import ExplicitDenseNet

_CAM, _CGI, _PRODUCT = (
    SaliencyMethod.GRAD_CAM,
    SaliencyMethod.COMPETITIVE,
    SaliencyMethod.GRADIENT_INPUT,
)
_CLASSES = 3
_BUILDERS: dict[str, Callable[[], nn.Module]] = {
    "densenet121": lambda: densenet121(num_classes=_CLASSES),
    "thin": lambda: DenseNet(4, (2, 3, 2), 8, bn_size=2, num_classes=_CLASSES),
    "resnet18": lambda: resnet18(num_classes=_CLASSES),
}


_STEPS = {"thin, trained": 6, "resnet18, trained": 3}


def _pictures(n: int, height: int, width: int) -> Tensor:
    generator = torch.Generator().manual_seed(100 * height + width)
    return torch.randn(n, 3, height, width, dtype=torch.float64, generator=generator)


@cache
def _made(name: str) -> nn.Module:
    """A network in float64 whose norms have seen pictures, or which was trained for a few steps."""
    steps = _STEPS.get(name, 0)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        model = _BUILDERS[name.partition(",")[0]]().train()
        images = _pictures(6, 64, 64).float()
        labels = torch.arange(6) % _CLASSES
        optimiser = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
        for step in range(max(1, steps)):
            loss = F.cross_entropy(model(images), labels)
            if step < steps:
                optimiser.zero_grad()
                torch.autograd.backward(loss)
                optimiser.step()
    return model.double().eval()


def _captum(model: nn.Module, images: Tensor) -> dict[SaliencyMethod, FloatArray]:
    """Grad-CAM and gradient x input by Captum, enlarged and competing as SPEC 7 says."""
    explicit: nn.Module = model
    if isinstance(model, DenseNet):
        explicit = ExplicitDenseNet(model).eval()
    layer = explicit.get_submodule("relu" if explicit is not model else "layer4")
    by_cam, by_input = LayerGradCam(explicit, layer), InputXGradient(explicit)

    def of_class(index: int) -> tuple[Tensor, Tensor]:
        inputs = images.clone().requires_grad_()
        cam = by_cam.attribute(inputs, target=index).detach()
        return cam[:, 0], by_input.attribute(inputs, target=index).detach().sum(dim=1)

    cams, products = map(torch.stack, zip(*map(of_class, range(_CLASSES)), strict=True))
    cam, product = cams.transpose(0, 1), products.transpose(0, 1)
    share = cam.shape[2] * cam.shape[3] / (images.shape[2] * images.shape[3])
    enlarged = share * F.interpolate(cam, images.shape[2:], mode="bilinear", align_corners=False)
    return {_CAM: enlarged.numpy(), _PRODUCT: product.numpy(), _CGI: compete(product, None).numpy()}


@pytest.mark.parametrize(
    ("name", "n", "height", "width"),
    [
        ("densenet121", 1, 64, 64),
        ("densenet121", 2, 75, 61),
        ("thin", 1, 33, 47),
        ("thin, trained", 3, 64, 64),
        ("thin, trained", 1, 97, 50),
        ("resnet18", 1, 45, 39),
        ("resnet18, trained", 2, 64, 64),
    ],
)
def test_float64_equals_captum(name: str, n: int, height: int, width: int) -> None:
    model, images = _made(name), _pictures(n, height, width)
    expected = _captum(model, images)
    found = explain(model, images, list(expected))
    for method, maps in expected.items():
        np.testing.assert_allclose(found[method].maps, maps, rtol=0, atol=1e-10, err_msg=method)


@pytest.mark.parametrize("name", ["densenet121", "thin, trained", "resnet18, trained"])
def test_float32_is_near_captum_and_its_aggregates_are_the_same(name: str) -> None:
    model, images = _made(name), _pictures(6, 64, 64)
    expected = _captum(model, images)
    found = explain(copy.deepcopy(model).float(), images.float(), list(expected))
    # Enlarging leaves plateaus of 16 x 16 in the corners of a map of 2 x 2, where rounding alone tells which
    # pixels are the most salient: cells of the mask as large do not care.
    coverage = np.random.default_rng(3).random((len(images), 4, 4)).repeat(16, 1).repeat(16, 2)
    for method in (_CAM, _PRODUCT):
        assert found[method].maps.dtype == np.float32
        error = np.linalg.norm(found[method].maps - expected[method])
        assert error < 1e-2 * np.linalg.norm(expected[method]), method
    for method in (_CAM, _CGI):
        exact = explain(model, images, [method])[method]
        ours, reference = (aggregate_batch(one, coverage).values for one in (found[method], exact))
        for column in ("mean", "peak"):
            index = COLUMNS.index(column)
            pair = ours[..., index].ravel(), reference[..., index].ravel()
            assert np.corrcoef(*pair)[0, 1] > 0.999, (method, column)


@pytest.mark.parametrize("name", ["densenet121", "thin, trained", "resnet18, trained"])
def test_eq_1_holds_picture_by_picture(name: str) -> None:
    """z_c less the saliency on the ink is the saliency off the ink and the bias, for Grad-CAM."""
    model, images = _made(name), _pictures(3, 64, 64)
    bias = find_layer(model).bias
    assert bias is not None
    one = explain(model, images, [_CAM])[_CAM]
    ink = np.random.default_rng(1).random((len(images), 64, 64)) < 0.2
    on_ink = np.einsum("nchw,nhw->nc", one.maps, ink)
    off_ink = np.einsum("nchw,nhw->nc", one.maps, ~ink)
    np.testing.assert_allclose(one.logits - on_ink, off_ink + bias.detach().numpy(), rtol=0, atol=1e-10)
    np.testing.assert_allclose(one.gap, 0, atol=1e-10)


def test_the_gap_of_gradient_input_is_measured_not_assumed() -> None:
    model, images = _made("thin, trained"), _pictures(3, 64, 64)
    one = explain(model, images, [_PRODUCT])[_PRODUCT]
    with torch.no_grad():
        logits = model(images).numpy()
    np.testing.assert_allclose(one.gap, one.maps.sum(axis=(2, 3)) - logits, atol=1e-10)
    assert (np.abs(one.gap) > 1e-3).any(), "a network with batch norms and biases is not complete"
