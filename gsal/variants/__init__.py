"""What can be done to a picture's ink before a network sees it: plain functions of picture and mask.

They answer what a saliency map cannot: whether the network answers otherwise without the ink, or without all
else.
"""

from gsal.variants.ablation import ablate, mean_colour
from gsal.variants.blurring import blur
from gsal.variants.cropping import LEAST_SHARE, Rectangle, crop, find_crop, largest_free_rectangle
from gsal.variants.inpainting import inpaint
from gsal.variants.margin import widened
from gsal.variants.pasting import choose_donor, paste

__all__ = [
    "LEAST_SHARE",
    "METHODS_VERSION",
    "Rectangle",
    "ablate",
    "blur",
    "choose_donor",
    "crop",
    "find_crop",
    "inpaint",
    "largest_free_rectangle",
    "mean_colour",
    "paste",
    "widened",
]

METHODS_VERSION = 1
"""Of the functions here. Whoever changes what they give raises it: what rests on the old ones is stale."""
