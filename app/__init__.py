"""The window: pages that lay out and connect, on a library that knows no Qt."""
