"""Networks that forget what they learned, from the last layer to the first (Adebayo et al. 2018)."""

import copy
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from gsal.models.abilities import require
from gsal.records import Ability
from gsal.saliency.frozen import check_images, check_logits, frozen

__all__ = ["Stage", "cascade", "stages"]

_TRUNK_SHARE = 3 / 4


@dataclass(frozen=True, slots=True)
class Stage:
    """Layers that are randomised together.

    Attributes:
        name: Dotted, of the module that holds them all.
        modules: Dotted names of those that have parameters of their own.
    """

    name: str
    modules: tuple[str, ...]


def stages(model: nn.Module, images: Tensor) -> tuple[Stage, ...]:
    """Return the layers of a network from its logits to its input.

    A stage is a child of the network, or of the child that holds three quarters of its layers: for a DenseNet
    these are its classifier, the last norm, and its blocks and transitions one by one.

    Args:
        model: A classifier; it is left as it was.
        images: (N, channels, H, W), normalised; their way through the network gives the order.

    Raises:
        ModelError: The model hides its layers.
    """
    require(model, Ability.ACTIVATIONS)
    order = _in_order(model, images)
    trunk = _trunk(order)
    members: dict[str, list[str]] = {}
    for name in reversed(order):
        members.setdefault(_holder(name, trunk), []).append(name)
    return tuple(Stage(name, tuple(held)) for name, held in members.items())


def cascade(model: nn.Module, images: Tensor, *, seed: int) -> Iterator[tuple[str, nn.Module]]:
    """Yield a stage's name and a copy of the network in which that stage and all above it are randomised.

    A layer draws new parameters as it did when it was made, by its own `reset_parameters`; batch norms forget
    their statistics too. Parameters of other modules are shuffled.

    Args:
        model: A classifier; it is left as it was.
        images: As in `stages`.
        seed: Of the draws.

    Raises:
        ModelError: The model hides its layers.
    """
    copied = copy.deepcopy(model)
    for number, stage in enumerate(stages(model, images)):
        drawn_from = np.random.SeedSequence([seed, number]).generate_state(1, np.uint64)
        with torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(int(drawn_from[0]))
            for name in stage.modules:
                _randomise(copied.get_submodule(name))
        yield stage.name, copied


def _in_order(model: nn.Module, images: Tensor) -> list[str]:
    """Return the modules with parameters of their own as pictures last come to them."""
    owners = {name: m for name, m in model.named_modules() if any(True for _ in m.parameters(recurse=False))}
    seen: list[str] = []
    handles = [
        module.register_forward_pre_hook(lambda *_, name=name: seen.append(name))
        for name, module in owners.items()
    ]
    try:
        check_images(images)
        with frozen(model), torch.inference_mode():
            check_logits(model(images))
    finally:
        for handle in handles:
            handle.remove()
    return list(dict.fromkeys(reversed(seen)))[::-1]


def _trunk(names: Sequence[str]) -> tuple[str, ...]:
    """Return the way to the module whose children are the stages.

    >>> _trunk(["features.conv0", "features.block1.conv", "features.block2.conv", "classifier"])
    ('features',)
    """
    trunk: tuple[str, ...] = ()
    inside = [tuple(name.split(".")) for name in names]
    while True:
        children = Counter(parts[len(trunk)] for parts in inside if len(parts) > len(trunk) + 1)
        child, held = children.most_common(1)[0] if children else ("", 0)
        if held < _TRUNK_SHARE * len(inside) or not held:
            return trunk
        trunk = (*trunk, child)
        inside = [parts for parts in inside if parts[: len(trunk)] == trunk]


def _holder(name: str, trunk: tuple[str, ...]) -> str:
    """Return the stage that a module belongs to.

    >>> _holder("features.block1.conv", ("features",)), _holder("classifier", ("features",))
    ('features.block1', 'classifier')
    """
    parts = tuple(name.split("."))
    shared = next((k for k, part in enumerate(trunk) if parts[k : k + 1] != (part,)), len(trunk))
    return ".".join(parts[: shared + 1])


@torch.no_grad()
def _randomise(module: nn.Module) -> None:
    # On the processor, so that a seed means the same networks on every device.
    own = next(module.parameters(recurse=False))
    device = own.device
    module.to("cpu")
    reset = getattr(module, "reset_parameters", None)
    if callable(reset):
        reset()
    else:
        for parameter in module.parameters(recurse=False):
            order = torch.randperm(parameter.numel())
            parameter.copy_(parameter.flatten()[order].view_as(parameter))
    module.to(device)
