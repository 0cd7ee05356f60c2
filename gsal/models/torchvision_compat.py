"""Makes torchvision importable beside a torch that its compiled part was not linked against.

A CPU build of torch may stand beside a torchvision linked against CUDA (pip chooses them apart). The compiled
part of torchvision then fails to load in silence, its operators stay undeclared, and the first import ends in
"operator torchvision::nms does not exist". Nothing of this program calls these operators: declaring them is
enough. Whatever imports torchvision, directly or not, imports this module first (its package does, so any
import from gsal.models will do).
"""

import contextlib
import importlib

import torch

__all__ = ["DECLARED"]

_SCHEMAS = {
    name: f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor" for name in ("nms", "qnms")
}
_library = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]


def _declare_missing() -> tuple[str, ...]:
    missing = tuple(name for name in _SCHEMAS if not hasattr(torch.ops.torchvision, name))
    for name in missing:
        _library.define(_SCHEMAS[name])  # type: ignore[no-untyped-call]
    return missing


def _import_torchvision() -> tuple[str, ...]:
    # Declared only after the import failed: a sound pair declares the operators itself, and only once.
    with contextlib.suppress(RuntimeError):
        importlib.import_module("torchvision")
        return ()
    declared = _declare_missing()
    importlib.import_module("torchvision")
    return declared


DECLARED: tuple[str, ...] = _import_torchvision()
"""Names of the operators that had to be declared; empty for a sound pair of packages."""
