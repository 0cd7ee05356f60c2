"""The lines under the figures: each model's numbers, and whether they rest on all pictures yet."""

from collections.abc import Callable, Mapping, Sequence

from app.audit.collected import Collected
from app.audit.figures import ModelFigures
from gsal.audit.names import number_text
from gsal.audit.shortfall import Kind, Shortfall

__all__ = ["shortfalls", "summaries"]

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
    told = f"{figures.model}: {numbers}; {s.n} pictures with ink of {figures.pictures}.{so_far}"
    return f"{told}{_placebo(figures)}"


def _placebo(figures: ModelFigures) -> str:
    """Say of how many of the pictures the placebo is, where it is not of all."""
    n, placebo = figures.summary.n, figures.placebo
    if placebo is None or placebo.lines[0].response.n == n:
        return ""
    return f" The placebo is of {placebo.lines[0].response.n} of the {n} with ink."


def shortfalls(
    collected: Collected, begun: Sequence[tuple[str, str]], expected: Mapping[str, int]
) -> tuple[Shortfall, ...]:
    """Return what an audit would leave out: runs that still lack pictures, and models without any run.

    Args:
        collected: What there is.
        begun: Model and method of every run, also of those without a picture yet.
        expected: Of each model, the pictures of a complete run.
    """
    counts = [(model, method, collected.count(model, method)) for model, method in begun]
    unfinished = [
        Shortfall(Kind.SALIENCY, model, method, n, expected.get(model, 0))
        for model, method, n in counts
        if n < expected.get(model, 0)
    ]
    unbegun = [model for model in expected if model not in {name for name, _ in begun}]
    return (*unfinished, *(Shortfall(Kind.SALIENCY, model, "", 0, expected[model]) for model in unbegun))
