"""Whether a network is torchvision's DenseNet to the last module, so that its passes are known."""

from itertools import count

from torch import nn

from gsal.models import torchvision_compat  # noqa: F401 - before torchvision

from torchvision.models import DenseNet  # isort: skip
from torchvision.models.densenet import _DenseBlock, _DenseLayer, _Transition  # isort: skip

__all__ = ["is_plain"]


def is_plain(model: DenseNet) -> bool:
    """Say whether nothing about a DenseNet is its user's own: no other module, no hook, no forward.

    Any size is plain: growth, blocks, channels and classes may be what they like.
    """
    if not _is_own(model, DenseNet) or any(map(_is_hooked, model.modules())):
        return False
    features, classifier = model.features, model.classifier
    if type(classifier) is not nn.Linear or type(features) is not nn.Sequential:
        return False
    if "bias" not in dict(classifier.named_parameters()):
        return False
    names = ["conv0", "norm0", "relu0", "pool0"]
    for number in count(1):
        names.append(f"denseblock{number}")
        if not hasattr(features, f"transition{number}"):
            break
        names.append(f"transition{number}")
    names.append("norm5")
    return [name for name, _ in features.named_children()] == names and all(
        _is_expected(name, module) for name, module in features.named_children()
    )


def _is_expected(name: str, module: nn.Module) -> bool:
    if name == "conv0":
        return _is_conv(module, kernel=7, stride=2, padding=3)
    if name.startswith("norm"):
        return _is_norm(module)
    if name == "relu0":
        return type(module) is nn.ReLU
    if name == "pool0":
        return _is_max_pool(module)
    if name.startswith("denseblock"):
        return _is_own(module, _DenseBlock) and all(map(_is_layer, module.children()))
    return _is_transition(module)


def _is_layer(layer: _DenseLayer) -> bool:
    return (
        _is_own(layer, _DenseLayer)
        and _is_norm(layer.norm1)
        and _is_conv(layer.conv1, kernel=1, stride=1, padding=0)
        and _is_norm(layer.norm2)
        and _is_conv(layer.conv2, kernel=3, stride=1, padding=1)
        and type(layer.relu1) is type(layer.relu2) is nn.ReLU
    )


def _is_transition(module: _Transition) -> bool:
    return (
        _is_own(module, _Transition)
        and [name for name, _ in module.named_children()] == ["norm", "relu", "conv", "pool"]
        and _is_norm(module.norm)
        and type(module.relu) is nn.ReLU
        and _is_conv(module.conv, kernel=1, stride=1, padding=0)
        and type(module.pool) is nn.AvgPool2d
        and (module.pool.kernel_size, module.pool.stride, module.pool.padding) == (2, 2, 0)
    )


def _is_conv(module: nn.Module, *, kernel: int, stride: int, padding: int) -> bool:
    return (
        type(module) is nn.Conv2d
        and module.bias is None
        and module.groups == 1
        and module.dilation == (1, 1)
        and module.padding_mode == "zeros"
        and module.kernel_size == (kernel, kernel)
        and module.stride == (stride, stride)
        and module.padding == (padding, padding)
    )


def _is_norm(module: nn.Module) -> bool:
    return type(module) is nn.BatchNorm2d and module.affine and module.track_running_stats


def _is_max_pool(module: nn.Module) -> bool:
    return type(module) is nn.MaxPool2d and (
        module.kernel_size,
        module.stride,
        module.padding,
        module.dilation,
        module.ceil_mode,
    ) == (3, 2, 1, 1, False)


def _is_own(module: nn.Module, kind: type[nn.Module]) -> bool:
    return type(module) is kind and "forward" not in vars(module)


def _is_hooked(module: nn.Module) -> bool:
    hooks = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks")
    return any(getattr(module, name) for name in hooks)
