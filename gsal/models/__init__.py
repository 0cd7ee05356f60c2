"""Networks: the segmenter, the classifiers, a user's own, and the files they are kept in."""

from gsal.models import torchvision_compat  # before any module of the package imports torchvision

__all__ = ["torchvision_compat"]
