import numpy as np
import pytest
import torch
import torch.nn.functional as F

from gsal.training.losses import segmentation_loss, soft_dice_loss
from gsal.training.recipe import Loss

GENERATOR = torch.Generator().manual_seed(0)


def test_on_binary_targets_it_is_the_usual_soft_dice_loss() -> None:
    x = torch.rand(200, generator=GENERATOR, dtype=torch.float64) * 1e6
    y = (
        torch.rand(200, generator=GENERATOR) > 0.6
    ).double() * 1e6  # so large that the one pixel does not count
    usual = 1 - 2 * torch.minimum(x, y).sum() / (x.sum() + y.sum())
    assert soft_dice_loss(x, y).item() == pytest.approx(usual.item(), rel=1e-6)
    x, y = x / 1e6, y / 1e6
    usual = 1 - (2 * (x * y).sum() + 1) / (x.sum() + y.sum() + 1)
    assert soft_dice_loss(x, y).item() == pytest.approx(usual.item(), rel=1e-9)


@pytest.mark.parametrize("target", [0.0, 0.3, 0.7, 1.0])
def test_its_minimum_is_at_the_target_also_where_that_is_soft(target: float) -> None:
    grid = torch.linspace(0, 1, 101, dtype=torch.float64)
    others = torch.rand(50, generator=GENERATOR, dtype=torch.float64)
    targets = torch.cat([others, torch.tensor([target], dtype=torch.float64)])
    values = [soft_dice_loss(torch.cat([others, x[None]]), targets).item() for x in grid]
    assert grid[int(np.argmin(values))].item() == pytest.approx(target)


@pytest.mark.parametrize("kind", [Loss.BCE, Loss.BCE_DICE])
def test_descending_the_loss_ends_at_the_soft_target(kind: Loss) -> None:
    targets = torch.tensor([0.02, 0.3, 0.5, 0.7, 0.98], dtype=torch.float64).view(1, 1, 1, 5)
    logits = torch.zeros_like(targets, requires_grad=True)
    optimiser = torch.optim.LBFGS([logits], lr=0.1, max_iter=300, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        loss = segmentation_loss(logits, targets, kind)
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    torch.testing.assert_close(logits.sigmoid().detach(), targets, atol=0.01, rtol=0)


def test_a_batch_without_ink_pulls_toward_no_ink() -> None:
    probabilities = torch.full((4,), 0.2, requires_grad=True)
    soft_dice_loss(probabilities, torch.zeros(4)).backward()  # type: ignore[no-untyped-call]
    assert probabilities.grad is not None
    assert (probabilities.grad > 0).all()


def test_the_sum_is_cross_entropy_plus_dice_in_float32_whatever_comes_in() -> None:
    logits = torch.randn(2, 1, 3, 3, generator=GENERATOR).bfloat16()
    targets = torch.rand(2, 1, 3, 3, generator=GENERATOR)
    expected = F.binary_cross_entropy_with_logits(logits.float(), targets)
    bce, both = (segmentation_loss(logits, targets, kind) for kind in (Loss.BCE, Loss.BCE_DICE))
    assert bce.dtype == torch.float32
    assert torch.equal(bce, expected)
    torch.testing.assert_close(both, expected + soft_dice_loss(logits.float().sigmoid(), targets))
