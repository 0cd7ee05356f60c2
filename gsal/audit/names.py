"""What methods and numbers are called in sentences, tables and figures."""

import math

__all__ = [
    "LEVEL_TEXT",
    "PERCENT",
    "interval_text",
    "method_name",
    "number_text",
    "p_text",
    "percent_text",
    "significant_text",
    "variant_name",
]

PERCENT = "\N{NO-BREAK SPACE}%"

LEVEL_TEXT = f"95{PERCENT}"
"""Of every interval."""

_METHODS = {
    "grad-cam": "Grad-CAM",
    "competitive-gradient-input": "competitive gradient × input",
    "gradient": "gradient",
    "gradient-input": "gradient × input",
    "smoothgrad": "SmoothGrad",
    "integrated-gradients": "integrated gradients",
    "guided-grad-cam": "guided Grad-CAM",
    "occlusion": "occlusion",
    "random": "random map (control)",
    "sobel": "Sobel edges (control)",
}

_VARIANTS = {
    "original": "as it is",
    "ablated": "all but the ink painted over",
    "ablated-data-set-mean": "all but the ink painted over alike",
    "ink-inpainted": "ink painted over",
    "ink-blurred": "ink blurred",
    "ink-free-crop": "ink cropped off",
    "ink-pasted": "ink pasted in",
}


def variant_name(slug: str) -> str:
    """Return what was done to a picture, for people; an unknown slug stays as it is."""
    return _VARIANTS.get(slug, slug)


def method_name(slug: str) -> str:
    """Return the method's name for people; an unknown slug stays as it is."""
    return _METHODS.get(slug, slug)


def number_text(value: float, digits: int = 2) -> str:
    """Write a number with a true minus sign; "–" when undefined; never a negative zero.

    >>> number_text(-0.257), number_text(-0.001), number_text(float("nan"))
    ('−0.26', '0.00', '–')
    """
    if not math.isfinite(value):
        return "–"
    return f"{value:z.{digits}f}".replace("-", "−")


def significant_text(value: float) -> str:
    """Write a number whose size is not known beforehand with two significant digits; "–" when undefined.

    >>> significant_text(0.00712), significant_text(-12.3), significant_text(float("nan"))
    ('0.0071', '−12', '–')
    """
    return f"{value:.2g}".replace("-", "−") if math.isfinite(value) else "–"


def percent_text(value: float) -> str:
    """Write a share as whole percent.

    >>> percent_text(0.256).split()
    ['26', '%']
    """
    return f"{number_text(100 * value, 0)}{PERCENT}" if math.isfinite(value) else "–"


def interval_text(low: float, high: float, digits: int = 2) -> str:
    """Write a 95 % interval.

    >>> interval_text(0.1, 0.3)
    '0.10 to 0.30'
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return "undefined"
    return f"{number_text(low, digits)} to {number_text(high, digits)}"


def p_text(p_value: float) -> str:
    """Write a P value.

    >>> p_text(0.0312), p_text(0.00004), p_text(float("nan"))
    ('P = 0.031', 'P < 0.001', 'P undefined')
    """
    if not math.isfinite(p_value):
        return "P undefined"
    return "P < 0.001" if p_value < 0.001 else f"P = {number_text(p_value, 3)}"
