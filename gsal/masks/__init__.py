"""Ink masks: rules that propose them, how they are kept, and how they are compared."""
