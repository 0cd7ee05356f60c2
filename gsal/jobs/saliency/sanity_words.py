"""A sanity check as sentences and rows, the same in the terminal and in the window."""

from gsal.audit.names import interval_text, method_name, number_text
from gsal.records import SaliencyMethod
from gsal.saliency.sanity import STRONG, Estimate, MethodSanity, Outcome

__all__ = ["REPLACING", "stage_rows", "standing_words", "verdict_words"]

Rows = tuple[tuple[str, ...], list[tuple[str, ...]]]
"""Titles of columns, and rows of cells."""


REPLACING = (
    "Of several checks of a network each method's strongest is shown: a later one on fewer pictures or fewer "
    "draws does not replace one on more."
)
"""Which check is shown."""


def verdict_words(checked: MethodSanity) -> str:
    """Return the verdict on a method and what it rests on, for people."""
    return f"{_verdict(checked)} {_basis(checked)}"


def standing_words(standing: MethodSanity) -> str:
    """Say that an earlier check stands in place of one on fewer pictures or draws."""
    return f"An earlier check on {_counts(standing)} stands: {standing.outcome}."


def _basis(checked: MethodSanity) -> str:
    """Say how many pictures and draws a verdict rests on, and in how many pictures it is defined.

    >>> from gsal.saliency.sanity import StageSimilarity
    >>> one = Estimate(0.1, 0.0, 0.2, 14)
    >>> last = StageSimilarity("conv", one, one, one)
    >>> found = MethodSanity(SaliencyMethod.GRADIENT, "", "", (last,), Outcome.PASSES, pictures=16, draws=1)
    >>> _basis(found)
    'It rests on 16 pictures and 1 draw of new parameters; in 2 of the pictures maps are constant.'
    """
    undefined = checked.pictures - checked.decisive.n
    constant = f"; in {undefined:,} of the pictures maps are constant" if undefined else ""
    return f"It rests on {_counts(checked)} of new parameters{constant}."


def _counts(checked: MethodSanity) -> str:
    pictures = f"{checked.pictures:,} picture{'' if checked.pictures == 1 else 's'}"
    return f"{pictures} and {checked.draws:,} draw{'' if checked.draws == 1 else 's'}"


def _verdict(checked: MethodSanity) -> str:
    name = method_name(checked.method)
    if checked.outcome is Outcome.CHANGES_BY_ITSELF:
        return f"The {name} changes by itself: it does not look at the network, and is no saliency method."
    if checked.method is SaliencyMethod.SOBEL and checked.outcome is Outcome.FAILS:
        return f"{name}: fails, as it has to. Its maps are the same whatever the network learned."
    name = name[0].upper() + name[1:]
    decisive = checked.decisive
    if not decisive.n:
        return f"{name}: undecided. The maps of the network that forgot everything are constant."
    correlation = f"correlate {_estimate_text(decisive)} with those it had"
    if checked.outcome is Outcome.FAILS:
        return (
            f"{name}: fails. The maps of the network that forgot everything still {correlation}: they show "
            "the picture rather than what the network learned."
        )
    if checked.outcome is Outcome.PASSES:
        return f"{name}: passes. The maps of the network that forgot everything {correlation}."
    return (
        f"{name}: undecided. The maps of the network that forgot everything {correlation}, and "
        f"{number_text(STRONG, 1)} is the limit; more pictures would tell."
    )


def stage_rows(checked: MethodSanity) -> Rows:
    """Return how alike a method's maps are to the original ones, by what was randomised last."""
    titles = ("Randomised down to", "Rank correlation", "Of absolute values", "Structural similarity")
    return titles, [
        (one.stage, *map(_estimate_text, (one.spearman, one.spearman_absolute, one.ssim)))
        for one in checked.stages
    ]


def _estimate_text(one: Estimate) -> str:
    if not one.n:
        return "undefined"
    return f"{number_text(one.mean)} ({interval_text(one.low, one.high)})"
