from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from typing_extensions import override

from gsal.errors import GsalError, ModelError
from gsal.models.registry import build_segmenter
from gsal.models.segmenter import Segmenter
from gsal.records import Preprocessing
from gsal.runtimes import choice
from gsal.runtimes.agreement import agreement, fixed_picture
from gsal.runtimes.choice import Make, choose_runtime, first_that_agrees
from gsal.runtimes.openvino import OpenVino, is_installed
from gsal.runtimes.pytorch import PlainTorch, Torch
from gsal.runtimes.runtime import BFLOAT16, FLOAT32, InkMaps, Pictures, Runtime

PREPROCESSING = Preprocessing(size=64)
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def network() -> Segmenter:
    """A deployed network whose probabilities are not all the same."""
    model = build_segmenter(seed=0).train()
    model(torch.randn(4, 3, 64, 64, generator=torch.Generator().manual_seed(0)))
    return model.deploy()


def pictures(*shape: int) -> Pictures:
    return np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)


class Blue(nn.Module):
    """A network whose logit is the blue of a pixel; out of memory for more than `most` pictures."""

    def __init__(self, most: int = 10**9, *, is_out_in_bfloat16: bool = False) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))
        self.most, self.is_out_in_bfloat16, self.seen = most, is_out_in_bfloat16, [0]

    @override
    def forward(self, x: Tensor) -> Tensor:
        self.seen.append(len(x))
        if len(x) > self.most or (self.is_out_in_bfloat16 and torch.is_autocast_enabled("cpu")):
            raise torch.OutOfMemoryError
        return x[:, 2:] * self.scale


def of_blue(seen: Pictures) -> InkMaps:
    blue = (seen[..., 2] / 255 - PREPROCESSING.mean[2]) / PREPROCESSING.std[2]
    return np.asarray(1 / (1 + np.exp(-blue)), np.float32)


class Shifted:
    """A runtime that is wrong: half a stroke to the side."""

    name, precision = "shifted", FLOAT32

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime

    def __call__(self, pictures: Pictures) -> InkMaps:
        return np.roll(self.runtime(pictures), 2, axis=2)


@pytest.mark.parametrize("shape", [(1, 32, 32), (3, 64, 96)])
def test_both_torches_give_the_probability_of_each_pixel(shape: tuple[int, int, int]) -> None:
    seen = pictures(*shape)
    for runtime in (PlainTorch(Blue(), PREPROCESSING), Torch(Blue(), PREPROCESSING, precision=FLOAT32)):
        np.testing.assert_allclose(runtime(seen), of_blue(seen), atol=1e-6)


def test_what_does_not_fit_is_halved_and_stays_in_order() -> None:
    module, seen = Blue(most=2), pictures(7, 32, 32)
    runtime = Torch(module, PREPROCESSING, device=CPU, precision=FLOAT32)
    np.testing.assert_allclose(runtime(seen), of_blue(seen), atol=1e-6)


def test_where_one_picture_does_not_fit_the_processor_goes_on_and_says_so_once() -> None:
    said: list[str] = []
    module, seen = Blue(is_out_in_bfloat16=True), pictures(3, 32, 32)
    runtime = Torch(module, PREPROCESSING, device=CPU, precision=BFLOAT16, notice=said.append)
    np.testing.assert_allclose(runtime(seen), of_blue(seen), atol=1e-6)
    assert (runtime.precision, len(said)) == (FLOAT32, 1)


def test_without_memory_at_all_the_error_is_not_swallowed() -> None:
    with pytest.raises(torch.OutOfMemoryError):
        Torch(Blue(most=0), PREPROCESSING, device=CPU, precision=FLOAT32)(pictures(2, 32, 32))


def test_a_runtime_leaves_the_network_as_it_was(network: Segmenter) -> None:
    before = {key: value.clone() for key, value in network.state_dict().items()}
    Torch(network, PREPROCESSING)(pictures(1, 64, 64))
    assert all(torch.equal(value, before[key]) for key, value in network.state_dict().items())


def test_auto_takes_one_that_agrees(network: Segmenter) -> None:
    said: list[str] = []
    seen = [fixed_picture()[None], pictures(2, 64, 96)]
    runtime = choose_runtime(network, PREPROCESSING, pictures=seen, notice=said.append)
    assert runtime.name == ("openvino" if is_installed() and not torch.cuda.is_available() else "torch")
    assert not said
    found = agreement(runtime, PlainTorch(network, PREPROCESSING), seen)
    assert found.is_exact_enough
    assert found.pictures == 3


def test_a_wrong_runtime_is_refused_and_named(network: Segmenter) -> None:
    said: list[str] = []
    reference = PlainTorch(Blue(), PREPROCESSING)
    right = Torch(Blue(), PREPROCESSING, device=CPU, precision=FLOAT32)
    makers: list[tuple[list[Make], Runtime]] = [
        ([lambda: Shifted(reference), lambda: right], right),
        ([lambda: Shifted(reference)], reference),
    ]
    for candidates, expected in makers:
        said.clear()
        chosen = first_that_agrees(
            iter(candidates), reference, pictures=[pictures(1, 64, 64)], threshold=0.5, notice=said.append
        )
        assert chosen is expected
        assert len(said) == 1
        assert "shifted" in said[0]


def test_one_that_cannot_be_made_is_passed_over() -> None:
    said: list[str] = []
    reference = PlainTorch(Blue(), PREPROCESSING)

    def broken() -> Runtime:
        raise ModelError("no kernel for this")

    chosen = first_that_agrees(
        iter([broken]), reference, pictures=[fixed_picture()[None]], threshold=0.5, notice=said.append
    )
    assert chosen is reference
    assert "no kernel for this" in said[0]


def test_numbers_that_are_none_agree_with_nothing() -> None:
    class Broken(Shifted):
        @override
        def __call__(self, pictures: Pictures) -> InkMaps:
            return np.full_like(self.runtime(pictures), np.nan)

    reference = PlainTorch(Blue(), PREPROCESSING)
    assert not agreement(Broken(reference), reference, [pictures(1, 32, 32)]).is_exact_enough


def test_agreement_counts_pixels() -> None:
    class Other(Shifted):
        @override
        def __call__(self, pictures: Pictures) -> InkMaps:
            values = self.runtime(pictures).copy()
            values[0, 0, :4] = 1 - values[0, 0, :4]
            return values

    reference = PlainTorch(Blue(), PREPROCESSING)
    seen = pictures(1, 32, 32)
    found = agreement(Other(reference), reference, [seen])
    largest = np.abs(1 - 2 * of_blue(seen)[0, 0, :4]).max()
    assert found.largest_difference == pytest.approx(float(largest), abs=1e-5)
    assert (found.changed_share, found.pictures) == (4 / 32**2, 1)


def test_what_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    settings: dict[str, Any] = {"pictures": [fixed_picture()[None]], "notice": print}
    with pytest.raises(GsalError, match="auto, torch, openvino"):
        choose_runtime(Blue(), PREPROCESSING, name="tensorflow", **settings)
    monkeypatch.setattr(choice, "is_installed", lambda: False)
    with pytest.raises(ModelError, match=r"pip install gsal\[openvino\]"):
        choose_runtime(Blue(), PREPROCESSING, name="openvino", **settings)


@pytest.mark.skipif(not is_installed(), reason="OpenVINO is not installed (pip install gsal[openvino])")
@pytest.mark.parametrize("architecture", ["bisenet", "lraspp"])
def test_openvino_agrees_with_plain_torch_at_every_shape(architecture: str) -> None:
    module = build_segmenter(architecture, seed=0).deploy()
    fast, plain = OpenVino(module, PREPROCESSING, precision=FLOAT32), PlainTorch(module, PREPROCESSING)
    for shape in ((1, 64, 96), (3, 32, 32), (2, 224, 64)):
        np.testing.assert_allclose(fast(pictures(*shape)), plain(pictures(*shape)), atol=1e-4)
