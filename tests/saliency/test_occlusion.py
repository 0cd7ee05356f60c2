"""Occlusion: equal to Captum's, by hand where the answer is known, and cut off at the edges."""

from collections.abc import Callable

import pytest
import torch
from captum.attr import Occlusion
from torch import Tensor, nn

from gsal.records import SaliencyMethod
from gsal.saliency.engine import explain
from gsal.saliency.occlusion import occlude, occlusion
from gsal.saliency.windows import Windows

Networks = dict[str, nn.Module]
Pictures = Callable[..., Tensor]


@pytest.mark.parametrize(("height", "width"), [(32, 32), (36, 44)])
def test_it_equals_captum(networks: Networks, pictures: Pictures, height: int, width: int) -> None:
    model, images = networks["densenet-small"], pictures(2, height, width)
    windows = Windows.of(height, width)
    maps = occlusion(model, images)
    for target in (0, 6):
        expected = Occlusion(model).attribute(
            images,
            sliding_window_shapes=(3, windows.side, windows.side),
            strides=(3, windows.step, windows.step),
            target=target,
        )
        # Captum answers in float32.
        torch.testing.assert_close(maps[:, target].float(), expected.mean(dim=1), rtol=1e-5, atol=1e-7)


def test_windows_at_the_edge_are_cut_off() -> None:
    assert list(Windows(5, 3, 3, 2)) == [(slice(0, 3), slice(0, 3)), (slice(2, 5), slice(0, 3))]
    assert [rows for rows, _ in Windows(6, 3, 3, 2)] == [slice(0, 3), slice(2, 5), slice(4, 6)]


def test_a_linear_model_loses_what_the_window_held() -> None:
    model = nn.Sequential(nn.Flatten(), nn.Linear(3 * 4 * 4, 2, bias=False)).double()
    images = torch.randn(1, 3, 4, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    maps, logits = occlude(model, images, windows=Windows(4, 4, 2, 2))
    weights = model.get_parameter("1.weight").detach().view(2, 3, 4, 4)
    held = nn.functional.avg_pool2d((weights * images).sum(dim=1), 2, divisor_override=1)
    torch.testing.assert_close(maps[0], held.repeat_interleave(2, 1).repeat_interleave(2, 2))
    torch.testing.assert_close(maps.sum(dim=(2, 3)), 4 * logits)


def test_the_engine_keeps_windows_and_logits(networks: Networks, pictures: Pictures) -> None:
    model, images = networks["resnet18"], pictures(1, 32, 32)
    found = explain(model, images, [SaliencyMethod.OCCLUSION])
    (one,) = found.values()
    assert (one.preset, one.layer) == ("window4-step2", "")
    torch.testing.assert_close(torch.from_numpy(one.logits), model(images).detach())
