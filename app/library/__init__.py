"""The pictures of a project."""
