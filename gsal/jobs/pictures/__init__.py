"""Photographs: brought in, decoded once, changed in their ink, chosen by label."""
