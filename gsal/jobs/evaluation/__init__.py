"""Masks measured against human ones: what is compared, the figures, and their words."""
