"""Masks side by side, in one shared view."""
