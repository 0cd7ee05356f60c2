"""What an ink segmenter is."""

from abc import ABC, abstractmethod
from typing import ClassVar, Self, TypeAlias

from torch import Tensor, nn
from typing_extensions import override

__all__ = ["INK_LOG_ODDS", "BatchNorm", "Logits", "Segmenter"]

INK_LOG_ODDS = -2.5
"""Of a fresh head: ink covers hundredths of a picture, which need not be learnt (Lin et al., ICCV 2017)."""

Logits: TypeAlias = Tensor | tuple[Tensor, ...]


class Segmenter(nn.Module, ABC):
    """From normalised pictures (N, 3, H, W) of any size to ink logits at their size.

    In evaluation, and once deployed, it returns (N, 1, H, W); in training a tuple of such logits, that of the
    main head first and those of auxiliary heads, if any, after it.
    """

    imagenet: ClassVar[str]
    """The classification network of torchvision whose ImageNet weights its backbone takes over."""

    @property
    @abstractmethod
    def classification(self) -> nn.Module:
        """The part that takes over ImageNet weights; its last layer is nn.Identity."""

    @abstractmethod
    def deploy(self) -> Self:
        """Drop what only training uses and return self in evaluation mode."""


class BatchNorm(nn.BatchNorm2d):
    """Batch normalisation, by running statistics where a channel has one value (batch 1 after pooling).

    The variance of one value is 0: plain batch normalisation refuses, as its output would ignore its input.
    """

    @override
    def forward(self, x: Tensor) -> Tensor:
        if self.training and x.numel() == x.shape[1]:
            return nn.functional.batch_norm(
                x, self.running_mean, self.running_var, self.weight, self.bias, False, 0.0, self.eps
            )
        return super().forward(x)
