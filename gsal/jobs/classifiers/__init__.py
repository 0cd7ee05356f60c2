"""Classifiers trained on a cohort."""
