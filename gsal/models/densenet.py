"""DenseNets: the paper's classifier, and one small enough to train in seconds."""

import re
from collections.abc import Mapping

from torch import Tensor, nn
from torchvision.models import DenseNet, densenet121

__all__ = ["DENSENETS", "build_densenet", "modern_keys"]

DENSENETS = ("densenet121", "densenet-small")
"""Architectures of `build_densenet`."""

_OLD_KEY = re.compile(
    r"^(.*denselayer\d+\.(?:norm|relu|conv))\.((?:[12])\.(?:weight|bias|running_mean|running_var))$"
)


def build_densenet(architecture: str, classes: int) -> nn.Module:
    """Return a DenseNet with fresh weights from the current random state.

    Args:
        architecture: "densenet121" (Huang et al. 2017), or "densenet-small": 6 + 8 layers of growth 12, for
            pictures of 64 px, where its last map is 8 x 8.
        classes: Number of logits.
    """
    if architecture == "densenet-small":
        network = DenseNet(growth_rate=12, block_config=(6, 8), num_init_features=24, num_classes=classes)
    else:
        network = densenet121(num_classes=classes)
    assert isinstance(network, nn.Module)  # noqa: S101 - torchvision is untyped
    return network


def modern_keys(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Rename the keys of torchvision's published DenseNet files ("norm.1") to those of its code ("norm1").

    >>> list(modern_keys({"features.denseblock1.denselayer1.norm.1.weight": None}))
    ['features.denseblock1.denselayer1.norm1.weight']
    """
    return {_OLD_KEY.sub(r"\1\2", key): value for key, value in state.items()}
