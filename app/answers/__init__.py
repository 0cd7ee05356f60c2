"""How good classifiers' answers are, with and without ink, and what they see."""
