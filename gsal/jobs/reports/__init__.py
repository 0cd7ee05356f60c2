"""An audit as one file to hand over."""
