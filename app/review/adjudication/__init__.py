"""Two readers and a third mask: both, their difference, and how well they agree."""
