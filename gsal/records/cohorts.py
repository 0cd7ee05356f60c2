"""Training sets with a controlled co-occurrence of ink and label."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

__all__ = ["CohortKind", "CohortRecord"]


class CohortKind(StrEnum):
    """How the members of a cohort are chosen (SPEC 5)."""

    BASELINE = "baseline"
    INK_ONLY = "ink-only"
    UNBIASED = "unbiased"
    ABLATED = "ablated"
    RATES = "rates"


@dataclass(frozen=True, slots=True)
class CohortRecord:
    """A saved, reproducible choice of training pictures.

    Attributes:
        settings: What it was made with (rates, ratio, seed ...), JSON-ready.
        achieved: What came out (counts, Cramer's V, notes ...), JSON-ready.
        n: Members in all.
        n_by_class: Members per class, in the project's order of classes.
        ink_rate_by_class: P(ink | class); None for a class without members.
    """

    id: int
    name: str
    kind: CohortKind
    seed: int
    mask_set: str
    settings: dict[str, Any]
    achieved: dict[str, Any]
    n: int
    n_by_class: dict[str, int]
    ink_rate_by_class: dict[str, float | None]
