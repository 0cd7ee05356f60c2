"""LR-ASPP on MobileNetV3, the light ink segmenter: a quarter of BiSeNet's parameters.

Howard et al., "Searching for MobileNetV3", ICCV 2019, section 6.4, as in torchvision, with one ink logit per
pixel. Any input size and any batch size works.
"""

from functools import partial
from typing import ClassVar, Self

import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.models import mobilenet_v3_large
from torchvision.models.segmentation.lraspp import LRASPPHead
from typing_extensions import override

from gsal.models.segmenter import INK_LOG_ODDS, BatchNorm, Logits, Segmenter

__all__ = ["LrAspp"]

_LOW, _LOW_CHANNELS = 4, 40  # the first block at 1/8
_HIGH_CHANNELS = 960  # the last layer, at 1/16
_MIDDLE_CHANNELS = 128


class LrAspp(Segmenter):
    """Fine features at 1/8 beside coarse ones at 1/16 that a global gate weighs; no auxiliary heads."""

    imagenet: ClassVar[str] = "mobilenet_v3_large"

    def __init__(self) -> None:
        super().__init__()
        # The constants are those of torchvision's MobileNetV3.
        norm = partial(BatchNorm, eps=0.001, momentum=0.01)
        self.backbone: nn.Module = mobilenet_v3_large(weights=None, dilated=True, norm_layer=norm)
        self.backbone.classifier = nn.Identity()
        self.head = LRASPPHead(_LOW_CHANNELS, _HIGH_CHANNELS, 1, _MIDDLE_CHANNELS)
        self.head.cbr[1] = BatchNorm(_MIDDLE_CHANNELS)
        # Both classifiers are added up.
        nn.init.constant_(self.head.low_classifier.bias, INK_LOG_ODDS)
        nn.init.zeros_(self.head.high_classifier.bias)

    @property
    @override
    def classification(self) -> nn.Module:
        return self.backbone

    @override
    def forward(self, x: Tensor) -> Logits:
        low = high = x
        for index, layer in enumerate(self.backbone.get_submodule("features").children()):
            high = layer(high)
            low = high if index <= _LOW else low
        logits: Tensor = self.head({"low": low, "high": high})
        logits = F.interpolate(logits, x.shape[2:], mode="bilinear", align_corners=False)
        return (logits,) if self.training else logits

    @override
    def deploy(self) -> Self:
        """Return self in evaluation mode: nothing is there for training only."""
        return self.eval()
