"""Tiny float64 classifiers with trained-looking batch norms, and Captum's view of them."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from typing_extensions import override

from gsal.models import torchvision_compat  # noqa: F401 - before torchvision
from gsal.models.densenet import build_densenet

from torchvision.models import DenseNet, mobilenet_v2, resnet18  # isort: skip


class ExplicitDenseNet(nn.Module):
    """A DenseNet whose last ReLU is a module of its own that does not work in place, as Captum needs."""

    def __init__(self, network: DenseNet) -> None:
        super().__init__()
        self.features = network.features
        self.relu = nn.ReLU(inplace=False)
        self.classifier = network.classifier

    @override
    def forward(self, images: Tensor) -> Tensor:
        logits = self.classifier(self.relu(self.features(images)).mean(dim=(2, 3)))
        assert isinstance(logits, Tensor)
        return logits


def _build(name: str) -> nn.Module:
    if name == "thin":
        network = DenseNet(
            growth_rate=4, block_config=(2, 2, 2, 2), num_init_features=8, bn_size=2, num_classes=4
        )
    elif name == "resnet18":
        network = resnet18(num_classes=3)
    elif name == "mobilenet":
        network = mobilenet_v2(num_classes=3, width_mult=0.35)
    else:
        network = build_densenet(name, 7)
    assert isinstance(network, nn.Module)
    return network


@pytest.fixture(scope="session")
def networks() -> dict[str, nn.Module]:
    """Do not change these in a test without undoing it."""
    built = {}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(11)
        for name in ("thin", "densenet-small", "resnet18", "mobilenet"):
            network = _build(name).double()
            with torch.no_grad():
                for _ in range(3):
                    network(torch.randn(4, 3, 64, 64, dtype=torch.float64))
                for module in network.modules():
                    if isinstance(module, nn.BatchNorm2d):
                        module.weight.uniform_(0.5, 1.5)
                        module.bias.normal_(0, 0.3)
                    if isinstance(module, nn.Linear):
                        module.bias.normal_(0, 0.5)
            built[name] = network.eval()
    return built


@pytest.fixture(scope="session")
def pictures() -> Callable[..., Tensor]:
    """Random float64 inputs (n, 3, height, width)."""

    def make(n: int, height: int, width: int) -> Tensor:
        generator = torch.Generator().manual_seed(height * width + n)
        return torch.randn(n, 3, height, width, dtype=torch.float64, generator=generator)

    return make


@pytest.fixture(scope="session")
def for_captum(networks: dict[str, nn.Module]) -> dict[str, tuple[nn.Module, nn.Module]]:
    """Per network: what to give Captum, and its layer of the last feature maps."""
    found: dict[str, tuple[nn.Module, nn.Module]] = {}
    for name in ("thin", "densenet-small"):
        network = networks[name]
        assert isinstance(network, DenseNet)
        explicit = ExplicitDenseNet(network).eval()
        found[name] = (explicit, explicit.relu)
    for name, layer in (("resnet18", "layer4"), ("mobilenet", "features")):
        found[name] = (networks[name], networks[name].get_submodule(layer))
    return found
