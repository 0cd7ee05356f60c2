"""The engine: one forward for all methods, columns in order, gaps measured, models left as they were."""

import copy
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from typing_extensions import override

from gsal.errors import ModelError
from gsal.records import COLUMNS, SaliencyMethod
from gsal.saliency import aggregate, competitive_gradient_input, grad_cam
from gsal.saliency.engine import aggregate_batch, explain
from gsal.saliency.layers import find_layer
from gsal.saliency.options import Competition, Options

Networks = dict[str, nn.Module]
Pictures = Callable[..., Tensor]

_CAM, _CGI = SaliencyMethod.GRAD_CAM, SaliencyMethod.COMPETITIVE


def _state(model: nn.Module) -> tuple[object, ...]:
    return (
        [(name, module.training, len(module._forward_hooks)) for name, module in model.named_modules()],
        [(name, p.requires_grad, p.grad is None, p.stride()) for name, p in model.named_parameters()],
    )


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("thin", None),
        ("thin", "denseblock4"),
        ("densenet-small", None),
        ("resnet18", "layer3"),
        ("mobilenet", None),
    ],
)
def test_both_methods_from_one_forward_equal_each_alone(
    networks: Networks, pictures: Pictures, name: str, layer: str | None
) -> None:
    model, images = networks[name], pictures(2, 48, 40)
    forwards = []
    handle = model.register_forward_hook(lambda *_: forwards.append(1))
    try:
        found = explain(model, images, options=Options(layer=layer, competition=Competition.PFAU_2019))
    finally:
        handle.remove()
    assert len(forwards) == 1
    np.testing.assert_allclose(
        found[_CAM].maps, grad_cam(model, images, layer=layer).numpy(), rtol=0, atol=1e-12
    )
    cgi = competitive_gradient_input(model, images, preset="pfau-2019").numpy()
    np.testing.assert_allclose(found[_CGI].maps, cgi, rtol=0, atol=1e-12)
    with torch.no_grad():
        np.testing.assert_allclose(found[_CGI].logits, model(images).numpy(), rtol=0, atol=1e-12)


def test_gaps_are_measured_and_the_choice_is_recorded(networks: Networks, pictures: Pictures) -> None:
    found = explain(networks["thin"], pictures(2, 64, 64), (_CAM, _CGI))
    assert (found[_CAM].layer, found[_CAM].preset) == ("norm5", "")
    assert (found[_CGI].layer, found[_CGI].preset) == ("", "gupta-arora")
    assert np.abs(found[_CAM].gap).max() < 1e-10
    expected = found[_CGI].maps.sum(axis=(2, 3)) - found[_CGI].logits
    np.testing.assert_allclose(found[_CGI].gap, expected, atol=1e-10)
    assert np.abs(found[_CGI].gap).max() > 1e-3  # batch norm: not complete, so never assumed


def test_gradient_input_is_complete_on_a_network_without_biases(pictures: Pictures) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = nn.Sequential(
            nn.Conv2d(3, 6, 3, bias=False),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(6, 1, bias=False),
        ).double()
    found = explain(model, pictures(3, 16, 16), (_CGI,))  # one class wins every pixel
    assert np.abs(found[_CGI].gap).max() < 1e-12


def test_only_what_is_asked_for_is_computed(networks: Networks, pictures: Pictures) -> None:
    assert set(explain(networks["thin"], pictures(1, 32, 32), [_CAM])) == {_CAM}
    assert set(explain(networks["thin"], pictures(1, 32, 32), [_CGI])) == {_CGI}


def test_aggregates_come_in_the_order_of_the_columns(networks: Networks, pictures: Pictures) -> None:
    explained = explain(networks["thin"], pictures(3, 40, 40), (_CGI,))[_CGI]
    coverage = np.random.default_rng(0).random((3, 40, 40)).astype(np.float32)
    coverage[1] = 0
    values, mask_area, map_pixels = aggregate_batch(explained, coverage, percentile=90)
    assert values.shape == (3, 4, len(COLUMNS))
    assert values.dtype == mask_area.dtype == np.float64
    assert map_pixels == 1600
    np.testing.assert_allclose(mask_area, coverage.astype(np.float64).sum(axis=(1, 2)))
    column = {name: values[..., index] for index, name in enumerate(COLUMNS)}
    assert np.isnan(column["mean"][1]).all()
    assert np.isnan(column["peak"][1]).all()
    np.testing.assert_allclose(column["mean"][2], aggregate.mean_saliency(explained.maps[2], coverage[2]))
    np.testing.assert_allclose(column["peak"][0], aggregate.peak_saliency(explained.maps[0], coverage[0], 90))
    np.testing.assert_allclose(column["map_sum"], explained.maps.sum(axis=(2, 3)))
    np.testing.assert_allclose(column["map_sum_sq"], (explained.maps**2).sum(axis=(2, 3)))
    np.testing.assert_array_equal(column["gap"], explained.gap)


def test_coverage_of_another_grid_is_refused(networks: Networks, pictures: Pictures) -> None:
    explained = explain(networks["thin"], pictures(1, 32, 32), (_CAM,))[_CAM]
    with pytest.raises(ValueError, match="coverage"):
        aggregate_batch(explained, np.zeros((1, 16, 16)))


@pytest.mark.parametrize("layer", [None, "denseblock4"])
def test_a_model_is_left_exactly_as_it_was(networks: Networks, pictures: Pictures, layer: str | None) -> None:
    model = networks["thin"].train()
    try:
        model.get_submodule("features.norm0").eval()
        for parameter in model.get_submodule("features.conv0").parameters():
            parameter.requires_grad_(False)
        before, weights = _state(model), {name: t.clone() for name, t in model.state_dict().items()}
        images = pictures(2, 32, 32)
        explain(model, images, options=Options(layer=layer))
        assert not images.requires_grad
        assert images.grad is None
        with pytest.raises(ModelError):
            explain(model, images * float("inf"), options=Options(layer=layer))
        assert _state(model) == before
        assert all(torch.equal(tensor, weights[name]) for name, tensor in model.state_dict().items())
    finally:
        for parameter in model.parameters():
            parameter.requires_grad_(True)
        model.eval()


def test_a_layer_beside_the_logits_path_has_no_saliency(pictures: Pictures) -> None:
    class Branched(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.side = nn.Conv2d(3, 2, 3)
            self.linear = nn.Linear(3, 2)

        @override
        def forward(self, images: Tensor) -> Tensor:
            self.side(images)
            answer = self.linear(images.mean(dim=(2, 3)))
            assert isinstance(answer, Tensor)
            return answer

    model = Branched().double()
    found = explain(model, pictures(1, 8, 8), options=Options(layer="side"))
    assert not found[_CAM].maps.any()


def test_a_subclass_with_its_own_forward_is_explained_by_autograd(
    networks: Networks, pictures: Pictures
) -> None:
    model = copy.deepcopy(networks["thin"])
    forward = type(model).forward
    model.__class__ = type("Doubled", (type(model),), {"forward": lambda self, x: 2 * forward(self, x)})
    layer, images = find_layer(model), pictures(2, 64, 64)
    assert (layer.name, layer.linear, layer.bias) == ("features", None, None)
    before_relu = grad_cam(networks["thin"], images, layer="features")
    torch.testing.assert_close(grad_cam(model, images), 2 * before_relu)


def test_an_exported_program_has_input_gradients_but_no_layers(pictures: Pictures) -> None:
    model = nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2)
    )
    images = pictures(2, 12, 12)
    program = torch.export.export(model.double().eval(), (images,)).module()
    expected = competitive_gradient_input(model, images)
    torch.testing.assert_close(competitive_gradient_input(program, images), expected)
    with pytest.raises(ModelError, match="hide their layers"):
        grad_cam(program, images, layer="0")


def test_importing_the_package_does_not_import_torch() -> None:
    code = (
        "import sys, gsal.saliency, gsal.saliency.aggregate, gsal.cohorts.selection, gsal.cohorts.split\n"
        "assert 'torch' not in sys.modules\n"
        "assert 'grad_cam' in dir(gsal.saliency)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_package_has_no_other_names() -> None:
    import gsal.saliency

    with pytest.raises(AttributeError, match="smooth_grad"):
        gsal.saliency.smooth_grad  # noqa: B018
