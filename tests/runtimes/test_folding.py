import copy

import pytest
import torch
from torch import nn

from gsal.models.registry import SEGMENTERS, build_segmenter
from gsal.models.segmenter import Segmenter
from gsal.runtimes.folding import fold


def settled(architecture: str) -> Segmenter:
    """A deployed network with statistics of its own in every batch norm."""
    model = build_segmenter(architecture, seed=0).train()
    model(torch.randn(4, 3, 64, 64, generator=torch.Generator().manual_seed(0)))
    return model.deploy()


@pytest.mark.parametrize("architecture", sorted(SEGMENTERS))
def test_a_folded_network_says_the_same_without_batch_norms(architecture: str) -> None:
    model = settled(architecture)
    before = copy.deepcopy(model.state_dict())
    folded = fold(model)
    picture = torch.randn(2, 3, 64, 96, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        torch.testing.assert_close(folded(picture), model(picture), rtol=1e-4, atol=1e-4)
    assert not [m for m in folded.modules() if isinstance(m, nn.BatchNorm2d)]
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())


def test_a_batch_norm_of_other_channels_stays() -> None:
    module = nn.Sequential(nn.Conv2d(3, 4, 1), nn.PixelShuffle(2), nn.BatchNorm2d(1)).eval()
    assert [type(child) for child in fold(module).children()] == [nn.Conv2d, nn.PixelShuffle, nn.BatchNorm2d]
