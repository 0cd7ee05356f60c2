"""Editing a mask without a window: brushes, tools, undo."""
