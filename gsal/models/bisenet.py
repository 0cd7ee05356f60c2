"""BiSeNet, the ink segmenter: a spatial path for edges, a context path for meaning, one ink logit per pixel.

Yu et al., "BiSeNet: Bilateral Segmentation Network for Real-time Semantic Segmentation", ECCV 2018, with the
choices of SPEC 3: 13.5 M parameters in training, 12.9 M without the auxiliary heads. Any input size and any
batch size works.
"""

from typing import ClassVar, Self

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.models import resnet18
from typing_extensions import override

from gsal.models.segmenter import INK_LOG_ODDS, BatchNorm, Logits, Segmenter

__all__ = ["BiSeNet"]


class BiSeNet(Segmenter):
    """From normalised pictures (N, 3, H, W) to ink logits at their size.

    In evaluation, and once deployed, it returns (N, 1, H, W); in training also the logits of the auxiliary
    heads on the context path at 1/16 and 1/32: (main, auxiliary 16, auxiliary 32).
    """

    imagenet: ClassVar[str] = "resnet18"

    def __init__(self) -> None:
        super().__init__()
        self.spatial = nn.Sequential(
            _conv_norm_relu(3, 64, size=7, stride=2),
            _conv_norm_relu(64, 64, stride=2),
            _conv_norm_relu(64, 64, stride=2),
            _conv_norm_relu(64, 128, size=1),
        )
        self.context = ContextPath()
        self.fusion = FeatureFusion(256)
        self.head = _head(256, 64)
        self.auxiliary: nn.ModuleList | None = nn.ModuleList([_head(128, 256), _head(128, 256)])

    @property
    @override
    def classification(self) -> nn.Module:
        return self.context.backbone

    @override
    def forward(self, x: Tensor) -> Logits:
        at_8, at_16 = self.context(x)
        spatial = self.spatial(x)
        fused = self.fusion(torch.cat([spatial, _resize(at_8, spatial)], dim=1))
        main = _resize(self.head(fused), x)
        if not self.training or self.auxiliary is None:
            return main
        head_16, head_32 = self.auxiliary
        return main, _resize(head_16(at_8), x), _resize(head_32(at_16), x)

    @override
    def deploy(self) -> Self:
        """Drop the auxiliary heads, which only training uses, and return self in evaluation mode."""
        self.auxiliary = None
        return self.eval()


class ContextPath(nn.Module):
    """ResNet-18 with attention refinement at 1/16 and 1/32 and a tail of global pooling.

    Returns:
        (N, 128, ...) refined features of the stage at 1/16, upsampled to 1/8, and of that at 1/32, upsampled
        to 1/16.
    """

    def __init__(self) -> None:
        super().__init__()
        self.backbone: nn.Module = resnet18(weights=None, norm_layer=BatchNorm)
        self.backbone.fc = nn.Identity()
        self.refine_16 = AttentionRefinement(256, 128)
        self.refine_32 = AttentionRefinement(512, 128)
        self.tail = _conv_norm_relu(512, 128, size=1)
        self.smooth_16 = _conv_norm_relu(128, 128)
        self.smooth_32 = _conv_norm_relu(128, 128)

    @override
    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        at_8, at_16, at_32 = self._stages(x)
        tail = self.tail(F.adaptive_avg_pool2d(at_32, 1))
        up_16 = self.smooth_32(_resize(self.refine_32(at_32) + tail, at_16, mode="nearest"))
        up_8 = self.smooth_16(_resize(self.refine_16(at_16) + up_16, at_8, mode="nearest"))
        return up_8, up_16

    def _stages(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        net = self.backbone
        x = net.get_submodule("maxpool")(F.relu(net.get_submodule("bn1")(net.get_submodule("conv1")(x))))
        at_8 = net.get_submodule("layer2")(net.get_submodule("layer1")(x))
        at_16 = net.get_submodule("layer3")(at_8)
        return at_8, at_16, net.get_submodule("layer4")(at_16)


class AttentionRefinement(nn.Module):
    """A 3 x 3 convolution whose channels are gated by sigma(BN(1x1(GAP)))."""

    def __init__(self, channels: int, out: int) -> None:
        super().__init__()
        self.conv = _conv_norm_relu(channels, out)
        self.gate = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Conv2d(out, out, 1, bias=False), BatchNorm(out), nn.Sigmoid()
        )

    @override
    def forward(self, x: Tensor) -> Tensor:
        features: Tensor = self.conv(x)
        gate: Tensor = self.gate(features)
        return features * gate


class FeatureFusion(nn.Module):
    """Joins both paths: a 1 x 1 convolution, then x + x * gate."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = _conv_norm_relu(channels, channels, size=1)
        self.gate = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(channels, channels, 1),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 1),
            nn.Sigmoid(),
        )

    @override
    def forward(self, x: Tensor) -> Tensor:
        features: Tensor = self.conv(x)
        gate: Tensor = self.gate(features)
        return features + features * gate


def _conv_norm_relu(channels: int, out: int, *, size: int = 3, stride: int = 1) -> nn.Sequential:
    conv = nn.Conv2d(channels, out, size, stride, padding=size // 2, bias=False)
    nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
    return nn.Sequential(conv, BatchNorm(out), nn.ReLU(inplace=True))


def _head(channels: int, middle: int) -> nn.Sequential:
    ink = nn.Conv2d(middle, 1, 1)
    nn.init.constant_(ink.bias, INK_LOG_ODDS)  # type: ignore[arg-type]
    return nn.Sequential(_conv_norm_relu(channels, middle), ink)


def _resize(x: Tensor, like: Tensor, *, mode: str = "bilinear") -> Tensor:
    """Resize to the height and width of another tensor: halves of odd sizes differ by a pixel."""
    if x.shape[2:] == like.shape[2:]:
        return x
    return F.interpolate(x, like.shape[2:], mode=mode, align_corners=False if mode == "bilinear" else None)
