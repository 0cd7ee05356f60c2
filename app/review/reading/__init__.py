"""One reader at one picture: opening it, keeping what is done to it."""
