"""Every method: equal to Captum in float64, the same in every batch, and from a model left as it was."""

import copy
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
import torch
from captum.attr import GuidedGradCam, InputXGradient, IntegratedGradients, Saliency
from scipy import ndimage
from torch import Tensor, nn
from typing_extensions import override

from gsal.errors import ModelError
from gsal.records import SaliencyMethod
from gsal.saliency.controls import random_map, sobel_edges
from gsal.saliency.engine import explain
from gsal.saliency.gradients import integrated_gradients, smoothgrad
from gsal.saliency.guided import guided_backpropagation, guided_grad_cam
from gsal.saliency.noise import generators, normal
from gsal.saliency.options import Options, preset_of

Networks = dict[str, nn.Module]
ForCaptum = dict[str, tuple[nn.Module, nn.Module]]
Pictures = Callable[..., Tensor]

_FEW = Options(samples=3, steps=4, seed=9)
_NAMES = ["thin", "resnet18"]


def _reference(attribute: Callable[[Tensor, int], Tensor], images: Tensor, classes: int) -> Tensor:
    """Captum's attributions, class by class, summed over channels."""
    maps = [attribute(images.clone().requires_grad_(), index).detach().sum(dim=1) for index in range(classes)]
    return torch.stack(maps, dim=1)


def _found(model: nn.Module, images: Tensor, method: SaliencyMethod, options: Options = _FEW) -> Tensor:
    return torch.from_numpy(np.array(explain(model, images, [method], options)[method].maps))


def _assert_same(found: Tensor, expected: Tensor) -> None:
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize("name", _NAMES)
def test_gradients_equal_captum(
    networks: Networks, for_captum: ForCaptum, pictures: Pictures, name: str
) -> None:
    model, images = for_captum[name][0], pictures(2, 33, 40)
    gradient = _found(networks[name], images, SaliencyMethod.GRADIENT)
    classes = gradient.shape[1]
    _assert_same(
        gradient,
        _reference(lambda x, c: Saliency(model).attribute(x, target=c, abs=False), images, classes),
    )
    _assert_same(
        _found(networks[name], images, SaliencyMethod.GRADIENT_INPUT),
        _reference(lambda x, c: InputXGradient(model).attribute(x, target=c), images, classes),
    )


@pytest.mark.parametrize("name", _NAMES)
@pytest.mark.parametrize("steps", [1, 7])
def test_integrated_gradients_equal_captum(
    networks: Networks, for_captum: ForCaptum, pictures: Pictures, name: str, steps: int
) -> None:
    """Up to the weights of the steps, which Captum rounds to float32."""
    method, images = IntegratedGradients(for_captum[name][0]), pictures(2, 33, 40)
    found = integrated_gradients(networks[name], images, steps=steps)
    expected = _reference(lambda x, c: method.attribute(x, target=c, n_steps=steps), images, found.shape[1])
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-7 * float(expected.abs().max()))


def test_integrated_gradients_add_up_to_the_change_of_the_logit(pictures: Pictures) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        smooth = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Tanh(), nn.Flatten(), nn.Linear(4 * 36, 2)).double()
    images = pictures(2, 8, 8)
    with torch.no_grad():
        change = smooth(images) - smooth(torch.zeros_like(images))
    found = explain(smooth, images, [SaliencyMethod.INTEGRATED_GRADIENTS], Options(steps=32))
    (one,) = found.values()
    np.testing.assert_allclose(one.maps.sum(axis=(2, 3)), change.numpy(), atol=1e-8)
    np.testing.assert_allclose(one.gap, change.numpy() - one.logits, atol=1e-8)


@pytest.mark.parametrize("name", _NAMES)
def test_smoothgrad_is_captums_gradient_over_the_same_noisy_copies(
    networks: Networks, for_captum: ForCaptum, pictures: Pictures, name: str
) -> None:
    model, images = for_captum[name][0], pictures(2, 33, 40)
    found = smoothgrad(networks[name], images, samples=3, noise=0.2, seed=4)
    drawn_by = generators(images, seed=4)
    spread = 0.2 * torch.stack([one.max() - one.min() for one in images]).view(-1, 1, 1, 1)
    references = [
        _reference(
            lambda x, c: Saliency(model).attribute(x, target=c, abs=False),
            images + spread * normal(drawn_by, images),
            found.shape[1],
        )
        for _ in range(3)
    ]
    _assert_same(found, torch.stack(references).mean(dim=0))


def test_smoothgrad_without_noise_is_the_gradient(networks: Networks, pictures: Pictures) -> None:
    images = pictures(1, 32, 32)
    _assert_same(
        smoothgrad(networks["thin"], images, samples=2, noise=0.0),
        _found(networks["thin"], images, SaliencyMethod.GRADIENT),
    )


@pytest.mark.filterwarnings("ignore:Setting backward hooks")
@pytest.mark.parametrize("name", _NAMES)
@pytest.mark.parametrize(("n", "height", "width"), [(2, 32, 32), (1, 65, 47)])
def test_guided_grad_cam_equals_captum(
    networks: Networks, for_captum: ForCaptum, pictures: Pictures, name: str, n: int, height: int, width: int
) -> None:
    method, images = GuidedGradCam(*for_captum[name]), pictures(n, height, width)
    found = guided_grad_cam(networks[name], images)
    _assert_same(
        found,
        _reference(
            lambda x, c: method.attribute(x, target=c, interpolate_mode="bilinear"), images, found.shape[1]
        ),
    )


class _Relus(nn.Module):
    """z = up * relu(x) + down * relu(x) + skip * x, its ReLUs a module that works in place and a function."""

    def __init__(self, up: float, down: float, skip: float) -> None:
        super().__init__()
        self.factors = (up, down, skip)
        self.relu = nn.ReLU(inplace=True)

    @override
    def forward(self, images: Tensor) -> Tensor:
        up, down, skip = self.factors
        kept: Tensor = self.relu(images.clone())
        logits = up * kept + down * torch.relu(images) + skip * images
        return logits.sum(dim=(1, 2, 3))[:, None]


@pytest.mark.parametrize(
    ("up", "down", "skip", "inside", "outside"),
    [
        (2.0, -3.0, 0.5, 2.5, 0.5),  # the negative gradient does not pass the ReLU
        (2.0, -3.0, -7.0, -5.0, -7.0),  # but beside the ReLU it does
        (-1.0, -3.0, 0.0, 0.0, 0.0),
    ],
)
def test_guided_backpropagation_by_hand(
    up: float, down: float, skip: float, inside: float, outside: float
) -> None:
    images = torch.tensor([[[[1.0, -1.0]]]], dtype=torch.float64)
    found = guided_backpropagation(_Relus(up, down, skip), images)
    assert found.flatten().tolist() == [inside, outside]


def test_guided_backpropagation_refuses_what_it_does_not_fit(pictures: Pictures) -> None:
    class InPlace(nn.Module):
        @override
        def forward(self, images: Tensor) -> Tensor:
            features = images * 1
            torch.relu_(features)
            return features.mean(dim=(2, 3))

    smooth = nn.Sequential(nn.Conv2d(3, 2, 3), nn.SiLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()).double()
    with pytest.raises(ModelError, match="Sequential has none"):
        guided_backpropagation(smooth, pictures(1, 8, 8))
    with pytest.raises(ModelError, match="left in place"):
        guided_backpropagation(InPlace(), pictures(1, 8, 8))


def test_sobel_is_the_length_of_the_gradient(pictures: Pictures) -> None:
    images = pictures(2, 9, 12)
    found = sobel_edges(images)
    for edges, picture in zip(found, images.numpy(), strict=True):
        channels = [
            np.hypot(ndimage.sobel(one, 0, mode="mirror"), ndimage.sobel(one, 1, mode="mirror"))
            for one in picture
        ]
        np.testing.assert_allclose(edges, np.sum(channels, axis=0), rtol=1e-12)


@pytest.mark.parametrize("method", [SaliencyMethod.RANDOM, SaliencyMethod.SOBEL])
def test_controls_know_nothing_of_the_network(
    networks: Networks, pictures: Pictures, method: SaliencyMethod
) -> None:
    images = pictures(2, 32, 32)
    one, other = (_found(networks[name], images, method) for name in ("thin", "resnet18"))
    assert torch.equal(one[:, :3], other)
    assert torch.equal(one[:, 0], one[:, 1])
    assert not torch.equal(one[0], one[1])


def test_the_random_map_is_noise_of_its_picture_and_seed(pictures: Pictures) -> None:
    images = pictures(2, 64, 64)
    one, other = random_map(images, seed=1)
    assert abs(one.mean()) < 0.1
    assert abs(one.std() - 1) < 0.1
    assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.1
    np.testing.assert_array_equal(random_map(images.flip(0), seed=1)[0], other)
    assert not np.array_equal(random_map(images, seed=2)[0], one)


@pytest.mark.parametrize("method", SaliencyMethod)
def test_a_map_depends_on_its_picture_not_on_its_batch(
    networks: Networks, pictures: Pictures, method: SaliencyMethod
) -> None:
    model, images = networks["thin"], pictures(3, 32, 32)
    together = _found(model, images, method)
    _assert_same(_found(model, images[1:2], method), together[1:2])
    _assert_same(_found(model, images.flip(0), method), together.flip(0))
    torch.manual_seed(123)  # nothing draws from the process's own generator
    assert torch.equal(_found(model, images, method), together)


@pytest.mark.parametrize("method", SaliencyMethod)
def test_every_method_answers_for_all_classes_and_leaves_the_model(
    networks: Networks, pictures: Pictures, method: SaliencyMethod
) -> None:
    model, images = copy.deepcopy(networks["thin"]).float().train(), pictures(2, 40, 32).float()
    weights = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    state, drawn = torch.random.get_rng_state(), images.clone()
    one = explain(model, images, [method], _FEW)[method]
    assert one.maps.shape == (2, 4, 40, 32)
    assert one.maps.dtype == np.float32
    assert np.isfinite(one.maps).all()
    assert one.maps.any()
    assert one.preset == preset_of(method, _FEW, 32)
    with torch.no_grad():
        np.testing.assert_allclose(one.logits, model.eval()(images).double().numpy(), rtol=1e-4, atol=1e-5)
    model.train()
    assert all(torch.equal(tensor, weights[name]) for name, tensor in model.state_dict().items())
    assert all(module.training for module in model.modules())
    assert all(p.requires_grad and p.grad is None for p in model.parameters())
    assert not any(m._forward_hooks or m._forward_pre_hooks or m._backward_hooks for m in model.modules())
    assert torch.equal(torch.random.get_rng_state(), state)
    assert torch.equal(images, drawn)


def test_all_methods_together_equal_each_alone(networks: Networks, pictures: Pictures) -> None:
    model, images = networks["thin"], pictures(2, 32, 32)
    together = explain(model, images, list(SaliencyMethod), _FEW)
    assert set(together) == set(SaliencyMethod)
    for method, found in together.items():
        _assert_same(torch.from_numpy(np.array(found.maps)), _found(model, images, method))
        assert bool(found.layer) is (method in {SaliencyMethod.GRAD_CAM, SaliencyMethod.GUIDED_GRAD_CAM})


@pytest.mark.parametrize(
    ("method", "changes"),
    [
        (SaliencyMethod.GRAD_CAM, {"centred": True}),
        (SaliencyMethod.SMOOTHGRAD, {"samples": 4}),
        (SaliencyMethod.SMOOTHGRAD, {"noise": 0.3}),
        (SaliencyMethod.SMOOTHGRAD, {"seed": 1}),
        (SaliencyMethod.INTEGRATED_GRADIENTS, {"steps": 5}),
        (SaliencyMethod.RANDOM, {"seed": 1}),
    ],
)
def test_settings_change_the_maps_and_their_name_together(
    networks: Networks, pictures: Pictures, method: SaliencyMethod, changes: dict[str, float]
) -> None:
    images, other = pictures(1, 32, 32), replace(_FEW, **changes)  # type: ignore[arg-type]
    assert preset_of(method, other, 32) != preset_of(method, _FEW, 32)
    changed = _found(networks["thin"], images, method, other)
    assert not torch.allclose(changed, _found(networks["thin"], images, method))


def test_centred_grad_cam_explains_the_logit_less_the_mean_logit(
    networks: Networks, pictures: Pictures
) -> None:
    method, images = SaliencyMethod.GRAD_CAM, pictures(2, 64, 64)
    one = explain(networks["thin"], images, [method], Options(centred=True))[method]
    maps: npt.NDArray[np.float64] = one.maps.astype(np.float64)
    np.testing.assert_allclose(maps.sum(axis=1), 0, atol=1e-10)
    assert np.abs(one.gap).max() < 1e-10
    raw = explain(networks["thin"], images, [method])[method]
    np.testing.assert_allclose(maps, raw.maps - raw.maps.mean(axis=1, keepdims=True), atol=1e-10)


@pytest.mark.parametrize("count", [0, -1])
def test_no_samples_and_no_steps_are_refused(networks: Networks, pictures: Pictures, count: int) -> None:
    with pytest.raises(ValueError, match="at least one sample"):
        smoothgrad(networks["thin"], pictures(1, 32, 32), samples=count)
    with pytest.raises(ValueError, match="at least one step"):
        integrated_gradients(networks["thin"], pictures(1, 32, 32), steps=count)
