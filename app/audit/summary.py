"""The lines under the figures: each model's numbers, and whether they rest on all pictures yet."""

from collections.abc import Callable, Mapping, Sequence

from app.audit.collected import Collected
from app.audit.figures import ModelFigures
from gsal.audit.names import number_text

__all__ = ["shortfall", "summaries"]

_MOST_LINES = 3


def summaries(figures: Sequence[ModelFigures], expected: Callable[[str], int]) -> str:
    """Return a line for each of a few models; `expected` tells the pictures of a complete run."""
    lines = [summary(one, expected(one.model)) for one in figures]
    if len(lines) <= _MOST_LINES:
        return "\n".join(lines)
    return f"{len(lines)} models: choose one above to read its figures."


def summary(figures: ModelFigures, expected: int) -> str:
    """Return one model's line; `expected` are the validation pictures of its classes."""
    s = figures.summary
    so_far = f" {figures.pictures} of {expected} pictures so far." if figures.pictures < expected else ""
    if not s.n:
        return f"{figures.model}: {figures.pictures} pictures, none with ink yet.{so_far}"
    parts = {"AURRAC": s.aurrac, "chance": s.accuracy, "oracle": s.oracle, "normalised": s.aurrac_normalised}
    numbers = ", ".join(f"{name} {number_text(value, 3)}" for name, value in parts.items())
    return f"{figures.model}: {numbers}; {s.n} pictures with ink of {figures.pictures}.{so_far}"


def shortfall(collected: Collected, begun: Sequence[tuple[str, str]], expected: Mapping[str, int]) -> str:
    """Return which model and method still lacks pictures, for people; "" if none does.

    Args:
        collected: What there is.
        begun: Model and method of every run, also of those without a picture yet.
        expected: Validation pictures of each model's classes.
    """
    for model, method in begun:
        count = collected.count(model, method)
        if count < expected.get(model, 0):
            return f"{model}, {method}: {count} of {expected[model]} pictures so far"
    return ""
