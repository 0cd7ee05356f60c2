"""The picture with its mask, on the screen."""
