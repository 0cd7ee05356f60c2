"""How many threads numeric libraries take, and how they wait for each other."""

import os

__all__ = ["share_cores"]


def share_cores() -> None:
    """Leave one core to the window and to others; call it before torch is imported.

    OpenMP's threads spin at barriers: where another program holds a core, two of them share the other and
    take turns by time slice, which is many times slower than one thread alone, while on two idle cores a
    second thread gains little. Whoever set the variables knows better.
    """
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 2) - 1)))
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
