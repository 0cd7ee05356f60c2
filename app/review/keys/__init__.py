"""The keys of the review, and changing them."""
