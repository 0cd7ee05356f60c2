"""Whether there is a screen that a window could be shown on."""

import os
import sys

__all__ = ["has_display"]


def has_display() -> bool:
    """Return whether a window can be shown; elsewhere than on macOS and Windows the session has to say so."""
    if sys.platform in {"darwin", "win32"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
