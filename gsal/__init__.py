"""Global saliency: does a skin-lesion classifier look at ink, and how much does that cost?"""

from gsal.version import __version__

__all__ = ["__version__"]
