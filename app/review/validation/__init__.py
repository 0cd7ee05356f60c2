"""Choosing and locking the pictures that networks are judged on."""
