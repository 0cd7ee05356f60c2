"""Exact quotas: how many of n pictures a rate stands for."""

from fractions import Fraction

__all__ = ["exact", "quota"]


def exact(rate: float | Fraction) -> Fraction:
    """Return the rate as the decimal number it is written as, free of binary rounding.

    >>> exact(0.145) * 100
    Fraction(29, 2)
    """
    return rate if isinstance(rate, Fraction) else Fraction(str(float(rate)))


def quota(rate: float | Fraction, n: int) -> int:
    """Return floor(rate * n + 1/2), halves rounded up (SPEC 5), in exact arithmetic.

    >>> quota(0.145, 100), quota(0.5, 3)
    (15, 2)
    """
    return int(exact(rate) * n + Fraction(1, 2))
