"""Training of the networks, and what they say about pictures."""

from gsal.models import torchvision_compat  # before any module of the package imports torchvision

__all__ = ["torchvision_compat"]
