"""Numbers as cells of a table, with their interval beneath."""

import math
from collections.abc import Sequence

from gsal.audit.names import interval_text, number_text, p_text, percent_text
from gsal.reports.document import Cell

__all__ = ["UNKNOWN", "count", "counts", "estimate", "number", "p_value", "share"]

UNKNOWN = "–"


def estimate(value: float, low: float, high: float, digits: int = 2) -> Cell:
    """Return a number and its interval; a dash alone where it is undefined."""
    return Cell(number_text(value, digits), interval_text(low, high, digits) if math.isfinite(value) else "")


def share(value: float, low: float, high: float) -> Cell:
    """Return a share in percent and its interval; a dash alone where it is undefined."""
    return Cell(percent_text(value), interval_text(100 * low, 100 * high, 0) if math.isfinite(value) else "")


def number(value: float, digits: int = 2) -> Cell:
    """Return a number that has no interval; a dash where it is undefined."""
    return Cell(number_text(value, digits))


def p_value(value: float) -> Cell:
    """Return a P value; a dash where it is undefined."""
    return Cell(p_text(value).removeprefix("P = ").removeprefix("P ") if math.isfinite(value) else UNKNOWN)


def count(n: int | None) -> Cell:
    """Return a count; a dash where it is unknown."""
    return Cell(UNKNOWN if n is None else str(n))


def counts(of_series: Sequence[int]) -> str:
    """Return the pictures of a row of a figure: one number, or from the least to the most.

    >>> counts([7, 7]), counts([9, 7, 8])
    ('n 7', 'n 7–9')
    """
    if not of_series:
        return ""
    low, high = min(of_series), max(of_series)
    return f"n {low}" if low == high else f"n {low}–{high}"
