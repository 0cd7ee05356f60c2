"""Batch normalisation folded into the convolution before it: the same in fewer passes over memory."""

import copy
from itertools import pairwise

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

__all__ = ["fold"]


def fold(module: nn.Module) -> nn.Module:
    """Return a copy in evaluation mode whose batch norms are part of the convolutions before them.

    A batch norm is folded where it is registered right after a convolution of as many channels in the same
    parent, which in these networks is also what it is applied to; whoever folds a network compares it with
    the original (`gsal.runtimes.agreement`).
    """
    folded = copy.deepcopy(module).eval()
    for parent in list(folded.modules()):
        for (conv_name, conv), (norm_name, norm) in pairwise(list(parent.named_children())):
            if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d) and _fit(conv, norm):
                setattr(parent, conv_name, fuse_conv_bn_eval(conv, norm))
                setattr(parent, norm_name, nn.Identity())
    return folded


def _fit(conv: nn.Conv2d, norm: nn.BatchNorm2d) -> bool:
    return norm.track_running_stats and conv.out_channels == norm.num_features
