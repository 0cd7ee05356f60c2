"""How a method of many passes tells how far it is, and can be stopped, without a hook on the network."""

from collections.abc import Callable

__all__ = ["Follow", "unfollowed"]

Follow = Callable[[int], None]
"""Is told, before a forward pass, how many pictures go through it; what it raises ends the method.

A hook on the network would do as well, but a network with hooks is explained by automatic differentiation
(`gsal.saliency.backends`): to follow it would change its numbers and its speed.
"""


def unfollowed(pictures: int) -> None:
    """Follow nothing."""
    del pictures
