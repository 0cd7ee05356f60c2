"""Long tasks beside the window: a thread that reports, and the one object that owns such threads."""
