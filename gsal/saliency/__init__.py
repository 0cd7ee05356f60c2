"""Saliency maps of classifiers and their aggregation on ink; importing this package does not import torch."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gsal.saliency.cam import grad_cam
    from gsal.saliency.competitive import competitive_gradient_input

__all__ = ["competitive_gradient_input", "grad_cam"]

_HOMES = {"grad_cam": "gsal.saliency.cam", "competitive_gradient_input": "gsal.saliency.competitive"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - PEP 562
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
