"""What holds for every ink segmenter."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from gsal.errors import ModelError
from gsal.models.checkpoints import load_weights, save_weights
from gsal.models.lraspp import LrAspp
from gsal.models.registry import SEGMENTERS, build_classifier, build_segmenter
from gsal.models.segmenter import Segmenter

ARCHITECTURES = sorted(SEGMENTERS)


def noise(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


def settled(architecture: str) -> Segmenter:
    """A network with statistics of its own in every batch norm."""
    model = build_segmenter(architecture, seed=0).train()
    model(noise(4, 3, 64, 64))
    return model.eval()


def test_bisenet_is_the_default() -> None:
    assert type(build_segmenter(seed=0)) is SEGMENTERS[next(iter(SEGMENTERS))] is SEGMENTERS["bisenet"]


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("size", [(1, 32, 32), (1, 16, 16), (1, 33, 47), (2, 31, 97)])
def test_any_size_and_a_batch_of_one_train(architecture: str, size: tuple[int, int, int]) -> None:
    batch, height, width = size
    model = build_segmenter(architecture, seed=0).train()
    outputs = model(noise(batch, 3, height, width))
    assert isinstance(outputs, tuple)
    assert {tuple(output.shape) for output in outputs} == {(batch, 1, height, width)}
    torch.stack([output.square().mean() for output in outputs]).sum().backward()  # type: ignore[no-untyped-call]
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name
    assert any(p.grad is not None and p.grad.any() for p in model.classification.parameters())


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_deployed_it_says_the_same(architecture: str) -> None:
    model = settled(architecture)
    picture = noise(1, 3, 50, 70)
    with torch.inference_mode():
        before = model(picture)
        after = model.deploy()(picture)
    assert before.shape == (1, 1, 50, 70)
    assert torch.equal(before, after)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_weights_survive_their_file(architecture: str, tmp_path: Path) -> None:
    model, other = settled(architecture), build_segmenter(architecture, seed=1).eval()
    sha256 = save_weights(tmp_path / "w.safetensors", model)
    load_weights(tmp_path / "w.safetensors", other, sha256)
    with torch.inference_mode():
        assert torch.equal(model(noise(1, 3, 64, 40)), other(noise(1, 3, 64, 40)))


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_backbone_takes_imagenet_weights_of_its_own_kind_alone(architecture: str, tmp_path: Path) -> None:
    published = build_classifier(SEGMENTERS[architecture]().imagenet, 1000, seed=1)
    torch.save(published.state_dict(), tmp_path / "imagenet.pth")
    model = build_segmenter(architecture, weights=tmp_path / "imagenet.pth", seed=0)
    own = model.classification.state_dict()
    assert own
    for key, value in own.items():
        assert torch.equal(value, published.state_dict()[key]), key
    torch.save(build_classifier("densenet-small", 7, seed=1).state_dict(), tmp_path / "other.pth")
    with pytest.raises(ModelError, match=r"other\.pth.*missing"):
        build_segmenter(architecture, weights=tmp_path / "other.pth", seed=0)


@pytest.mark.parametrize("size", [(64, 64), (95, 41)])
def test_lraspp_is_that_of_torchvision(size: tuple[int, int]) -> None:
    from torchvision.models.segmentation import lraspp_mobilenet_v3_large  # importable once our package is

    ours = settled("lraspp")
    theirs: nn.Module = lraspp_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=1).eval()
    state = dict(zip(theirs.state_dict(), ours.state_dict().values(), strict=True))
    theirs.load_state_dict(state)
    with torch.inference_mode():
        assert torch.equal(ours(noise(2, 3, *size)), theirs(noise(2, 3, *size))["out"])


def test_lraspp_is_the_light_one() -> None:
    light, default = (
        sum(p.numel() for p in build_segmenter(a, seed=0).parameters()) for a in ("lraspp", "bisenet")
    )
    assert light < default / 4


def test_fresh_heads_expect_little_ink() -> None:
    for architecture in ARCHITECTURES:
        with torch.inference_mode():
            share = build_segmenter(architecture, seed=0).deploy()(noise(2, 3, 64, 64)).sigmoid().mean()
        assert 0.01 < share < 0.25, architecture


def test_lraspp_has_no_head_for_training_only() -> None:
    assert len(LrAspp().train()(noise(1, 3, 32, 32))) == 1


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_it_learns_a_stroke(architecture: str) -> None:
    ink = torch.zeros(4, 1, 64, 64)
    for row in range(4):
        ink[row, 0, 8 + 12 * row : 16 + 12 * row] = 1
    pictures = 0.3 * noise(4, 3, 64, 64) + torch.tensor([-1.0, -1.0, 2.0]).view(3, 1, 1) * ink
    model = build_segmenter(architecture, seed=0).train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    losses = []
    for _ in range(12):
        loss = nn.functional.binary_cross_entropy_with_logits(model(pictures)[0], ink)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 3
