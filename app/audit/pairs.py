"""The pairs of models that the last audit compared, as the figures of pairs show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from app.audit.choosers import Choice
from app.theme import SERIES
from app.widgets.forest_plot import Mark, shortened
from app.widgets.plot import series_colour
from gsal.audit import AuditResult
from gsal.audit.estimate import Estimate
from gsal.audit.model_pairs import PairedAnswers, PairedSaliency
from gsal.audit.names import interval_text, number_text, p_text, significant_text
from gsal.audit.signed_rank import SignedRank

__all__ = ["MOST_PAIRS", "ShownPair", "estimate_mark", "pairs_of", "shift_mark"]

MOST_PAIRS = 6
"""That are drawn at a time; the tables have all."""


@dataclass(frozen=True, slots=True)
class ShownPair:
    """Two models on the pictures that both have, first minus second.

    Attributes:
        colour: Of its marks.
        answers: How their answers differ.
        saliency: How their saliency of the chosen method and aggregator does; None where not computed.
    """

    first: str
    second: str
    colour: str
    answers: PairedAnswers
    saliency: PairedSaliency | None

    @property
    def name(self) -> str:
        """Both, as a difference."""
        return f"{self.first} − {self.second}"

    @property
    def short(self) -> str:
        """The same of long names."""
        return f"{shortened(self.first)} − {shortened(self.second)}"


def pairs_of(audit: AuditResult | None, choice: Choice, models: Sequence[str]) -> tuple[ShownPair, ...]:
    """Return the pairs that the chosen model is in, or all.

    Args:
        audit: The last one; None for none.
        choice: What the figures are of.
        models: All there are, for the colours.
    """
    if audit is None:
        return ()
    of_choice = str(choice.method), str(choice.scale.aggregator)
    known = {(p.first, p.second): p for p in audit.saliency_pairs if (p.method, p.aggregator) == of_choice}
    answers = [p for p in audit.answer_pairs if choice.model in {None, p.first, p.second}]
    colours = _colours([(p.first, p.second) for p in answers], models)
    return tuple(
        ShownPair(*pair, colours[pair], one, known.get(pair))
        for one in answers
        for pair in [(one.first, one.second)]
    )


def _colours(pairs: Sequence[tuple[str, str]], models: Sequence[str]) -> Mapping[tuple[str, str], str]:
    """Give each pair the colour of the model that no other pair has; in turn where there is none."""
    for side in (0, 1):
        names = [pair[side] for pair in pairs]
        if len(set(names)) == len(names):
            return {pair: series_colour(models, pair[side]) for pair in pairs}
    return {pair: SERIES[number % len(SERIES)] for number, pair in enumerate(pairs)}


def estimate_mark(what: str, found: Estimate, *, points: bool, also: str = "") -> Mark:
    """Return a difference as a mark.

    Args:
        what: Of whom and in what.
        found: The difference.
        points: Whether it is shown in hundredths.
        also: What else is said of it.
    """
    factor = 100.0 if points else 1.0
    value, low, high = (factor * number for number in (found.estimate, found.low, found.high))
    return _mark(
        f"{what}: {_difference(value, low, high, points=points)}{_tested(found.p_value)}",
        (value, low, high),
        found.n,
        (_counted(found.n, found.n_patients), found.method, _why(found.reason), also),
    )


def shift_mark(what: str, found: SignedRank, *, points: bool) -> Mark:
    """Return Hodges and Lehmann's shift of Wilcoxon's test as a mark; arguments as `estimate_mark`."""
    factor = 100.0 if points else 1.0
    value, low, high = (factor * number for number in (found.shift, found.low, found.high))
    return _mark(
        f"{what}: {_difference(value, low, high, points=points)}{_tested(found.p_patients)}",
        (value, low, high),
        found.n,
        (
            _counted(found.n, found.n_patients),
            found.method,
            f"W = {number_text(found.statistic, 0)}, pictures taken as independent {p_text(found.p_value)}",
            _why(found.reason),
        ),
    )


def _mark(said: str, values: tuple[float, float, float], n: int, lines: Sequence[str]) -> Mark:
    return Mark(*values, n, lines[1], "\n".join([said, *filter(None, lines)]))


def _difference(value: float, low: float, high: float, *, points: bool) -> str:
    if points:
        interval = f" ({interval_text(low, high, 1)})" if isfinite(low) else ""
        return f"{number_text(value, 1)} points{interval}"
    interval = f" ({significant_text(low)} to {significant_text(high)})" if isfinite(low) else ""
    return f"{significant_text(value)}{interval}"


def _tested(p_value: float) -> str:
    return f", {p_text(p_value)}" if isfinite(p_value) else ""


def _counted(n: int, patients: int) -> str:
    return f"{n:,} pictures of {patients:,} patients"


def _why(reason: str) -> str:
    return f"Undefined: {reason}" if reason else ""
