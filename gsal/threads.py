"""How threads of numeric libraries wait for each other."""

import os

__all__ = ["patient_threads"]


def patient_threads() -> None:
    """Let OpenMP threads sleep at a barrier instead of spinning; call it before torch is imported.

    Where another program holds a core, two spinning threads share the other and take turns by time slice:
    on two busy cores that made a forward pass three to eight times slower than one thread. Sleeping costs
    nothing measurable on idle ones. Whoever set the variable knows better.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
