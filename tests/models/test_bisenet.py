import pytest
import torch
from torch import nn

from gsal.models.bisenet import BiSeNet
from gsal.models.registry import build_segmenter


def parameters(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def test_it_has_the_size_of_the_paper_in_training_and_deployed() -> None:
    model = BiSeNet()
    assert parameters(model) / 1e6 == pytest.approx(13.5, abs=0.05)
    assert parameters(model.deploy()) / 1e6 == pytest.approx(12.9, abs=0.05)


@pytest.mark.parametrize("size", [(1, 32, 32), (1, 33, 47), (2, 65, 40), (3, 31, 97)])
def test_any_size_and_a_batch_of_one_train(size: tuple[int, int, int]) -> None:
    batch, height, width = size
    model = build_segmenter(seed=0).train()
    outputs = model(torch.randn(batch, 3, height, width, generator=torch.Generator().manual_seed(0)))
    assert [tuple(output.shape) for output in outputs] == [(batch, 1, height, width)] * 3
    torch.stack([output.mean() for output in outputs]).sum().backward()  # type: ignore[no-untyped-call]
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name


def test_in_evaluation_it_gives_one_map_that_dropping_the_auxiliary_heads_does_not_change() -> None:
    model = build_segmenter(seed=0).eval()
    picture = torch.randn(1, 3, 50, 70, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        before = model(picture)
        after = model.deploy()(picture)
    assert before.shape == (1, 1, 50, 70)
    assert torch.equal(before, after)
    assert model.train()(picture).shape == (1, 1, 50, 70)


def test_a_batch_of_one_normalises_by_running_statistics_only_where_pooled() -> None:
    model = build_segmenter(seed=0).train()
    assert isinstance(model, BiSeNet)
    tail, stem = model.context.tail[1], model.context.backbone.get_submodule("bn1")
    assert isinstance(tail, nn.BatchNorm2d)
    model(torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0)))
    assert tail.num_batches_tracked == 0
    assert stem.get_buffer("num_batches_tracked") == 1
