"""Saliency methods side by side, and what ink really does to answers."""
