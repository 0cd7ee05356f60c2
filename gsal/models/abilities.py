"""What a network can be asked for, whatever its file was."""

from torch import nn

from gsal.errors import ModelError
from gsal.records import Ability

__all__ = ["abilities", "require"]

_HIDDEN = {
    Ability.LOGITS: "It gives no answers.",
    Ability.INPUT_GRADIENTS: (
        "Gradients with respect to the picture are needed, and an ONNX file gives answers only. Occlusion "
        "can explain it; a state_dict, TorchScript or torch.export program has gradients."
    ),
    Ability.ACTIVATIONS: (
        "Inner layers have to be watched, and a program (TorchScript, torch.export, ONNX) hides its own. "
        "A state_dict of the same network has them."
    ),
}


def abilities(model: nn.Module) -> frozenset[Ability]:
    """Return what a model can be asked for: all of it, unless it says itself that it can do less."""
    found: frozenset[Ability] = getattr(model, "abilities", frozenset(Ability))
    return found


def require(model: nn.Module, ability: Ability) -> None:
    """Refuse a model that lacks an ability, before anything is computed.

    Raises:
        ModelError: It lacks it; the text says why, and what has it.
    """
    if ability not in abilities(model):
        raise ModelError(_HIDDEN[ability])
