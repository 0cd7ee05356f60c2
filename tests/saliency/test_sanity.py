"""Sanity checks: what is randomised, in which order, and the outcome for methods known to pass or fail."""

import copy
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch import Tensor, nn
from typing_extensions import override

from gsal.errors import ModelError
from gsal.records import SaliencyMethod
from gsal.saliency.cascade import Compared, compare
from gsal.saliency.options import Options
from gsal.saliency.randomisation import cascade, stages
from gsal.saliency.sanity import AS_TRAINED, MethodSanity, Outcome, method_sanity

Networks = dict[str, nn.Module]
Pictures = Callable[..., Tensor]

_DRAWS = 4


def _names(model: nn.Module, images: Tensor) -> list[str]:
    return [stage.name for stage in stages(model, images)]


def test_stages_go_from_the_classifier_to_the_input(networks: Networks, pictures: Pictures) -> None:
    images = pictures(1, 64, 64)
    blocks = [f"{part}{n}" for n in (3, 2, 1) for part in ("transition", "denseblock")]
    assert _names(networks["thin"], images) == [
        "classifier",
        *(f"features.{name}" for name in ["norm5", "denseblock4", *blocks, "norm0", "conv0"]),
    ]
    assert _names(networks["resnet18"], images) == [
        "fc",
        *(f"layer{n}" for n in (4, 3, 2, 1)),
        "bn1",
        "conv1",
    ]
    mobile = _names(networks["mobilenet"], images)
    assert mobile == ["classifier", *(f"features.{n}" for n in range(18, -1, -1))]


def test_stages_of_a_wrapped_network_are_those_of_what_it_wraps(
    networks: Networks, pictures: Pictures
) -> None:
    wrapped = nn.Sequential(networks["resnet18"])
    assert _names(wrapped, pictures(1, 64, 64))[:2] == ["0.fc", "0.layer4"]


def test_every_parameter_on_the_way_belongs_to_one_stage(networks: Networks, pictures: Pictures) -> None:
    for name in ("thin", "resnet18", "mobilenet"):
        model = networks[name]
        held = [module for stage in stages(model, pictures(1, 64, 64)) for module in stage.modules]
        assert len(held) == len(set(held))
        parameters = {f"{m}.{p}" for m in held for p, _ in model.get_submodule(m).named_parameters()}
        assert parameters == {name for name, _ in model.named_parameters()}


def test_each_stage_randomises_what_it_names_and_keeps_the_rest(
    networks: Networks, pictures: Pictures
) -> None:
    model, images = networks["thin"], pictures(1, 32, 32)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    generator = torch.random.get_rng_state()
    done: set[str] = set()
    for stage, (name, network) in zip(stages(model, images), cascade(model, images, seed=0), strict=True):
        assert stage.name == name
        done |= set(stage.modules)
        for key, tensor in network.state_dict().items():
            owner = key.rpartition(".")[0]
            if owner not in done:
                assert torch.equal(tensor, before[key]), key
            elif "num_batches" not in key:
                assert not torch.equal(tensor, before[key]), key
    assert all(torch.equal(tensor, before[key]) for key, tensor in model.state_dict().items())
    assert torch.equal(torch.random.get_rng_state(), generator)
    assert not any(module._forward_pre_hooks for module in model.modules())


def test_a_seed_means_the_same_networks(networks: Networks, pictures: Pictures) -> None:
    def weights(seed: int) -> Tensor:
        *_, (_, network) = cascade(networks["thin"], pictures(1, 32, 32), seed=seed)
        return torch.cat([parameter.detach().flatten() for parameter in network.parameters()])

    assert torch.equal(weights(3), weights(3))
    assert not torch.equal(weights(3), weights(4))


def test_parameters_without_a_layer_that_knows_how_are_shuffled(pictures: Pictures) -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale = nn.Parameter(torch.arange(96.0, dtype=torch.float64).view(3, 32))
            self.linear = nn.Linear(3, 2).double()

        @override
        def forward(self, images: Tensor) -> Tensor:
            answer = self.linear((images * self.scale[None, :, :, None]).mean(dim=(2, 3)))
            assert isinstance(answer, Tensor)
            return answer

    model = Scaled()
    *_, (_, network) = cascade(model, pictures(1, 32, 32), seed=0)
    scale = network.get_parameter("scale")
    assert not torch.equal(scale, model.scale)
    assert torch.equal(scale.flatten().sort().values, model.scale.flatten())


def test_a_program_hides_its_layers(pictures: Pictures) -> None:
    class Program(nn.Module):
        abilities: frozenset[str] = frozenset()

    with pytest.raises(ModelError, match="A state_dict of the same network has them"):
        stages(Program(), pictures(1, 8, 8))


@pytest.fixture(scope="module")
def trained() -> tuple[nn.Module, Tensor]:
    """A small DenseNet that tells on which side of a noisy picture a bright spot is, and such pictures."""
    from torchvision.models import DenseNet

    generator = torch.Generator().manual_seed(2)

    def batch(n: int) -> tuple[Tensor, Tensor]:
        images = 0.5 * torch.randn(n, 3, 48, 48, generator=generator)
        sides = torch.randint(2, (n,), generator=generator)
        for image, side in zip(images, sides.tolist(), strict=True):
            row = int(torch.randint(8, 32, (1,), generator=generator))
            column = 6 + 24 * side + int(torch.randint(6, (1,), generator=generator))
            image[side, row : row + 8, column : column + 8] += 3.0
        return images, sides

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = DenseNet(growth_rate=6, block_config=(2, 2), num_init_features=8, bn_size=2, num_classes=2)
        optimiser = torch.optim.Adam(model.parameters(), 1e-2)
        for _ in range(30):
            images, sides = batch(12)
            optimiser.zero_grad()
            loss = nn.functional.cross_entropy(model(images), sides)
            torch.autograd.backward(loss)
            optimiser.step()
    images, sides = batch(12)
    model.eval()
    with torch.no_grad():
        assert (model(images).argmax(dim=1) == sides).float().mean() > 0.9
    return model, images


def _checked(
    model: nn.Module, images: Tensor, methods: list[SaliencyMethod]
) -> dict[SaliencyMethod, MethodSanity]:
    """The checks by the mean of a few draws of parameters: coarse maps, Grad-CAM's, are alike by chance."""
    parts: list[list[Compared]] = [
        list(compare(model, images, methods, options=Options(seed=5), seed=seed, batch=6))
        for seed in range(_DRAWS)
    ]
    found = {}
    for method in methods:
        similarity: dict[str, list[npt.NDArray[np.float64]]] = {}
        for of_draws in zip(*parts, strict=True):
            mean = np.mean([one.similarity[method] for one in of_draws], axis=0)
            similarity.setdefault(of_draws[0].stage, []).append(mean)
        whole = {stage: np.concatenate(values) for stage, values in similarity.items()}
        patients = np.array([""] * len(images))
        found[method] = method_sanity(method, whole, patients, preset="", layer="", draws=_DRAWS, seed=0)
    return found


def test_methods_known_to_pass_or_fail_do(trained: tuple[nn.Module, Tensor]) -> None:
    model, images = trained
    before = copy.deepcopy(model.state_dict())
    methods = [
        SaliencyMethod.GRAD_CAM,
        SaliencyMethod.GRADIENT,
        SaliencyMethod.RANDOM,
        SaliencyMethod.SOBEL,
    ]
    found = _checked(model, images, methods)
    assert found[SaliencyMethod.GRAD_CAM].outcome is Outcome.PASSES
    assert found[SaliencyMethod.GRADIENT].outcome is Outcome.PASSES
    assert found[SaliencyMethod.SOBEL].outcome is Outcome.FAILS
    assert found[SaliencyMethod.RANDOM].outcome is Outcome.CHANGES_BY_ITSELF
    for one in found.values():
        start = one.stages[0]
        assert start.stage == AS_TRAINED
        for estimate in (start.spearman, start.spearman_absolute, start.ssim):
            assert estimate.mean == pytest.approx(1)
            assert estimate.n == len(images)
        assert [stage.stage for stage in one.stages[1:]] == _names(model, images[:1])
    for stage in found[SaliencyMethod.SOBEL].stages:
        assert stage.spearman.low == pytest.approx(1)
        assert stage.ssim.mean == pytest.approx(1)
    for stage in found[SaliencyMethod.RANDOM].stages[1:]:
        assert abs(stage.spearman.mean) < 0.05
    assert all(torch.equal(tensor, before[key]) for key, tensor in model.state_dict().items())
    assert not model.training


def _of(last: list[float], method: SaliencyMethod = SaliencyMethod.GRADIENT) -> MethodSanity:
    found = np.array(last)
    values = np.column_stack([0 * found, found, 0 * found])
    whole = {AS_TRAINED: np.ones((len(last), 3)), "conv": values}
    patients = np.array([f"p{n}" for n in range(len(last))])
    return method_sanity(method, whole, patients, preset="", layer="", draws=1, seed=0)


def test_outcomes_by_hand() -> None:
    assert _of([0.7, 0.8, 0.9, 0.75]).outcome is Outcome.FAILS
    assert _of([0.1, 0.2, -0.3, 0.0]).outcome is Outcome.PASSES
    assert _of([0.1, 0.9, 0.2, 0.95]).outcome is Outcome.UNDECIDED
    assert _of([0.9]).outcome is Outcome.UNDECIDED, "one picture has no interval"
    assert _of([np.nan, np.nan]).outcome is Outcome.UNDECIDED
    assert _of([0.9, 0.9], SaliencyMethod.RANDOM).outcome is Outcome.CHANGES_BY_ITSELF


def test_the_larger_correlation_decides_and_undefined_ones_are_counted() -> None:
    found = _of([0.7, np.nan, 0.9])
    assert found.decisive.n == 2
    assert found.decisive.mean == pytest.approx(0.8)
    assert found.decisive is found.stages[-1].spearman_absolute


def test_pictures_of_one_patient_are_drawn_together() -> None:
    values = np.tile(np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0])[:, None], (1, 3))
    apart, together = (
        method_sanity(
            SaliencyMethod.GRADIENT,
            {"conv": values},
            np.array(patients),
            preset="",
            layer="",
            draws=1,
            seed=0,
        )
        for patients in (list("abcdef"), list("aaabbb"))
    )
    wide, narrow = together.stages[0].spearman, apart.stages[0].spearman
    assert wide.high - wide.low > narrow.high - narrow.low
