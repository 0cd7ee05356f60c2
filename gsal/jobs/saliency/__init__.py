"""Saliency over a whole data set."""
