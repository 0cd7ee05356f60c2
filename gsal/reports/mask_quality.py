"""How good ink masks are, as a report says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["CurveRow", "MaskEvaluation", "MaskFigure", "MaskRow"]


@dataclass(frozen=True, slots=True)
class MaskFigure:
    """A figure with its 95 % interval; NaN where undefined, or where there is no interval.

    Attributes:
        n: Pictures that it rests on.
    """

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class MaskRow:
    """Whose masks, or which pictures, and their figures.

    Attributes:
        name: E.g. "bisenet", "lab", "MEL".
        n: Pictures.
        figures: By metric: "dice", "nsd", "sensitivity", "specificity", "auc"; absent where not measured.
        lead: How far the network is ahead of this, by metric; empty for itself and for parts.
    """

    name: str
    n: int
    figures: Mapping[str, MaskFigure]
    lead: Mapping[str, MaskFigure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CurveRow:
    """Both shares when the network's masks are cut at another probability."""

    threshold: float
    sensitivity: MaskFigure
    specificity: MaskFigure


@dataclass(frozen=True, slots=True)
class MaskEvaluation:
    """A network's masks, measured on pictures of patients it never learned from.

    Attributes:
        model: The network.
        reference: What was true, in words.
        n, n_patients: Pictures and patients.
        threshold: Probability that the masks are cut at; NaN where they differ.
        rows: The network first, then rules, their majority, and pairs of readers with each other.
        groups: Parts of the pictures, by what they are formed by.
        human_level: Share of pictures at human level, by words for the pictures; empty without two readers.
        curve: May be empty.
        verdicts: What the differences say, in sentences.
        notes: What was left out, in sentences.
    """

    model: str
    reference: str
    n: int
    n_patients: int
    threshold: float
    rows: tuple[MaskRow, ...]
    groups: Mapping[str, tuple[MaskRow, ...]]
    human_level: Mapping[str, MaskFigure]
    curve: tuple[CurveRow, ...]
    verdicts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
