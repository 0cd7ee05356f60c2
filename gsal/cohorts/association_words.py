"""What an association of ink with class means, in a sentence; and whether it is a warning."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan

from gsal.cohorts.association import Association, Estimate

__all__ = ["Finding", "finding", "p_text"]

_CHANCE = 0.05
_NOTABLE_V = 0.1
_DANGER = "A classifier trained on this cohort can learn ink in place of the lesion."


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence or two.

    Attributes:
        is_warning: Whether ink and class are associated, so that a classifier can make use of ink.
    """

    text: str
    is_warning: bool


def finding(association: Association) -> Finding:
    """Say whether ink goes with the class, and in which classes.

    Warned of is what chance does not explain (p < .05), and what is large (V of .1 or more) in these very
    pictures: a network learns from them, and asks for no significance.
    """
    v, p = association.cramers_v, association.chi_square.p
    if isnan(v.estimate):
        return Finding(
            "Ink cannot go with the class here: all pictures have ink, or none has, or there is one class.",
            is_warning=False,
        )
    figures = f"Cramer's V {_interval(v)}, {p_text(p)}"
    if p < _CHANCE:
        which = _which(association.odds_ratios)
        return Finding(f"Ink goes with the class ({figures}){which}. {_DANGER}", is_warning=True)
    if v.estimate >= _NOTABLE_V:
        return Finding(
            f"Ink rates differ between the classes ({figures}). Chance alone could explain it; in these "
            f"pictures they differ all the same. {_DANGER}",
            is_warning=True,
        )
    return Finding(f"Ink does not go with the class, as far as can be seen ({figures}).", is_warning=False)


def p_text(p: float) -> str:
    """Return a p value as it is printed.

    >>> p_text(0.0321), p_text(0.00004)
    ('p = .032', 'p < .001')
    """
    return "p < .001" if p < 0.001 else f"p = {p:.3f}".replace("0.", ".", 1)


def _which(ratios: Mapping[str, Estimate]) -> str:
    """Name the classes whose interval leaves out 1, the most inked first."""
    known = sorted(((name, ratio) for name, ratio in ratios.items()), key=lambda item: -item[1].estimate)
    more = [f"{name} (odds × {ratio.estimate:.2g})" for name, ratio in known if ratio.low > 1]
    less = [f"{name} (× {ratio.estimate:.2g})" for name, ratio in known if ratio.high < 1]
    parts = [
        f"more often in {', '.join(more)}" if more else "",
        f"less often in {', '.join(less)}" if less else "",
    ]
    said = "; ".join(part for part in parts if part)
    return f": {said} than in the others" if said else ""


def _interval(figure: Estimate) -> str:
    return f"{figure.estimate:.2f} ({figure.low:.2f}–{figure.high:.2f})"
