"""What a number of pictures is worth: the interval that it will give, in words."""

from gsal.cohorts.validation import wilson_half_width

__all__ = ["precision_text"]

_SHARES = (0.95, 0.9)


def precision_text(n: int) -> str:
    """Say how exactly n pictures will tell two likely shares (Wilson's 95 % interval).

    >>> precision_text(150)
    'if 95 % are right this is known to ± 3.7 %, if 90 % are right to ± 4.8 %.'
    """
    if n < 1:
        return "nothing can be said."
    first, second = (f"± {100 * wilson_half_width(share, n):.1f} %" for share in _SHARES)
    return (
        f"if {100 * _SHARES[0]:.0f} % are right this is known to {first}, "
        f"if {100 * _SHARES[1]:.0f} % are right to {second}."
    )
