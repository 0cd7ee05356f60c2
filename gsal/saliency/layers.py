"""Which layer of a network Grad-CAM looks at, and whether its maps come without a backward pass."""

from dataclasses import dataclass

from torch import Tensor, nn

from gsal.errors import ModelError
from gsal.models import torchvision_compat  # noqa: F401 - before torchvision
from gsal.models.abilities import require
from gsal.records import Ability

from torchvision.models import DenseNet, ResNet  # isort: skip

__all__ = ["CamLayer", "find_layer"]

_LAST_MAPS = (
    "permute",  # of Swin transformers, whose features have their channels last until then
    "features",
    "layer4",
    "trunk_output",
    "conv5",
    "layers",
    "inception5b",
    "Mixed_7c",
    "blocks.3",
)
"""Modules that give the last feature maps, by torchvision's names; the first that a network has is taken."""


@dataclass(frozen=True, slots=True, eq=False)
class CamLayer:
    """A layer of a network, as Grad-CAM needs it.

    Attributes:
        name: What it is stored as ("norm5" for the post-ReLU features of a DenseNet).
        module: Its output are the feature maps A.
        linear: The classifier, if logits are exactly linear(average over pixels of relu(A)): alpha is then
            W / (hw) and no backward pass is needed. None otherwise.
        bias: b_c in the completeness identity sum + b_c = z_c; None where there is no such constant.
    """

    name: str
    module: nn.Module
    linear: nn.Linear | None
    bias: Tensor | None


def find_layer(model: nn.Module, name: str | None = None) -> CamLayer:
    """Return the named layer, by default the last feature maps.

    Args:
        model: Any network with convolutions.
        name: A module's dotted name; for a DenseNet also without "features." ("denseblock4"), where "norm5"
            stands for its output after the ReLU that follows (SPEC 7).

    Raises:
        ModelError: There is no such layer, no default for this architecture, or the model hides its layers.
    """
    require(model, Ability.ACTIVATIONS)
    head = _pooled_head(model)
    if head is not None and name in {None, head.name}:
        return head
    modules = dict(model.named_modules())
    wanted = name or next((known for known in _LAST_MAPS if known in modules), None)
    if wanted is None:
        raise ModelError(
            f"Grad-CAM needs the name of a layer of this {type(model).__name__}: {_choices(model)}."
        )
    module = modules.get(wanted, modules.get(f"features.{wanted}"))
    if module is None:
        raise ModelError(f"{type(model).__name__} has no layer {wanted!r}; it has {_choices(model)}.")
    return CamLayer(wanted, module, None, head.bias if head else None)


def _pooled_head(model: nn.Module) -> CamLayer | None:
    """Return the last maps of a network that ends in relu, global average pool, linear, and nothing else."""
    if isinstance(model, DenseNet) and _is_own(model.forward, DenseNet.forward):
        name, features, linear = "norm5", model.features, model.classifier
    elif (
        isinstance(model, ResNet) and _is_own(model.forward, ResNet.forward) and _pools_to_one(model.avgpool)
    ):
        name, features, linear = "layer4", model.layer4, model.fc
    else:
        return None
    return CamLayer(name, features, linear, linear.bias) if isinstance(linear, nn.Linear) else None


def _is_own(method: object, function: object) -> bool:
    # A subclass, or a network patched by its user, may do anything in a forward of its own.
    return getattr(method, "__func__", None) is function


def _pools_to_one(pool: nn.Module) -> bool:
    return isinstance(pool, nn.AdaptiveAvgPool2d) and pool.output_size in {1, (1, 1)}


def _choices(model: nn.Module) -> str:
    names = [name for name, _ in model.named_modules() if name and name.count(".") < 2]
    return ", ".join(names[:40])
