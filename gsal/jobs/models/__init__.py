"""Classifiers as files: a user's own model, its card and check, and the ones trained here."""
