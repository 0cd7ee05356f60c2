"""The passes by hand against automatic differentiation, which is itself held against Captum."""

import copy
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torchvision.models import DenseNet

from gsal.errors import ModelError
from gsal.models.registry import build_classifier
from gsal.saliency import autograd
from gsal.saliency.backends import is_by_hand, passes
from gsal.saliency.densenet import forward, transposed
from gsal.saliency.densenet.folded import Folded, folded
from gsal.saliency.layers import find_layer
from gsal.saliency.options import Competition, Options, Precision

_SLOPE = Options(competition=Competition.PFAU_2019_SLOPE)


def _lively(model: Any, seed: int = 0) -> Any:
    """Give the norms statistics as after training: fresh ones hide a wrong fold."""
    rng = torch.Generator().manual_seed(seed)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            assert module.running_mean is not None
            assert module.running_var is not None
            module.running_mean.normal_(0, 0.2, generator=rng)
            module.running_var.uniform_(0.4, 1.6, generator=rng)
            module.weight.data.normal_(0.3, 0.7, generator=rng)  # of both signs
            module.bias.data.normal_(0, 0.2, generator=rng)
    return model.eval()


def _thin(**settings: object) -> Any:
    torch.manual_seed(1)
    return _lively(
        DenseNet(**({"growth_rate": 6, "block_config": (2, 3), "num_init_features": 8} | settings))
    )


def _pictures(n: int, height: int, width: int, dtype: torch.dtype = torch.float64) -> Tensor:
    return torch.randn(n, 3, height, width, generator=torch.Generator().manual_seed(n + height)).to(dtype)


def _relative(found: Tensor | None, wanted: Tensor | None) -> float:
    assert found is not None
    assert wanted is not None
    assert found.shape == wanted.shape
    return float((found - wanted).norm() / wanted.norm())


@pytest.mark.parametrize("size", [(64, 64), (97, 75), (33, 40), (32, 63)])
@pytest.mark.parametrize(
    "settings",
    [{}, {"num_classes": 2}, {"block_config": (3,)}, {"block_config": (1, 2, 2, 1), "bn_size": 2}],
    ids=["two blocks", "two classes", "one block", "four blocks"],
)
def test_all_passes_equal_automatic_differentiation(
    settings: dict[str, object], size: tuple[int, int]
) -> None:
    model = _thin(**({"num_classes": 5} | settings)).double()
    images = _pictures(3, *size)
    layer = find_layer(model)
    assert is_by_hand(model)
    wanted = autograd.run(model, images, layer=layer, input_gradients=True)
    found = passes(model, images, layer=layer, input_gradients=True, options=_SLOPE)
    for name in ("logits", "cam", "product", "slope"):
        assert _relative(getattr(found, name), getattr(wanted, name)) < 1e-12, name


def test_densenet121_in_both_precisions() -> None:
    model = _lively(build_classifier("densenet121", 7, seed=0))
    images = _pictures(1, 96, 96, torch.float32)
    double = copy.deepcopy(model).double()
    wanted = autograd.run(double, images.double(), layer=find_layer(double), input_gradients=True)
    for network, pictures, most in ((double, images.double(), 1e-12), (model, images, 1e-2)):
        found = passes(network, pictures, layer=find_layer(network), input_gradients=True)
        assert found.product is not None
        assert found.product.dtype is pictures.dtype
        assert _relative(found.product.double(), wanted.product) < most
        assert _relative(found.cam, wanted.cam) < most


def test_parts_do_not_change_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    model, images = _thin(num_classes=4).double(), _pictures(4, 40, 56)
    whole = transposed.run(_known(model), images)
    monkeypatch.setattr(forward, "_CACHED", 500)  # a piece of a class at a time, and the least rows
    in_parts = transposed.run(_known(model), images)
    one_by_one = [transposed.run(_known(model), image) for image in torch.split(images, 1)]
    assert whole.gradients is not None
    assert in_parts.gradients is not None
    assert _relative(in_parts.gradients.product, whole.gradients.product) < 1e-13
    found = torch.cat([one.gradients.product for one in one_by_one if one.gradients is not None])
    assert _relative(found, whole.gradients.product) < 1e-13


def test_a_picture_is_explained_alike_in_any_company() -> None:
    model, images = _thin(num_classes=4), _pictures(5, 64, 64, torch.float32)
    layer = find_layer(model)
    together = passes(model, images, layer=layer, input_gradients=True)
    for number in range(5):
        alone = passes(model, images[number : number + 1], layer=layer, input_gradients=True)
        for name in ("logits", "cam", "product"):
            assert torch.equal(getattr(alone, name)[0], getattr(together, name)[number]), name


def _known(model: nn.Module) -> Folded:
    network = folded(model)
    assert network is not None
    return network


def test_changed_weights_are_seen() -> None:
    model, images = _thin(num_classes=3).double(), _pictures(1, 32, 32)
    first = folded(model)
    assert folded(model) is first
    with torch.no_grad():
        model.features.denseblock1.denselayer1.norm1.running_mean.add_(0.5)
    assert folded(model) is not first
    wanted = autograd.run(model, images, input_gradients=True)
    assert _relative(passes(model, images, input_gradients=True).product, wanted.product) < 1e-12
    model.load_state_dict(_thin(num_classes=3).double().state_dict())
    wanted = autograd.run(model, images, input_gradients=True)
    assert _relative(passes(model, images, input_gradients=True).product, wanted.product) < 1e-12


def test_networks_of_another_make_are_left_to_autograd() -> None:
    class Own(DenseNet):  # type: ignore[misc]
        def forward(self, x: Tensor) -> Tensor:
            logits: Tensor = super().forward(x)
            return logits * 2

    def hooked() -> Any:
        model = _thin()
        model.features.norm5.register_forward_hook(lambda *_: None)
        return model

    def patched() -> Any:
        model = _thin()
        model.features.pool0 = nn.AvgPool2d(3, 2, 1)
        return model

    def sharper() -> Any:
        model = _thin()
        model.features.denseblock1.denselayer1.relu2 = nn.LeakyReLU(0.1)
        return model

    def headed() -> Any:
        model = _thin()
        model.classifier = nn.Sequential(nn.Dropout(), model.classifier)
        return model

    own = Own(growth_rate=4, block_config=(2,), num_init_features=4)
    for model in (own, hooked(), patched(), sharper(), headed(), build_classifier("resnet18", 3, seed=0)):
        assert not is_by_hand(model.eval())
    images = _pictures(1, 48, 48, torch.float32)
    changed = sharper()
    wanted = autograd.run(changed, images, input_gradients=True)
    assert _relative(passes(changed, images, input_gradients=True).product, wanted.product) < 1e-6


def test_another_layer_is_left_to_autograd() -> None:
    model, images = _thin().double(), _pictures(1, 40, 40)
    layer = find_layer(model, "denseblock1")
    assert (
        _relative(passes(model, images, layer=layer).cam, autograd.run(model, images, layer=layer).cam) == 0
    )


def test_grad_cam_alone_keeps_no_gates() -> None:
    model, images = _thin().double(), _pictures(2, 40, 40)
    found = passes(model, images, layer=find_layer(model))
    assert found.product is None
    assert transposed.run(_known(model), images, gradients=False).gradients is None
    assert _relative(found.cam, autograd.run(model, images, layer=find_layer(model)).cam) < 1e-12


def test_the_network_is_left_as_it_was() -> None:
    model = _thin(num_classes=3).train()
    before = copy.deepcopy(model.state_dict())
    passes(model, _pictures(1, 32, 32, torch.float32), input_gradients=True)
    assert model.training
    assert all(parameter.requires_grad for parameter in model.parameters())
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_inference_tensors_are_explained() -> None:
    with torch.inference_mode():
        model, images = _thin(num_classes=3), _pictures(1, 32, 32, torch.float32)
        found = passes(model, images, input_gradients=True)
    assert found.product is not None
    assert bool(found.product.any())


def test_fast_mode_is_near_and_refused_elsewhere() -> None:
    model, images = _thin(num_classes=4), _pictures(2, 64, 64, torch.float32)
    fast = passes(model, images, input_gradients=True, options=Options(precision=Precision.FAST))
    slow = passes(model, images, input_gradients=True)
    assert 0 < _relative(fast.product, slow.product) < 0.05
    assert torch.equal(fast.logits, slow.logits)
    other = build_classifier("resnet18", 3, seed=0).eval()
    with pytest.raises(ModelError, match="Use float32"):
        passes(other, images, input_gradients=True, options=Options(precision=Precision.FAST))


def test_damaged_weights_are_told() -> None:
    model = _thin()
    with torch.no_grad():
        model.classifier.weight[0, 0] = float("nan")
    with pytest.raises(ModelError, match="not finite"):
        passes(model, _pictures(1, 32, 32, torch.float32), input_gradients=True)
