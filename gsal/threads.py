"""How many threads numeric libraries take, and how they wait for each other."""

import os

__all__ = ["share_cores"]


def share_cores() -> None:
    """Leave one core to the window and to others; call it before torch is imported.

    OpenMP's threads spin at barriers: where another program holds a core, two of them share the other and
    take turns by time slice. On two busy cores two threads made a forward pass three to eight times slower
    than one; on two idle ones the demo was 4 % faster. Whoever set the variables knows better.
    """
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 2) - 1)))
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
