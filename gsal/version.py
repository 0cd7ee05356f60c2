"""The version of the program, stored beside whatever it writes."""

__version__ = "0.1.0"
