"""Grad-CAM against Captum in float64, its completeness, its options, and models left as they were."""

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from captum.attr import LayerGradCam
from torch import Tensor, nn
from typing_extensions import override

from gsal.errors import ModelError
from gsal.saliency import grad_cam
from gsal.saliency.layers import find_layer

Networks = dict[str, nn.Module]
ForCaptum = dict[str, tuple[nn.Module, nn.Module]]
Pictures = Callable[..., Tensor]

_SIZES = [(2, 64, 64), (1, 65, 47)]


def _captum(model: nn.Module, layer: nn.Module, images: Tensor, classes: int) -> Tensor:
    method = LayerGradCam(model, layer)
    inputs = images.clone().requires_grad_()
    return torch.cat([method.attribute(inputs, target=index).detach() for index in range(classes)], dim=1)


def _enlarged(cam: Tensor, height: int, width: int) -> Tensor:
    factor = cam.shape[2] * cam.shape[3] / (height * width)
    return factor * F.interpolate(cam, (height, width), mode="bilinear", align_corners=False)


@pytest.mark.parametrize("name", ["thin", "densenet-small", "resnet18", "mobilenet"])
@pytest.mark.parametrize(("n", "height", "width"), _SIZES)
def test_equals_captum(
    networks: Networks, for_captum: ForCaptum, pictures: Pictures, name: str, n: int, height: int, width: int
) -> None:
    images = pictures(n, height, width)
    maps = grad_cam(networks[name], images)
    reference = _enlarged(_captum(*for_captum[name], images, maps.shape[1]), height, width)
    assert maps.shape == (n, maps.shape[1], height, width)
    torch.testing.assert_close(maps, reference, rtol=0, atol=1e-10)


@pytest.mark.parametrize(
    ("name", "layer"), [("thin", "denseblock4"), ("resnet18", "layer3"), ("resnet18", "layer4.1.bn2")]
)
def test_a_named_layer_equals_captum(
    networks: Networks, for_captum: ForCaptum, pictures: Pictures, name: str, layer: str
) -> None:
    images = pictures(2, 64, 48)
    maps = grad_cam(networks[name], images, layer=layer, upsample=False)
    model = for_captum[name][0]
    reference = _captum(model, find_layer(model, layer).module, images, maps.shape[1])
    torch.testing.assert_close(maps, reference, rtol=0, atol=1e-10)


@pytest.mark.parametrize("name", ["thin", "densenet-small", "resnet18"])
@pytest.mark.parametrize(("size", "tolerance"), [(64, 1e-10), (128, 1e-10), (100, 2e-3)])
def test_sum_and_bias_are_the_logit(
    networks: Networks, pictures: Pictures, name: str, size: int, tolerance: float
) -> None:
    model, images = networks[name], pictures(2, size, size)
    maps = grad_cam(model, images)
    bias = find_layer(model).bias
    assert bias is not None
    with torch.no_grad():
        logits = model(images)
    torch.testing.assert_close(maps.sum(dim=(2, 3)) + bias, logits, rtol=0, atol=tolerance)


def test_float32_is_complete_to_a_hundred_thousandth(networks: Networks, pictures: Pictures) -> None:
    model = networks["thin"]
    try:
        model.float()
        images = pictures(2, 64, 64).float()
        maps = grad_cam(model, images)
        with torch.no_grad():
            logits = model(images)
        bias = find_layer(model).bias
        assert bias is not None
        assert maps.dtype == torch.float32
        torch.testing.assert_close(maps.sum(dim=(2, 3)) + bias, logits, rtol=1e-5, atol=1e-5)
    finally:
        model.double()


def test_a_common_row_moves_raw_maps_but_not_centred_ones(networks: Networks, pictures: Pictures) -> None:
    model, images = networks["thin"], pictures(2, 64, 64)
    linear = find_layer(model).linear
    assert linear is not None
    raw, centred = grad_cam(model, images), grad_cam(model, images, centred=True)
    weight = linear.weight.detach().clone()
    try:
        with torch.no_grad():
            linear.weight += torch.linspace(-1, 1, linear.in_features)
        assert not torch.allclose(grad_cam(model, images), raw)
        torch.testing.assert_close(grad_cam(model, images, centred=True), centred)
    finally:
        with torch.no_grad():
            linear.weight.copy_(weight)
    torch.testing.assert_close(centred.sum(dim=1), torch.zeros_like(centred[:, 0]))


def test_relu_is_the_positive_part(networks: Networks, pictures: Pictures) -> None:
    images = pictures(1, 64, 64)
    raw = grad_cam(networks["thin"], images)
    assert (raw < 0).any()
    assert torch.equal(grad_cam(networks["thin"], images, relu=True), raw.clamp(min=0))


def test_norm5_is_the_default_and_pictures_do_not_depend_on_their_batch(
    networks: Networks, pictures: Pictures
) -> None:
    model, images = networks["densenet-small"], pictures(3, 64, 64)
    maps = grad_cam(model, images)
    torch.testing.assert_close(grad_cam(model, images, layer="norm5"), maps)
    torch.testing.assert_close(grad_cam(model, images[1:2]), maps[1:2])


def test_works_in_inference_mode(networks: Networks, pictures: Pictures) -> None:
    images = pictures(1, 64, 64)
    expected = grad_cam(networks["thin"], images, layer="denseblock3")
    with torch.inference_mode():
        found = grad_cam(networks["thin"], images * 1, layer="denseblock3")
    torch.testing.assert_close(found.clone(), expected)


class _Sequence(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Linear(3, 2)

    @override
    def forward(self, images: Tensor) -> Tensor:
        answer = self.body(images.mean(dim=(2, 3)))
        assert isinstance(answer, Tensor)
        return answer


def test_what_cannot_be_explained_is_refused(networks: Networks, pictures: Pictures) -> None:
    images = pictures(1, 64, 64)
    with pytest.raises(ModelError, match="no layer 'denseblock9'; it has features"):
        grad_cam(networks["thin"], images, layer="denseblock9")
    with pytest.raises(ModelError, match="needs the name of a layer of this _Sequence: body"):
        grad_cam(_Sequence().double(), images)
    with pytest.raises(ModelError, match="needs maps"):
        grad_cam(_Sequence().double(), images, layer="body")
    with pytest.raises(ModelError, match="2 times"):
        grad_cam(networks["resnet18"], images, layer="layer1.0.relu")
    with pytest.raises(ModelError, match="floating-point"):
        grad_cam(networks["thin"], torch.zeros(1, 64, 64, 3, dtype=torch.uint8))
    with pytest.raises(ModelError, match="not finite"):
        grad_cam(networks["thin"], images * float("nan"))
    with pytest.raises(ModelError, match="answer with logits"):
        grad_cam(nn.Sequential(nn.Conv2d(3, 2, 1)).double(), images, layer="0")
